"""Telling whether two ways of being answered can be told apart by the time they take."""

import random
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import NamedTuple

PERMUTATIONS = 2000
SURELY = 0.001
NOTICEABLY = 0.1


class Likeness(NamedTuple):
    """``chance``: how often equals would differ as much; ``ratio``: by how much they differ."""

    chance: float
    ratio: float

    @property
    def can_be_told_apart(self) -> bool:
        """A difference that is neither chance nor too small to be of use to anybody."""
        return self.chance < SURELY and self.ratio > NOTICEABLY


def likeness(first: Sequence[float], second: Sequence[float]) -> Likeness:
    """A permutation test on the difference of the medians."""
    dice = random.Random(4)
    seen = abs(median(first) - median(second))
    pool, size = [*first, *second], len(first)
    as_large = 0
    for _ in range(PERMUTATIONS):
        dice.shuffle(pool)
        as_large += abs(median(pool[:size]) - median(pool[size:])) >= seen
    chance = (as_large + 1) / (PERMUTATIONS + 1)
    return Likeness(chance, seen / min(median(first), median(second)))


def times_of(rounds: int, *works: Callable[[int], object]) -> list[list[float]]:
    """How long each takes, in seconds: taken in turns, in a new order each time."""
    dice = random.Random(2)
    taken: list[list[float]] = [[] for _ in works]
    for number in range(rounds):
        for which in dice.sample(range(len(works)), len(works)):
            start = perf_counter()
            works[which](number)
            taken[which].append(perf_counter() - start)
    return taken
