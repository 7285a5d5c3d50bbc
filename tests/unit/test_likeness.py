"""The test that tells answers apart by their times tells equals apart hardly ever."""

import random

import pytest

from tests.likeness import likeness


def times(dice: random.Random, middle: float) -> list[float]:
    """As answers take: mostly alike, now and then much longer."""
    return [middle * dice.lognormvariate(0, 0.3) + (dice.random() < 0.05) for _ in range(60)]


@pytest.mark.parametrize("seed", range(20))
def test_equals_are_not_told_apart(seed: int) -> None:
    dice = random.Random(seed)
    assert not likeness(times(dice, 0.01), times(dice, 0.01)).can_be_told_apart


@pytest.mark.parametrize("seed", range(5))
def test_what_takes_half_as_long_again_is(seed: int) -> None:
    dice = random.Random(seed)
    assert likeness(times(dice, 0.01), times(dice, 0.015)).can_be_told_apart


def test_a_difference_that_nobody_could_use_does_not_count() -> None:
    dice = random.Random(1)
    exact = [1 + dice.random() / 1000 for _ in range(60)]
    assert not likeness(exact, [one * 1.01 for one in exact]).can_be_told_apart
