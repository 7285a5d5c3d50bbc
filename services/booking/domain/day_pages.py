"""Pages of a list by its days: a day is never torn apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DayPage:
    """Some rows in a row of the list, from the row ``start`` to before the row ``end``."""

    start: int
    end: int
    from_day: date
    to_day: date

    @property
    def count(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class DayPages:
    """A page, and those of newer and of older days beside it."""

    previous: DayPage | None
    current: DayPage | None
    next: DayPage | None


def pages_around(
    days: Sequence[date], *, from_day: date | None, to_day: date | None, size: int
) -> DayPages:
    """The page that begins with ``to_day`` or the next older day, and goes back to ``from_day``.

    ``days`` are those of all rows, the newest first. A page has ``size`` rows, and whatever
    else is of its oldest day. What is beside it does not depend on ``from_day``, so that
    the days of a page, asked for again, lead on.
    """
    start = sum(to_day is not None and day > to_day for day in days)
    stop = sum(from_day is None or day >= from_day for day in days)
    end = max(start, min(_grown(days, start + size), stop))
    newer = start - size
    while newer > 0 and days[newer - 1] == days[newer]:
        newer -= 1
    return DayPages(
        previous=_page(days, max(newer, 0), start),
        current=_page(days, start, end),
        next=_page(days, end, _grown(days, end + size)),
    )


def _grown(days: Sequence[date], end: int) -> int:
    """The end of the day in which a page would end."""
    end = min(end, len(days))
    while 0 < end < len(days) and days[end] == days[end - 1]:
        end += 1
    return end


def _page(days: Sequence[date], start: int, end: int) -> DayPage | None:
    if start >= end:
        return None
    return DayPage(start, end, from_day=days[end - 1], to_day=days[start])
