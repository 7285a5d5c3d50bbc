"""When a visit can start.

The law of this file: what ``free_starts`` offers, ``explain_start`` accepts, and nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from services.booking.domain.intervals import Interval, Timeline, covers, gaps, overlaps
from services.booking.domain.schedules import Shift

StartRefusal = Literal[
    "slot_in_the_past", "slot_too_soon", "slot_outside_hours", "slot_off_grid", "slot_taken"
]


def free_starts(
    shifts: Iterable[Shift],
    busy: Timeline,
    *,
    duration: int,
    step: int,
    earliest: int,
    latest: int | None = None,
) -> list[int]:
    """The instants at which a visit of ``duration`` seconds can start, in the order of the shifts.

    Each lies on the grid of its shift, ``step`` seconds wide and counted from the shift's start;
    from there the visit is within working time and touches nothing ``busy``. None is before
    ``earliest`` or after ``latest``. A step or duration that is not positive is a ValueError.
    """
    found = _starts(shifts, busy, duration, step, earliest, latest)
    return list(chain.from_iterable(found))


def has_free_start(
    shifts: Iterable[Shift],
    busy: Timeline,
    *,
    duration: int,
    step: int,
    earliest: int,
    latest: int | None = None,
) -> bool:
    """Whether ``free_starts`` would find any. Stops at the first."""
    return any(_starts(shifts, busy, duration, step, earliest, latest))


def explain_start(
    start: int,
    shifts: Iterable[Shift],
    busy: Timeline,
    *,
    now: int,
    duration: int,
    step: int,
    earliest: int,
    latest: int | None = None,
) -> StartRefusal | None:
    """Why a visit cannot start at ``start``: the first reason that holds, or None if it can.

    ``shifts`` must hold those near ``start`` (``shifts_near``); more do no harm. Time after
    ``latest`` is outside of working hours, as far as booking goes.
    """
    _check(duration, step)
    visit = Interval(start, start + duration)
    if start < earliest:
        return "slot_in_the_past" if start < now else "slot_too_soon"
    shift = next((shift for shift in shifts if shift.start <= start < shift.end), None)
    if shift is None or not covers(shift.works, visit) or (latest is not None and start > latest):
        return "slot_outside_hours"
    if (start - shift.start) % step:
        return "slot_off_grid"
    return "slot_taken" if overlaps(busy, visit) else None


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


def _starts(
    shifts: Iterable[Shift],
    busy: Timeline,
    duration: int,
    step: int,
    earliest: int,
    latest: int | None,
) -> Iterator[Sequence[int]]:
    """The free starts, as one arithmetic progression for each gap in which there is any."""
    _check(duration, step)
    for shift in shifts:
        end = shift.end if latest is None else min(shift.end, latest + 1)
        if end <= earliest:
            continue
        for gap in gaps(shift.works, busy):
            soonest = max(gap.start, earliest)
            on_grid = soonest + (shift.start - soonest) % step
            starts = range(on_grid, min(end, gap.end - duration + 1), step)
            if starts:
                yield starts


def _check(duration: int, step: int) -> None:
    if duration <= 0 or step <= 0:
        raise ValueError(f"not a positive number of seconds: {duration=}, {step=}")
