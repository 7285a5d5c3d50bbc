"""On which days a class that is repeated takes place again."""

from collections.abc import Collection
from datetime import date, datetime, time
from enum import StrEnum
from itertools import islice

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule

from services.booking.domain.clocks import LAST_DAY

LONGEST_SERIES = 366
"""So many classes are made at once, and no more."""


class Repeat(StrEnum):
    DAILY = "daily"
    WORKING_DAYS = "working_days"
    MON_WED_FRI = "mon_wed_fri"
    TUE_THU = "tue_thu"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


FREQUENCIES = {Repeat.DAILY: DAILY, Repeat.MONTHLY: MONTHLY, Repeat.YEARLY: YEARLY}
WEEKDAYS = {
    Repeat.WORKING_DAYS: (0, 1, 2, 3, 4),
    Repeat.MON_WED_FRI: (0, 2, 4),
    Repeat.TUE_THU: (1, 3),
}


def days_of_series(
    first: date,
    repeat: Repeat,
    *,
    pause: int = 0,
    weekdays: Collection[int] = (),
    last: date | None = None,
    count: int | None = None,
) -> list[date]:
    """The days after ``first``, up to ``last`` or so many; of too many, one more than may be.

    Between two times ``pause`` days, weeks, months or years are left out. ``weekdays`` (Monday
    is 0) are those of a weekly series; without any it is that of ``first``. A month or year that
    has no such day is left out, too. ValueError for a series without end.
    """
    if last is None and count is None:
        raise ValueError("a series needs an end")
    by_weekday = WEEKDAYS.get(repeat) or tuple(sorted(weekdays)) or None
    found = rrule(
        FREQUENCIES.get(repeat, WEEKLY),
        dtstart=datetime.combine(first, time.min),
        interval=1 if repeat in WEEKDAYS else pause + 1,
        byweekday=None if repeat in FREQUENCIES else by_weekday,
        until=datetime.combine(min(last or LAST_DAY, LAST_DAY), time.min),
    )
    most = min(LONGEST_SERIES + 1, LONGEST_SERIES + 1 if count is None else count)
    return list(islice((one.date() for one in found if one.date() > first), most))
