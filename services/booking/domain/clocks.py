"""Wall clocks and instants: the only place with time zones.

An instant is a whole number of seconds since the epoch (UTC). A wall time is what a local clock
shows; some it shows twice, some never.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import floor
from typing import ClassVar
from zoneinfo import ZoneInfo

MINUTE = 60
DAY = 86_400

# Nobody books outside these days, and Python's calendar is too near its end to calculate there.
FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(9998, 12, 31)

_EPOCH = datetime(1970, 1, 1)


class WishRefused(ValueError):
    """A wished time that names no instant; ``code`` says why."""

    code: ClassVar[str]


class TimeMalformed(WishRefused):
    """The text is not a date with a time."""

    code = "time_malformed"


class TimeDoesNotExist(WishRefused):
    """The local clock skips this wall time."""

    code = "time_does_not_exist"


_WISH = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?"
    r"(?:(Z)|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)?",
    re.ASCII | re.IGNORECASE,
)


def parse_wish(text: str, zone: ZoneInfo) -> int:
    """The instant that a client means by an ISO 8601 date and time.

    With an offset it is taken literally. Without one it is a wall time in ``zone``: a repeated
    hour means the earlier, a missing one is refused (TimeDoesNotExist), as is what is no time, is
    no whole second, or lies outside the calendar (TimeMalformed).
    """
    found = _WISH.fullmatch(text)
    if found is None:
        raise TimeMalformed(text)
    *parts, utc, sign, hours, minutes = found.groups()
    try:
        wall = datetime(*(int(part or 0) for part in parts))  # type: ignore[arg-type]
    except ValueError:
        raise TimeMalformed(text) from None
    if not FIRST_DAY <= wall.date() <= LAST_DAY:
        raise TimeMalformed(text)
    if utc or sign:
        ahead = MINUTE * (60 * int(hours or 0) + int(minutes or 0))
        return _seconds(wall) + (ahead if sign == "-" else -ahead)
    before, after = _offsets(_seconds(wall), zone)
    if before < after:
        raise TimeDoesNotExist(text)
    return _seconds(wall) - before


def instant_of(wall: datetime, zone: ZoneInfo) -> int:
    """The first moment at which the clock of ``zone`` shows ``wall`` (naive) or later."""
    return _first_instant(_seconds(wall), zone)


def wall_of(instant: int, zone: ZoneInfo) -> datetime:
    """What the clock of ``zone`` shows at ``instant``, as a naive datetime."""
    return datetime.fromtimestamp(instant, zone).replace(tzinfo=None, fold=0)


def day_of(instant: int, zone: ZoneInfo) -> date:
    """The date that ``zone`` has at ``instant``."""
    return wall_of(instant, zone).date()


def local_day_bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """When ``day`` begins in ``zone`` and when the next one does; 23 to 25 hours as a rule.

    The two are equal for a day that a zone left out on crossing the date line.
    """
    midnight = _midnight(day)
    return _first_instant(midnight, zone), _first_instant(midnight + DAY, zone)


def seconds_of(moment: datetime) -> int:
    """The instant of an aware datetime, as the domain counts; a part of a second is dropped."""
    if moment.tzinfo is None:
        raise ValueError(f"a datetime without a zone is no instant: {moment}")
    return floor(moment.timestamp())


def moment_of(instant: int) -> datetime:
    """The aware UTC datetime of an instant."""
    return datetime.fromtimestamp(instant, UTC)


@lru_cache(maxsize=8_192)
def day_clock(day: date, zone: ZoneInfo) -> Callable[[int], int]:
    """What turns a minute of ``day`` on the wall clock (0 to 2880) into its instant, by the rule
    of ``instant_of``.

    On nearly all days that is one addition. No zone changes its clock twice within two days (the
    tests look), so the offsets at both ends tell whether this is such a day.
    """
    midnight = _midnight(day)
    offsets = {*_offsets(midnight, zone), *_offsets(midnight + 2 * DAY, zone)}
    if len(offsets) > 1:
        return lambda minute: _first_instant(midnight + minute * MINUTE, zone)
    begins = midnight - offsets.pop()
    return lambda minute: begins + minute * MINUTE


# Below, a wall time is the number of seconds from the wall time of the epoch to it: it can be
# calculated with, and becomes an instant when the offset is taken away.


def _seconds(wall: datetime) -> int:
    if wall.tzinfo is not None:
        raise ValueError(f"a wall time has no zone: {wall}")
    since = wall - _EPOCH
    return since.days * DAY + since.seconds


def _midnight(day: date) -> int:
    return (day.toordinal() - _EPOCH.toordinal()) * DAY


def _first_instant(wall: int, zone: ZoneInfo) -> int:
    before, after = _offsets(wall, zone)
    if after <= before:
        return wall - before
    # A missing hour: at the first of these instants the clock has not jumped, at the last it has.
    around = range(wall - after, wall - before + 1)
    jump = bisect_left(around, after, key=lambda t: _offset(datetime.fromtimestamp(t, zone)))
    return around[jump]


def _offsets(wall: int, zone: ZoneInfo) -> tuple[int, int]:
    """The offset from UTC at that wall time, twice; or the two before and after a change of the
    clock, which differ only where the time is missing (then the second is greater) or repeated.
    """
    seconds = min(wall, _midnight(LAST_DAY))
    moment = (_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=zone)
    return _offset(moment), _offset(moment.replace(fold=1))


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None, "a ZoneInfo always knows its offset"
    return offset.days * DAY + offset.seconds
