"""When a visit can start.

The law of this file: what ``free_starts`` offers, ``explain_start`` accepts, and nothing else.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Literal, NamedTuple

from services.booking.domain.grids import Grid
from services.booking.domain.intervals import (
    Interval,
    Timeline,
    covers,
    gaps,
    last_ending_by,
    merge,
    next_start,
    overlaps,
)
from services.booking.domain.schedules import Shift

StartRefusal = Literal[
    "slot_in_the_past",
    "slot_outside_hours",
    "slot_too_soon",
    "slot_taken",
    "slot_off_grid",
    "no_resource_free",
]


DayReason = Literal[
    "day_off", "too_far", "no_resource_free", "fully_booked", "too_soon", "does_not_fit"
]


class Terms(NamedTuple):
    """What a visit needs and when it may be had.

    ``duration`` seconds of working time; ``buffer`` more seconds behind it that nobody else has
    taken, at work or not; one free instance of each of ``resources`` (the timelines of what is
    taken of its instances) for all of that. It starts on the grid of its shift's day, not before
    ``now`` and that grid's lead, and not after ``latest``.
    """

    duration: int
    grid_on: Callable[[date], Grid]
    now: int
    latest: int | None = None
    buffer: int = 0
    resources: tuple[tuple[Timeline, ...], ...] = ()

    def takes(self, start: int) -> Interval:
        """All the time that a visit takes which starts at ``start``."""
        return Interval(start, start + self.duration + self.buffer)

    def finds_resources(self, start: int) -> bool:
        """Whether an instance of each resource is free."""
        taken = self.takes(start)
        return all(
            any(not overlaps(busy, taken) for busy in instances) for instances in self.resources
        )


def free_starts(shifts: Iterable[Shift], busy: Timeline, terms: Terms) -> list[int]:
    """The instants at which a visit can start, in the order of the shifts.

    Each lies on the grid; from there the visit is within working time, and it and its buffer touch
    nothing ``busy``. A duration that is not positive is a ValueError.
    """
    return list(chain.from_iterable(_starts(shifts, busy, terms)))


def has_free_start(shifts: Iterable[Shift], busy: Timeline, terms: Terms) -> bool:
    """Whether ``free_starts`` would find any. Stops at the first."""
    return any(True for starts in _starts(shifts, busy, terms) for _ in starts)


def explain_start(
    start: int, shifts: Iterable[Shift], busy: Timeline, terms: Terms
) -> StartRefusal | None:
    """Why a visit cannot start at ``start``: the first reason that holds, or None if it can.

    ``shifts`` must hold those near ``start`` (``shifts_near``); more do no harm. Time after
    ``latest`` is outside of working hours, as far as booking goes.
    """
    _check(terms)
    if start < terms.now:
        return "slot_in_the_past"
    shift = next((shift for shift in shifts if shift.start <= start < shift.end), None)
    if (
        shift is None
        or not covers(shift.works, Interval(start, start + terms.duration))
        or (terms.latest is not None and start > terms.latest)
    ):
        return "slot_outside_hours"
    grid = terms.grid_on(shift.day)
    if start < terms.now + grid.lead:
        return "slot_too_soon"
    if overlaps(busy, terms.takes(start)):
        return "slot_taken"
    if not _is_on_grid(start, shift, busy, grid):
        return "slot_off_grid"
    return None if terms.finds_resources(start) else "no_resource_free"


def explain_day(shifts: Sequence[Shift], busy: Timeline, terms: Terms) -> DayReason | None:
    """Why a day's ``shifts`` have no free start, or None if they have one.

    Each reason is what would have to be otherwise for there to be a start: the first that would
    do alone, or ``does_not_fit`` when none would.
    """
    nothing, alone = merge([]), terms._replace(resources=())
    if not shifts:
        return "day_off"
    if has_free_start(shifts, busy, terms):
        return None
    if has_free_start(shifts, busy, terms._replace(latest=None)):
        return "too_far"
    if has_free_start(shifts, busy, alone):
        return "no_resource_free"
    if has_free_start(shifts, nothing, alone):
        return "fully_booked"
    return "too_soon" if has_free_start(shifts, nothing, alone._replace(now=0)) else "does_not_fit"


class Candidate(NamedTuple):
    """Somebody who is free at the wished time."""

    staff_id: int
    appointments_that_day: int
    weight: int


def choose_staff(candidates: Iterable[Candidate]) -> int | None:
    """Whose visit it becomes when the client has no preference; None if nobody is free.

    The one with the fewest appointments that day, then with the greater weight, then with the
    lower id: the same candidates give the same answer in whatever order they come.
    """
    chosen = min(
        candidates,
        key=lambda one: (one.appointments_that_day, -one.weight, one.staff_id),
        default=None,
    )
    return None if chosen is None else chosen.staff_id


def _starts(shifts: Iterable[Shift], busy: Timeline, terms: Terms) -> Iterator[Iterable[int]]:
    """The free starts, for each gap in which there is any."""
    _check(terms)
    for shift in shifts:
        grid = terms.grid_on(shift.day)
        earliest = max(terms.now + grid.lead, grid.first or shift.start, shift.start)
        bounds = (shift.end - 1, terms.latest, grid.last)
        last = min(bound for bound in bounds if bound is not None)
        if last < earliest:
            continue
        for gap in gaps(shift.works, busy):
            first, until = max(gap.start, earliest), min(last, gap.end - terms.duration)
            if terms.buffer and (taken_from := next_start(busy, gap.start)) is not None:
                until = min(until, taken_from - terms.duration - terms.buffer)
            if first > until:
                continue
            starts = _points(first, until, shift, _ended(busy, gap.start), grid)
            if terms.resources:
                starts = [start for start in starts if terms.finds_resources(start)]
            if starts:
                yield starts


def _points(first: int, until: int, shift: Shift, ended: int | None, grid: Grid) -> Sequence[int]:
    """The points of the grid from ``first`` to ``until``; ``ended``: when the visit before does."""
    if grid.starts is not None:
        return grid.starts[bisect_left(grid.starts, first) : bisect_right(grid.starts, until)]
    on_grid = first + (_anchor(shift, ended, grid) - first) % grid.step
    return range(on_grid, until + 1, grid.step)


def _is_on_grid(start: int, shift: Shift, busy: Timeline, grid: Grid) -> bool:
    if grid.first is not None and start < grid.first:
        return False
    if grid.last is not None and start > grid.last:
        return False
    if grid.starts is not None:
        return start in grid.starts
    work = next(one for one in shift.works if one.start <= start < one.end)
    ended = last_ending_by(busy, start)
    if ended is not None and ended < work.start:
        ended = None
    return (start - _anchor(shift, ended, grid)) % grid.step == 0


def _anchor(shift: Shift, ended: int | None, grid: Grid) -> int:
    if grid.is_flexible and ended is not None:
        return ended
    return shift.start if grid.anchor is None else grid.anchor


def _ended(busy: Timeline, gap_start: int) -> int | None:
    """The start of a gap, if it is there that a visit ends."""
    return gap_start if last_ending_by(busy, gap_start) == gap_start else None


def _check(terms: Terms) -> None:
    if terms.duration <= 0 or terms.buffer < 0:
        raise ValueError(f"not a length of time: {terms.duration}, {terms.buffer}")
