"""Instants, days and wished times, as they are written on the wire.

Inside, instants are UTC; on the wire they carry the numeric offset that the
location's clock has at that moment, and no milliseconds.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 9998
# In a query string an unescaped plus means a space. (Between a day and a time it is one.)
LOST_PLUS = re.compile(r"(:\d{2}(?:\.\d{1,9})?) (?=\d{2}:?\d{2}$)")
WRITTEN_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def local(instant: str, zone: str) -> datetime:
    """The instant on the clock of that zone."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))


def iso(instant: str, zone: str) -> str:
    """``2026-11-20T10:00:00+01:00``"""
    return local(instant, zone).isoformat(timespec="seconds")


def iso_compact(instant: str, zone: str) -> str:
    """``2026-11-20T10:00:00+0100``, as creation and change dates are written."""
    return local(instant, zone).strftime("%Y-%m-%dT%H:%M:%S%z")


def wall(instant: str, zone: str) -> str:
    """``2026-11-20 10:00:00``, without saying in which zone."""
    return local(instant, zone).strftime("%Y-%m-%d %H:%M:%S")


def utc(instant: str) -> str:
    """``2026-11-20T09:00:00+00:00``, for what happens nowhere."""
    return iso(instant, "UTC")


def clock(instant: str, zone: str) -> str:
    """``10:00``"""
    return local(instant, zone).strftime("%H:%M")


def offset_hours(zone: str, at: datetime) -> int | float:
    """How far that zone is ahead of UTC at that moment; whole hours are ints."""
    ahead = at.astimezone(ZoneInfo(zone)).utcoffset()
    hours = ahead.total_seconds() / 3600 if ahead else 0
    return int(hours) if hours == int(hours) else hours


def wished_time(text: str) -> str:
    """A time given by a client, in one spelling; naive stays naive (the location's wall time).

    ValueError when it is not a time of a year that calendars can handle.
    """
    text = LOST_PLUS.sub(r"\1+", text.strip())
    if not WRITTEN_TIME.fullmatch(text):
        raise ValueError("not a time")
    day, time = text[:10], text[11:]
    if time[1] == ":":
        time = f"0{time}"
    moment = datetime.fromisoformat(f"{day}T{time}").replace(microsecond=0)
    _check_year(moment.year)
    if moment.tzinfo is not None:
        moment.astimezone(UTC)
    return moment.isoformat()


def wished_day(text: str) -> str:
    """``YYYY-MM-DD``, of a day or of a longer time; ValueError when it is no day.

    Days later than calendars can handle, which mean «for ever», become the last one.
    """
    text = text.strip()
    if len(text) > 10 and text[10] in "T ":
        text = text[:10]
    if not WRITTEN_DAY.fullmatch(text):
        raise ValueError("not a day")
    day = date.fromisoformat(text)
    if day.year > LAST_YEAR:
        return f"{LAST_YEAR}-12-31"
    _check_year(day.year)
    return day.isoformat()


def month_of(day: str) -> tuple[str, str]:
    """The first and the last day of that day's month."""
    year, month = int(day[:4]), int(day[5:7])
    return f"{day[:7]}-01", f"{day[:7]}-{monthrange(year, month)[1]:02}"


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("no such year in these calendars")
