"""Slots: where a visit may start, and that booking accepts just what was offered."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.grids import Grid
from services.booking.domain.intervals import Interval, Timeline, merge, subtract
from services.booking.domain.schedules import Shift
from services.booking.domain.slots import (
    Candidate,
    Terms,
    choose_staff,
    explain_day,
    explain_start,
    free_starts,
    has_free_start,
)

NOTHING = merge([])
DAY = date(2030, 6, 3)


def at(clock: str) -> int:
    return int(datetime.fromisoformat(f"2030-06-03T{clock}:00+00:00").timestamp())


def between(*clocks: str) -> Timeline:
    """A timeline from spans like "09:00-12:00"."""
    return merge(Interval(at(span[:5]), at(span[6:])) for span in clocks)


def a_shift(span: str, *breaks: str) -> Shift:
    whole = between(span)
    return Shift(DAY, whole[0].start, whole[0].end, subtract(whole, between(*breaks)))


def terms(duration: int, grid: Grid, **rest: Any) -> Terms:
    return Terms(duration, lambda _day: grid, **rest)


def offered(
    *shifts: Shift,
    busy: Timeline = NOTHING,
    duration: int = 60,
    step: int = 30,
    now: str = "00:00",
    latest: str | None = None,
    buffer: int = 0,
    resources: tuple[tuple[Timeline, ...], ...] = (),
    **grid: Any,
) -> list[str]:
    """What is offered, by the clock; duration, step and buffer in minutes."""
    asked = terms(
        duration * 60,
        Grid(step * 60, **grid),
        now=at(now),
        latest=at(latest) if latest else None,
        buffer=buffer * 60,
        resources=resources,
    )
    starts = free_starts(shifts, busy, asked)
    assert all(explain_start(start, shifts, busy, asked) is None for start in starts)
    return [f"{datetime.fromtimestamp(start, UTC):%H:%M}" for start in starts]


def answer(start: str, *shifts: Shift, busy: Timeline = NOTHING) -> str | None:
    """How booking an hour on a grid of 30 minutes is answered at 08:00, with 2 hours of lead."""
    asked = terms(3600, Grid(1800, lead=7200), now=at("08:00"), latest=at("17:00"))
    return explain_start(at(start), shifts, busy, asked)


def test_a_visit_must_end_when_the_shift_does() -> None:
    assert offered(a_shift("09:00-11:00")) == ["09:00", "09:30", "10:00"]


def test_a_visit_may_start_the_moment_another_ends() -> None:
    busy = between("09:00-10:00", "11:00-12:00")
    assert offered(a_shift("09:00-13:00"), busy=busy, step=60) == ["10:00", "12:00"]


def test_the_grid_does_not_move_when_a_visit_ends_off_it() -> None:
    busy = between("09:00-10:20")
    assert offered(a_shift("09:00-12:00"), busy=busy) == ["10:30", "11:00"]


def test_the_grid_does_not_move_when_a_break_ends_off_it() -> None:
    assert offered(a_shift("09:00-12:00", "09:45-10:10")) == ["10:30", "11:00"]


def test_each_shift_has_a_grid_of_its_own() -> None:
    shifts = a_shift("09:00-10:30"), a_shift("14:10-15:40")
    assert offered(*shifts) == ["09:00", "09:30", "14:10", "14:40"]


def test_no_visit_is_laid_across_a_break() -> None:
    assert offered(a_shift("09:00-12:00", "10:30-11:00")) == ["09:00", "09:30", "11:00"]


def test_a_shift_that_begins_with_a_break_counts_its_grid_from_the_break() -> None:
    assert offered(a_shift("09:00-12:00", "09:00-09:40")) == ["10:00", "10:30", "11:00"]


def test_overlapping_visits_and_visits_outside_the_shift_do_no_harm() -> None:
    busy = between("08:00-09:30", "09:00-09:45", "11:45-13:00")
    assert offered(a_shift("09:00-12:00"), busy=busy) == ["10:00", "10:30"]


def test_nothing_is_offered_before_the_earliest_or_after_the_latest_start() -> None:
    shift = a_shift("09:00-13:00")
    assert offered(shift, now="10:01", latest="11:30") == ["10:30", "11:00", "11:30"]
    assert offered(shift, now="10:30", latest="10:30") == ["10:30"]
    assert offered(shift, now="10:31", latest="10:59") == []
    assert offered(shift, now="08:31", lead=7200, latest="11:30") == ["11:00", "11:30"]


def test_a_visit_as_long_as_the_shift_fits_once() -> None:
    assert offered(a_shift("09:00-13:00"), duration=240, step=5) == ["09:00"]
    assert offered(a_shift("09:00-13:00"), duration=241, step=5) == []


def test_a_visit_may_run_on_past_the_end_of_its_shift_where_work_does() -> None:
    shift = Shift(DAY, at("20:00"), at("22:00"), between("20:00-22:30"))
    assert offered(shift) == ["20:00", "20:30", "21:00", "21:30"]


def test_a_grid_may_be_counted_from_a_time_of_the_clock() -> None:
    shift = a_shift("09:10-12:00")
    assert offered(shift, anchor=at("00:00")) == ["09:30", "10:00", "10:30", "11:00"]
    assert offered(shift, anchor=at("09:15")) == ["09:15", "09:45", "10:15", "10:45"]


def test_a_day_may_have_a_first_and_a_last_start() -> None:
    shift = a_shift("09:00-19:00")
    assert offered(shift, first=at("10:10"), last=at("11:30")) == ["10:30", "11:00", "11:30"]
    assert offered(shift, first=at("11:00"), last=at("10:59")) == []


def test_a_day_may_have_just_these_starts() -> None:
    shift, starts = a_shift("09:00-12:00"), (at("08:00"), at("09:20"), at("10:50"), at("11:10"))
    assert offered(shift, starts=starts) == ["09:20", "10:50"]
    assert offered(shift, starts=starts, busy=between("10:00-10:30")) == ["10:50"]
    assert offered(shift, starts=()) == []


def test_a_flexible_grid_is_counted_anew_behind_a_visit_and_not_behind_a_break() -> None:
    shift, busy = a_shift("09:00-14:00", "12:00-12:40"), between("09:30-10:20")
    assert offered(shift, busy=busy, duration=30, is_flexible=True) == [
        *("09:00", "10:20", "10:50", "11:20"),
        *("13:00", "13:30"),
    ]


def test_a_buffer_is_kept_free_behind_a_visit_even_where_nobody_works() -> None:
    shift = a_shift("09:00-12:00")
    assert offered(shift, buffer=30) == offered(shift)
    assert offered(shift, buffer=30, busy=between("11:30-12:00")) == ["09:00", "09:30", "10:00"]
    assert offered(shift, buffer=30, busy=between("12:00-13:00")) == [
        *("09:00", "09:30", "10:00", "10:30")
    ]


def test_one_instance_of_each_resource_must_be_free_all_the_time() -> None:
    shift = a_shift("09:00-12:00")
    rooms = between("09:00-10:00"), between("10:30-11:00")
    assert offered(shift, resources=(rooms,)) == ["09:00", "09:30", "10:00", "10:30", "11:00"]
    laser = (between("09:30-10:00"),)
    assert offered(shift, resources=(rooms, laser)) == ["10:00", "10:30", "11:00"]
    assert offered(shift, resources=(rooms, laser), buffer=30) == ["10:00", "10:30", "11:00"]
    # The first room is taken until ten, the second from half past: nobody can change rooms.
    assert offered(shift, resources=(rooms,), duration=90) == ["09:00", "10:00", "10:30"]
    assert offered(shift, resources=((),)) == []


@pytest.mark.parametrize(
    ("start", "refusal"),
    [
        ("07:45", "slot_in_the_past"),
        ("09:59", "slot_too_soon"),
        ("10:00", None),
        ("10:40", "slot_outside_hours"),
        ("11:10", "slot_outside_hours"),
        ("11:30", None),
        ("12:10", "slot_off_grid"),
        ("13:00", "slot_taken"),
        ("14:10", "slot_taken"),
        ("14:30", "slot_taken"),
        ("17:00", None),
        ("17:30", "slot_outside_hours"),
        ("18:30", "slot_outside_hours"),
        ("20:00", "slot_outside_hours"),
    ],
)
def test_the_first_reason_that_holds_is_given(start: str, refusal: str | None) -> None:
    shift = a_shift("09:00-19:00", "11:00-11:20")
    assert answer(start, shift, busy=between("13:30-15:00")) == refusal


@pytest.mark.parametrize(("duration", "buffer"), [(0, 0), (-60, 0), (3600, -1)])
def test_a_length_that_is_not_positive_is_refused(duration: int, buffer: int) -> None:
    shifts = [a_shift("09:00-12:00")]
    asked = terms(duration, Grid(900), now=0, buffer=buffer)
    with pytest.raises(ValueError, match="not a length of time"):
        free_starts(shifts, NOTHING, asked)
    with pytest.raises(ValueError, match="not a length of time"):
        has_free_start(shifts, NOTHING, asked)
    with pytest.raises(ValueError, match="not a length of time"):
        explain_start(at("09:00"), shifts, NOTHING, asked)


# The laws, on a day of 150 "seconds" so that every start can be tried.

LAST = 150
numbers = st.integers(0, LAST)
timelines = st.lists(
    st.builds(lambda start, length: Interval(start, start + length), numbers, st.integers(1, 25)),
    max_size=6,
).map(merge)


@st.composite
def days(draw: st.DrawFn) -> list[Shift]:
    """Shifts in order, some of which run on into time that belongs to a later one."""
    edges = sorted(draw(st.sets(numbers, max_size=6)))
    breaks = draw(timelines)
    runs_on = draw(st.sampled_from([0, 0, 10]))
    return [
        Shift(DAY, start, end, subtract(merge([Interval(start, end + runs_on)]), breaks))
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]


grids = st.builds(
    Grid,
    step=st.integers(1, 15),
    lead=st.integers(0, 40),
    anchor=st.none() | numbers,
    first=st.none() | numbers,
    last=st.none() | numbers,
    starts=st.none() | st.sets(numbers).map(lambda found: tuple(sorted(found))),
    is_flexible=st.booleans(),
)
asked_for = st.builds(
    terms,
    st.integers(1, 30),
    grids,
    now=st.just(0) | numbers,
    latest=st.none() | numbers,
    buffer=st.sampled_from([0, 0, 1, 7]),
    resources=st.lists(st.lists(timelines, max_size=3).map(tuple), max_size=2).map(tuple),
)


@given(days(), timelines, asked_for)
def test_what_is_offered_is_accepted_and_nothing_else_is(
    shifts: list[Shift], busy: Timeline, asked: Terms
) -> None:
    accepted = [
        start for start in range(-1, LAST + 30) if explain_start(start, shifts, busy, asked) is None
    ]
    assert free_starts(shifts, busy, asked) == accepted


@given(days(), timelines, asked_for)
def test_a_day_has_a_free_start_when_one_would_be_offered(
    shifts: list[Shift], busy: Timeline, asked: Terms
) -> None:
    assert has_free_start(shifts, busy, asked) == bool(free_starts(shifts, busy, asked))


@given(days(), timelines, asked_for)
def test_what_is_booked_as_offered_never_overlaps(
    shifts: list[Shift], busy: Timeline, asked: Terms
) -> None:
    while starts := free_starts(shifts, busy, asked):
        taken = asked.takes(starts[-1])
        assert subtract(merge([taken]), busy) == (taken,)
        busy = merge([*busy, taken])


@given(days(), timelines, asked_for, timelines)
def test_on_a_grid_that_stands_still_more_visits_never_free_a_start(
    shifts: list[Shift], busy: Timeline, asked: Terms, more: Timeline
) -> None:
    still = asked._replace(grid_on=lambda day: asked.grid_on(day)._replace(is_flexible=False))
    fewer = free_starts(shifts, merge([*busy, *more]), still)
    assert set(fewer) <= set(free_starts(shifts, busy, still))


@given(days(), timelines, asked_for)
def test_a_day_is_explained_just_when_it_is_empty(
    shifts: list[Shift], busy: Timeline, asked: Terms
) -> None:
    assert (explain_day(shifts, busy, asked) is None) == has_free_start(shifts, busy, asked)


def test_the_one_with_the_fewest_visits_that_day_is_chosen() -> None:
    assert choose_staff([Candidate(1, 3, 9), Candidate(2, 0, 0), Candidate(3, 1, 9)]) == 2


def test_among_equally_busy_people_weight_decides_and_then_the_lower_id() -> None:
    assert choose_staff([Candidate(4, 1, 5), Candidate(2, 1, 7), Candidate(3, 1, 7)]) == 2


def test_nobody_is_chosen_when_nobody_is_free() -> None:
    assert choose_staff([]) is None


@given(st.permutations([Candidate(i, i % 3, i % 2) for i in range(1, 9)]))
def test_the_choice_does_not_depend_on_the_order(candidates: list[Candidate]) -> None:
    assert choose_staff(candidates) == 3
