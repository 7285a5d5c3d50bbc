"""Working hours: the week, the dates that differ, nights, and shifts that meet."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.clocks import instant_of, wall_of
from services.booking.domain.intervals import Interval
from services.booking.domain.schedules import (
    CLOSED,
    DayHours,
    Entry,
    Shift,
    WorkingHours,
    shifts,
    shifts_near,
    working_hours,
)

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 16)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
HOUR = 60


def work(opens: float, closes: float) -> Entry:
    return Entry("work", int(opens * HOUR), int(closes * HOUR))


def a_break(starts: float, ends: float) -> Entry:
    return Entry("break", int(starts * HOUR), int(ends * HOUR))


OFF = Entry("off", None, None)
NINE_TO_SIX = [work(9, 18), a_break(13, 14)]


def every_day(*entries: Entry) -> WorkingHours:
    return working_hours([(weekday, entry) for weekday in range(7) for entry in entries], [])


def shown(start: int, end: int) -> str:
    """An interval by the clock of Paris: "Mon 09:00-18:00"; hours past midnight go on counting."""
    opens, closes = wall_of(start, PARIS), wall_of(end, PARIS)
    hours = closes.hour + 24 * (closes.date() - opens.date()).days
    return f"{opens:%a %H:%M}-{hours:02}:{closes:%M}"


def worked(hours: WorkingHours, first_day: date, last_day: date) -> dict[str, list[str]]:
    return {
        f"{day:%a}": [shown(*part) for shift in of_day for part in shift.works]
        for day, of_day in shifts(hours, first_day, last_day, PARIS).items()
    }


def bounds(of_day: list[Shift]) -> list[str]:
    return [shown(shift.start, shift.end) for shift in of_day]


def on_monday(*dated: Entry) -> DayHours:
    weekly = [(MONDAY.weekday(), entry) for entry in NINE_TO_SIX]
    return working_hours(weekly, [(MONDAY, entry) for entry in dated]).on(MONDAY)


def test_a_weekday_has_its_hours_and_other_days_are_free() -> None:
    hours = working_hours([(0, entry) for entry in NINE_TO_SIX], [])
    assert worked(hours, MONDAY, MONDAY + timedelta(days=8)) == {
        "Mon": ["Mon 09:00-13:00", "Mon 14:00-18:00"],
    }
    assert list(shifts(hours, MONDAY, MONDAY + timedelta(days=8), PARIS)) == [
        MONDAY,
        MONDAY + timedelta(days=7),
    ]


def test_hours_of_a_date_replace_the_work_and_the_breaks_of_its_weekday() -> None:
    assert on_monday(work(12, 16)) == DayHours(work=(Interval(12 * HOUR, 16 * HOUR),))


def test_a_day_off_has_neither_work_nor_breaks() -> None:
    assert on_monday(OFF) == CLOSED


def test_a_day_off_with_hours_entered_has_those_hours() -> None:
    assert on_monday(OFF, work(12, 16)) == on_monday(work(12, 16))


def test_breaks_of_a_date_are_added_to_those_of_its_weekday() -> None:
    extra = on_monday(a_break(16, 17))
    assert extra.work == on_monday().work
    assert sorted(extra.breaks) == [
        Interval(13 * HOUR, 14 * HOUR),
        Interval(16 * HOUR, 17 * HOUR),
    ]


def test_breaks_of_a_date_with_its_own_work_interrupt_that_work_alone() -> None:
    assert on_monday(work(8, 20), a_break(10, 11)) == DayHours(
        work=(Interval(8 * HOUR, 20 * HOUR),), breaks=(Interval(10 * HOUR, 11 * HOUR),)
    )


def test_an_exception_holds_on_its_date_only() -> None:
    hours = working_hours([(0, entry) for entry in NINE_TO_SIX], [(MONDAY, OFF)])
    assert list(shifts(hours, MONDAY, MONDAY + timedelta(days=7), PARIS)) == [
        MONDAY + timedelta(days=7)
    ]


@pytest.mark.parametrize(
    ("works", "breaks"),
    [([(-1, 60)], []), ([(1440, 1500)], []), ([(600, 2881)], []), ([], [(2800, 2900)])],
)
def test_hours_beyond_the_day_and_its_night_are_refused(
    works: list[tuple[int, int]], breaks: list[tuple[int, int]]
) -> None:
    with pytest.raises(ValueError, match="minute"):
        DayHours(tuple(Interval(*one) for one in works), tuple(Interval(*one) for one in breaks))


def test_shifts_that_overlap_or_touch_are_one() -> None:
    hours = every_day(work(9, 13), work(12, 15), work(15, 18), work(19, 20))
    assert bounds(shifts(hours, MONDAY, MONDAY, PARIS)[MONDAY]) == [
        "Mon 09:00-18:00",
        "Mon 19:00-20:00",
    ]


def test_a_shift_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    hours = working_hours([(0, work(22, 28)), (0, a_break(25, 25.5))], [])
    assert worked(hours, MONDAY, TUESDAY) == {"Mon": ["Mon 22:00-25:00", "Tue 01:30-04:00"]}
    assert worked(hours, TUESDAY, TUESDAY) == {}


def test_a_day_off_does_not_end_the_night_shift_of_the_day_before() -> None:
    hours = working_hours([(0, work(22, 28)), (1, work(9, 18))], [(TUESDAY, OFF)])
    assert worked(hours, MONDAY, TUESDAY) == {"Mon": ["Mon 22:00-28:00"]}


def test_a_break_interrupts_the_night_shift_of_the_day_before() -> None:
    hours = working_hours([(0, work(22, 28))], [(TUESDAY, a_break(1, 2))])
    assert worked(hours, MONDAY, TUESDAY) == {"Mon": ["Mon 22:00-25:00", "Tue 02:00-04:00"]}


def test_a_shift_that_begins_before_yesterdays_has_ended_begins_when_that_one_ends() -> None:
    found = shifts(every_day(work(20, 28), work(2, 10)), MONDAY, TUESDAY, PARIS)
    assert bounds(found[MONDAY]) == ["Mon 04:00-10:00", "Mon 20:00-28:00"]
    assert bounds(found[TUESDAY]) == ["Tue 04:00-10:00", "Tue 20:00-28:00"]


def test_a_shift_runs_on_into_the_next_that_adjoins_it() -> None:
    found = shifts(every_day(work(0, 24), a_break(3, 4)), MONDAY, MONDAY, PARIS)[MONDAY]
    assert bounds(found) == ["Mon 00:00-24:00"]
    assert [shown(*part) for part in found[0].works][:2] == ["Mon 00:00-03:00", "Mon 04:00-27:00"]


def test_a_shift_runs_on_through_a_short_one_into_the_day_after_that() -> None:
    weekly = [(0, work(20, 47.5)), (1, work(23, 24)), (2, work(0, 8))]
    assert worked(working_hours(weekly, []), MONDAY, WEDNESDAY) == {
        "Mon": ["Mon 20:00-56:00"],
        "Tue": ["Tue 23:30-32:00"],
        "Wed": ["Wed 00:00-08:00"],
    }


def test_a_day_that_is_all_break_is_no_working_day() -> None:
    assert shifts(every_day(work(9, 18), a_break(8, 19)), MONDAY, WEDNESDAY, PARIS) == {}


@pytest.mark.parametrize(
    ("day", "opens", "closes", "hours"),
    [
        (date(2026, 3, 29), 0, 8, 7),
        (date(2026, 3, 29), 2.5, 8, 5),
        (date(2026, 3, 29), 2, 3, 0),
        (date(2026, 3, 28), 22, 28, 5),
        (date(2026, 10, 25), 0, 8, 9),
        (date(2026, 10, 25), 2.5, 8, 6.5),
        (date(2026, 10, 25), 2, 2.5, 0.5),
        (date(2026, 10, 24), 22, 28, 7),
    ],
)
def test_a_shift_is_an_hour_shorter_or_longer_when_the_clock_changes(
    day: date, opens: float, closes: float, hours: float
) -> None:
    found = shifts(every_day(work(opens, closes)), day, day, PARIS).get(day, [])
    assert sum(shift.end - shift.start for shift in found) == hours * 3600


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), MONDAY])
def test_hours_stay_where_they_are_on_the_wall_when_the_clock_changes(day: date) -> None:
    (shift,) = shifts(every_day(work(9, 18)), day, day, PARIS)[day]
    assert (wall_of(shift.start, PARIS).hour, wall_of(shift.end, PARIS).hour) == (9, 18)


def test_the_ends_of_the_calendar_have_no_shifts_and_do_no_harm() -> None:
    hours = every_day(work(0, 24))
    assert shifts(hours, date.max, date.max, PARIS) == {}
    assert shifts(hours, date.min, date(1969, 12, 31), PARIS) == {}
    assert list(shifts(hours, date(9998, 12, 30), date.max, PARIS)) == [
        date(9998, 12, 30),
        date(9998, 12, 31),
    ]


def test_a_range_that_ends_before_it_begins_has_no_shifts() -> None:
    assert shifts(every_day(work(0, 24)), TUESDAY, MONDAY, PARIS) == {}


minutes = st.integers(0, 95).map(lambda quarter: quarter * 15)
entries = st.builds(
    lambda kind, opens, length: Entry(kind, opens, min(opens + length, 2880)),
    st.sampled_from(["work", "work", "break"]),
    minutes,
    st.integers(1, 96).map(lambda quarter: quarter * 15),
)
weeks = st.lists(st.tuples(st.integers(0, 6), entries), max_size=14).map(
    lambda weekly: working_hours(weekly, [])
)
days_of_change = st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), MONDAY])


@given(weeks, days_of_change)
def test_what_a_day_has_does_not_depend_on_the_days_asked_for(
    hours: WorkingHours, day: date
) -> None:
    week = shifts(hours, day - timedelta(days=3), day + timedelta(days=3), PARIS)
    assert week.get(day) == shifts(hours, day, day, PARIS).get(day)


@given(weeks, days_of_change)
def test_no_moment_is_in_two_shifts(hours: WorkingHours, day: date) -> None:
    week = shifts(hours, day - timedelta(days=3), day + timedelta(days=3), PARIS)
    in_order = [shift for of_day in week.values() for shift in of_day]
    assert all(one.end <= other.start for one, other in pairwise(in_order))


@given(weeks, days_of_change, st.integers(0, 24 * 60 - 1))
def test_the_shift_that_holds_an_instant_is_among_those_near_it(
    hours: WorkingHours, day: date, minute: int
) -> None:
    instant = instant_of(datetime.combine(day, datetime.min.time()), PARIS) + minute * 60
    week = shifts(hours, day - timedelta(days=3), day + timedelta(days=3), PARIS)
    holding = [s for of_day in week.values() for s in of_day if s.start <= instant < s.end]

    near = shifts_near(hours, instant, PARIS)

    assert [shift for shift in near if shift.start <= instant < shift.end] == holding
