"""Time zones as calendar files spell them out: every change of the clocks, with its offsets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)


@lru_cache(maxsize=256)
def vtimezone(name: str, first_year: int, last_year: int) -> Timezone:
    """The VTIMEZONE of an IANA zone, right for the days of these years.

    Written by ourselves: the library lets summer begin an hour late.
    """
    zone = ZoneInfo(name)
    begin = datetime(first_year - 1, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 2, tzinfo=UTC)
    told = Timezone()
    told.add("tzid", name)
    told.add_component(_observance(zone, begin, _offset(zone, begin)))
    for moment, before in _changes(zone, begin, end):
        told.add_component(_observance(zone, moment, before))
    return told


def _changes(
    zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[tuple[datetime, timedelta]]:
    """The moments at which the offset changes, each with the offset before."""
    moment, offset = begin, _offset(zone, begin)
    while moment < end:
        following = moment + A_DAY
        if _offset(zone, following) != offset:
            low, high = moment, following
            while high - low > A_MINUTE:
                middle = low + (high - low) // 2
                low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
            changed = high.replace(second=0, microsecond=0)
            yield changed, offset
            offset = _offset(zone, following)
        moment = following


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _observance(
    zone: ZoneInfo, moment: datetime, before: timedelta
) -> TimezoneStandard | TimezoneDaylight:
    """What holds from that moment on; its beginning is told on the clock as it was before."""
    local = moment.astimezone(zone)
    told = TimezoneDaylight() if local.dst() else TimezoneStandard()
    told.add("dtstart", (moment + before).replace(tzinfo=None))
    told.add("tzoffsetfrom", before)
    told.add("tzoffsetto", local.utcoffset())
    told.add("tzname", local.tzname())
    return told
