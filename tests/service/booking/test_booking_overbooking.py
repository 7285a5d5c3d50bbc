"""What saves us from overbooking, shown by taking it away.

Without lock and constraint the race of ``test_booking_races`` does overbook, so
that race is a real attack; with either of the two alone it never does.
"""

import pytest

from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon
from tests.service.conftest import at_once, tally

CLIENTS, ROUNDS = 20, 10

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


def race(salon: Salon, day: int) -> set[str]:
    """Many clients want the same hour of that day; the kinds of answers they got."""
    wish = a_wish(starts_at=f"2030-06-{day:02}T10:00:00")
    tasks = [lambda one=one: salon.book(wish, client=a_client(one)) for one in range(CLIENTS)]
    return set(tally(at_once(tasks)))


@pytest.mark.usefixtures("without_lock", "without_constraint")
def test_without_lock_and_constraint_the_race_overbooks(salon: Salon) -> None:
    for day in range(4, 4 + ROUNDS):
        race(salon, day)
        if salon.overlapping():
            return
    pytest.fail(f"{ROUNDS} races did not overbook once: they attack nothing")


@pytest.mark.usefixtures("without_lock")
def test_the_constraint_alone_never_lets_two_clients_have_one_time(salon: Salon) -> None:
    for day in range(4, 7):
        assert race(salon, day) <= {"done", "slot_taken", "busy"}
        assert len(salon.events()) == day - 3
    assert salon.overlapping() == 0


@pytest.mark.usefixtures("without_constraint")
def test_the_lock_alone_never_lets_two_clients_have_one_time(salon: Salon) -> None:
    for day in range(4, 7):
        assert race(salon, day) == {"done", "slot_taken"}
    assert salon.overlapping() == 0
