"""On which days a class takes place again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.series import LONGEST_SERIES, Repeat, days_of_series

TUESDAY = date(2030, 6, 4)


def told(repeat: Repeat, first: date = TUESDAY, **more: object) -> list[str]:
    return [day.isoformat()[5:] for day in days_of_series(first, repeat, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        (Repeat.DAILY, ["06-05", "06-06", "06-07", "06-08", "06-09", "06-10"]),
        (Repeat.WORKING_DAYS, ["06-05", "06-06", "06-07", "06-10", "06-11", "06-12"]),
        (Repeat.MON_WED_FRI, ["06-05", "06-07", "06-10", "06-12", "06-14", "06-17"]),
        (Repeat.TUE_THU, ["06-06", "06-11", "06-13", "06-18", "06-20", "06-25"]),
        (Repeat.WEEKLY, ["06-11", "06-18", "06-25", "07-02", "07-09", "07-16"]),
        (Repeat.MONTHLY, ["07-04", "08-04", "09-04", "10-04", "11-04", "12-04"]),
    ],
)
def test_each_way_of_repeating_has_its_days(repeat: Repeat, days: list[str]) -> None:
    assert told(repeat, count=6) == days


def test_a_year_has_the_same_day_again() -> None:
    assert days_of_series(TUESDAY, Repeat.YEARLY, count=2) == [date(2031, 6, 4), date(2032, 6, 4)]


def test_a_pause_leaves_times_out() -> None:
    assert told(Repeat.DAILY, pause=1, count=2) == ["06-06", "06-08"]
    assert told(Repeat.WEEKLY, pause=2, weekdays=[0, 3], count=3) == ["06-06", "06-24", "06-27"]
    assert told(Repeat.MONTHLY, pause=1, count=2) == ["08-04", "10-04"]
    assert told(Repeat.TUE_THU, pause=5, count=2) == ["06-06", "06-11"]


def test_the_weekdays_are_those_of_a_weekly_series_alone() -> None:
    assert told(Repeat.WEEKLY, weekdays=[6, 5], count=3) == ["06-08", "06-09", "06-15"]
    assert told(Repeat.DAILY, weekdays=[6], count=1) == ["06-05"]


def test_the_last_day_belongs_to_it() -> None:
    assert told(Repeat.WEEKLY, last=date(2030, 6, 18)) == ["06-11", "06-18"]
    assert told(Repeat.WEEKLY, last=TUESDAY) == []


def test_what_comes_first_ends_it() -> None:
    assert told(Repeat.WEEKLY, last=date(2030, 6, 30), count=2) == ["06-11", "06-18"]
    assert told(Repeat.WEEKLY, last=date(2030, 6, 11), count=9) == ["06-11"]


def test_months_and_years_without_such_a_day_are_left_out() -> None:
    assert told(Repeat.MONTHLY, date(2030, 1, 31), count=3) == ["03-31", "05-31", "07-31"]
    assert days_of_series(date(2028, 2, 29), Repeat.YEARLY, count=1) == [date(2032, 2, 29)]


def test_a_series_without_end_is_none() -> None:
    with pytest.raises(ValueError, match="end"):
        days_of_series(TUESDAY, Repeat.DAILY)


@given(
    repeat=st.sampled_from(Repeat),
    first=st.dates(date(1970, 1, 1), date(9998, 12, 31)),
    pause=st.integers(0, 400),
    weekdays=st.sets(st.integers(0, 6)),
    length=st.integers(0, 800),
)
def test_its_days_rise_within_its_bounds_and_are_not_too_many(
    repeat: Repeat, first: date, pause: int, weekdays: set[int], length: int
) -> None:
    last = min(first, date(9990, 1, 1)) + timedelta(days=length)
    days = days_of_series(first, repeat, pause=pause, weekdays=weekdays, last=last)
    assert days == sorted(set(days))
    assert len(days) <= LONGEST_SERIES + 1
    assert all(first < day <= last for day in days)
