"""Half-open intervals, and the little set arithmetic that availability is made of.

The bounds are whole numbers: seconds since the epoch (UTC) for instants, or minutes from local
midnight in a schedule. Integers, because a month of fifty people is a hundred thousand of them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple, NewType, Self


class _Bounds(NamedTuple):
    start: int
    end: int


class Interval(_Bounds):
    """From ``start`` up to, but not including, ``end``; ValueError if that is nothing."""

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Self:
        if start >= end:
            raise ValueError(f"an interval must end after it starts: {start}, {end}")
        return tuple.__new__(cls, (start, end))


# Intervals in order, of which no two overlap or touch. Only ``merge`` and ``subtract`` make one,
# so a list that nobody has sorted cannot be passed where the order is relied on.
Timeline = NewType("Timeline", tuple[Interval, ...])

_end = attrgetter("end")


def merge(intervals: Iterable[Interval]) -> Timeline:
    """Every moment that some of ``intervals`` covers; those that overlap or touch become one."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if not merged or merged[-1].end < interval.start:
            merged.append(interval)
        elif merged[-1].end < interval.end:
            merged[-1] = Interval(merged[-1].start, interval.end)
    return Timeline(tuple(merged))


def subtract(whole: Timeline, taken: Timeline) -> Timeline:
    """Every moment of ``whole`` that nothing in ``taken`` covers."""
    return Timeline(tuple(gaps(whole, taken)))


def gaps(whole: Timeline, taken: Timeline) -> Iterator[Interval]:
    """The intervals of ``subtract``, one by one: for those who may not need them all."""
    for start, end in whole:
        free_from = start
        for at in range(_first_ending_after(taken, start), len(taken)):
            taken_from, taken_until = taken[at]
            if taken_from >= end:
                break
            if free_from < taken_from:
                yield Interval(free_from, taken_from)
            free_from = taken_until
        if free_from < end:
            yield Interval(free_from, end)


def covers(timeline: Timeline, interval: Interval) -> bool:
    """Whether every moment of ``interval`` is in ``timeline``."""
    at = _first_ending_after(timeline, interval.start)
    return (
        at < len(timeline)
        and timeline[at].start <= interval.start
        and interval.end <= timeline[at].end
    )


def overlaps(timeline: Timeline, interval: Interval) -> bool:
    """Whether some moment of ``interval`` is in ``timeline``; to touch is not to overlap."""
    at = _first_ending_after(timeline, interval.start)
    return at < len(timeline) and timeline[at].start < interval.end


def next_start(timeline: Timeline, moment: int) -> int | None:
    """When the first interval that ends after ``moment`` starts; None if there is none."""
    at = _first_ending_after(timeline, moment)
    return timeline[at].start if at < len(timeline) else None


def last_ending_by(timeline: Timeline, moment: int) -> int | None:
    """When the last interval that has ended by ``moment`` ended; None if none has."""
    at = _first_ending_after(timeline, moment)
    return timeline[at - 1].end if at else None


def _first_ending_after(timeline: Timeline, moment: int) -> int:
    return bisect_right(timeline, moment, key=_end)
