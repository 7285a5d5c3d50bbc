"""Slots: where a visit may start, and that booking accepts just what was offered."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.intervals import Interval, Timeline, merge, subtract
from services.booking.domain.schedules import Shift
from services.booking.domain.slots import (
    Candidate,
    choose_staff,
    explain_start,
    free_starts,
    has_free_start,
)

NOTHING = merge([])


def at(clock: str) -> int:
    return int(datetime.fromisoformat(f"2030-06-03T{clock}:00+00:00").timestamp())


def between(*clocks: str) -> Timeline:
    """A timeline from spans like "09:00-12:00"."""
    return merge(Interval(at(span[:5]), at(span[6:])) for span in clocks)


def a_shift(span: str, *breaks: str) -> Shift:
    whole = between(span)
    return Shift(whole[0].start, whole[0].end, subtract(whole, between(*breaks)))


def offered(
    *shifts: Shift,
    busy: Timeline = NOTHING,
    duration: int = 60,
    step: int = 30,
    earliest: str = "00:00",
    latest: str | None = None,
) -> list[str]:
    """What is offered, by the clock; duration and step in minutes."""
    starts = free_starts(
        shifts,
        busy,
        duration=duration * 60,
        step=step * 60,
        earliest=at(earliest),
        latest=at(latest) if latest else None,
    )
    return [f"{datetime.fromtimestamp(start, UTC):%H:%M}" for start in starts]


def answer(start: str, *shifts: Shift, busy: Timeline = NOTHING) -> str | None:
    """How booking an hour on a grid of 30 minutes is answered at 08:00, with 2 hours of lead."""
    return explain_start(
        at(start),
        shifts,
        busy,
        now=at("08:00"),
        duration=3600,
        step=1800,
        earliest=at("10:00"),
        latest=at("17:00"),
    )


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
    assert offered(shift, earliest="10:01", latest="11:30") == ["10:30", "11:00", "11:30"]
    assert offered(shift, earliest="10:30", latest="10:30") == ["10:30"]
    assert offered(shift, earliest="10:31", latest="10:59") == []


def test_a_visit_as_long_as_the_shift_fits_once() -> None:
    assert offered(a_shift("09:00-13:00"), duration=240, step=5) == ["09:00"]
    assert offered(a_shift("09:00-13:00"), duration=241, step=5) == []


def test_a_visit_may_run_on_past_the_end_of_its_shift_where_work_does() -> None:
    shift = Shift(at("20:00"), at("22:00"), between("20:00-22:30"))
    assert offered(shift) == ["20:00", "20:30", "21:00", "21:30"]


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
        ("14:10", "slot_off_grid"),
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


@pytest.mark.parametrize(("duration", "step"), [(0, 900), (-60, 900), (3600, 0), (3600, -900)])
def test_a_length_or_step_that_is_not_positive_is_refused(duration: int, step: int) -> None:
    shifts = [a_shift("09:00-12:00")]
    limits = {"duration": duration, "step": step, "earliest": 0}
    with pytest.raises(ValueError, match="not a positive number"):
        free_starts(shifts, NOTHING, **limits)
    with pytest.raises(ValueError, match="not a positive number"):
        has_free_start(shifts, NOTHING, **limits)
    with pytest.raises(ValueError, match="not a positive number"):
        explain_start(at("09:00"), shifts, NOTHING, now=0, **limits)


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
        Shift(start, end, subtract(merge([Interval(start, end + runs_on)]), breaks))
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]


limits = st.fixed_dictionaries(
    {
        "duration": st.integers(1, 30),
        "step": st.integers(1, 15),
        "earliest": st.one_of(st.just(0), numbers),
        "latest": st.one_of(st.none(), numbers),
    }
)


@given(days(), timelines, limits, numbers)
def test_what_is_offered_is_accepted_and_nothing_else_is(
    shifts: list[Shift], busy: Timeline, limits: dict[str, int], now: int
) -> None:
    accepted = [
        start
        for start in range(-1, LAST + 30)
        if explain_start(start, shifts, busy, now=now, **limits) is None
    ]
    assert free_starts(shifts, busy, **limits) == accepted


@given(days(), timelines, limits)
def test_a_day_has_a_free_start_when_one_would_be_offered(
    shifts: list[Shift], busy: Timeline, limits: dict[str, int]
) -> None:
    assert has_free_start(shifts, busy, **limits) == bool(free_starts(shifts, busy, **limits))


@given(days(), timelines, limits)
def test_what_is_booked_as_offered_never_overlaps(
    shifts: list[Shift], busy: Timeline, limits: dict[str, int]
) -> None:
    while starts := free_starts(shifts, busy, **limits):
        visit = Interval(starts[-1], starts[-1] + limits["duration"])
        assert subtract(merge([visit]), busy) == (visit,)
        busy = merge([*busy, visit])


@given(days(), timelines, limits, timelines)
def test_more_visits_never_free_a_start(
    shifts: list[Shift], busy: Timeline, limits: dict[str, int], more: Timeline
) -> None:
    fewer = free_starts(shifts, merge([*busy, *more]), **limits)
    assert set(fewer) <= set(free_starts(shifts, busy, **limits))


def test_the_one_with_the_fewest_visits_that_day_is_chosen() -> None:
    assert choose_staff([Candidate(1, 3, 9), Candidate(2, 0, 0), Candidate(3, 1, 9)]) == 2


def test_among_equally_busy_people_weight_decides_and_then_the_lower_id() -> None:
    assert choose_staff([Candidate(4, 1, 5), Candidate(2, 1, 7), Candidate(3, 1, 7)]) == 2


def test_nobody_is_chosen_when_nobody_is_free() -> None:
    assert choose_staff([]) is None


@given(st.permutations([Candidate(i, i % 3, i % 2) for i in range(1, 9)]))
def test_the_choice_does_not_depend_on_the_order(candidates: list[Candidate]) -> None:
    assert choose_staff(candidates) == 3
