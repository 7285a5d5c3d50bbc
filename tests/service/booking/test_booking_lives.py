"""Any life of a salon: after every step its rows, its offers and its events are as a diary says.

A way to change the diary that is new is a file of rules beside the others in ``lives/``.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.service.booking.lives.classes import Classes
from tests.service.booking.lives.holds import Holds
from tests.service.booking.lives.waiting import Waiting
from tests.service.conftest import NewDatabase


class Lives(Holds, Waiting, Classes):
    """Everything that can happen to a diary."""


@pytest.fixture
def lives(new_database: NewDatabase) -> type[Lives]:
    class HereLives(Lives):
        database = new_database("booking")

    return HereLives


def live(lives: type[Lives], *, runs: int, steps: int, is_shrunk: bool = False) -> None:
    """To find the shortest life that fails takes minutes, for which only ``make soak`` has time."""
    phases = [Phase.reuse, Phase.generate, *[Phase.shrink] * is_shrunk]
    run_state_machine_as_test(
        lives,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("backend", ["sqlite"])
def test_whatever_happens_the_diary_is_right(lives: type[Lives]) -> None:
    live(lives, runs=20, steps=20)


@pytest.mark.soak
def test_in_many_long_lives_the_diary_is_right(lives: type[Lives]) -> None:
    live(lives, runs=300, steps=60, is_shrunk=True)
