"""Working hours on the wall clock, and the shifts that they make on a given day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from services.booking.domain.clocks import FIRST_DAY, LAST_DAY, day_clock, day_of
from services.booking.domain.intervals import Interval, Timeline, merge, subtract

DAY_MINUTES = 1_440

EntryKind = Literal["work", "off", "break"]


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day, in minutes from its midnight on the wall clock.

    A shift begins on its day; it may end up to the end of the next (minute 2880). Anything else is
    a ValueError.
    """

    work: tuple[Interval, ...] = ()
    breaks: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        for start, end in self.work + self.breaks:
            if start < 0 or end > 2 * DAY_MINUTES:
                raise ValueError(f"not within the day and the next: minutes {start} to {end}")
        for start, _ in self.work:
            if start >= DAY_MINUTES:
                raise ValueError(f"a shift must begin on its own day, not at minute {start}")


CLOSED = DayHours()


@dataclass(frozen=True, slots=True, eq=False)
class WorkingHours:
    """When somebody works: by weekday (Monday is 0), unless the date has hours of its own.

    Never changed once it is made, for the shifts that it makes are remembered.
    """

    weekly: Mapping[int, DayHours]
    dated: Mapping[date, DayHours]

    def on(self, day: date) -> DayHours:
        """The hours that hold on ``day``."""
        return self.dated.get(day) or self.weekly.get(day.weekday(), CLOSED)


class Entry(NamedTuple):
    """One line of a schedule. The minutes of ``off`` mean nothing."""

    kind: EntryKind
    opens: int | None
    closes: int | None


def working_hours(
    weekly: Iterable[tuple[int, Entry]], dated: Iterable[tuple[date, Entry]]
) -> WorkingHours:
    """Working hours from entries by weekday (Monday is 0) and by date.

    A date with any entry of kind ``work`` or ``off`` has only what is entered for that date;
    otherwise its breaks are added to the hours of the weekday.
    """
    by_weekday: dict[int, list[Entry]] = defaultdict(list)
    for weekday, entry in weekly:
        by_weekday[weekday].append(entry)
    by_date: dict[date, list[Entry]] = defaultdict(list)
    for day, entry in dated:
        by_date[day].append(entry)
    for day, entries in by_date.items():
        if all(entry.kind == "break" for entry in entries):
            entries.extend(by_weekday.get(day.weekday(), ()))
    return WorkingHours(
        {weekday: _day_hours(entries) for weekday, entries in by_weekday.items()},
        {day: _day_hours(entries) for day, entries in by_date.items()},
    )


def _day_hours(entries: Sequence[Entry]) -> DayHours:
    def of(kind: EntryKind) -> tuple[Interval, ...]:
        return tuple(
            Interval(entry.opens or 0, entry.closes or 0) for entry in entries if entry.kind == kind
        )

    return DayHours(work=of("work"), breaks=of("break"))


class Shift(NamedTuple):
    """A stretch of work that began on ``day``, in instants.

    Its visits start from ``start`` on and before ``end``, on a grid counted from ``start``, and
    lie within ``works``: the shift without breaks, running on into later shifts that adjoin it.
    """

    day: date
    start: int
    end: int
    works: Timeline


@lru_cache(maxsize=512)
def shifts(
    hours: WorkingHours, first_day: date, last_day: date, zone: ZoneInfo
) -> Mapping[date, tuple[Shift, ...]]:
    """The shifts of each day from ``first_day`` to ``last_day``; a day without work is left out.

    A shift belongs to the day on which it began, even where it runs past midnight. Shifts of a day
    that overlap or touch are one; where a shift begins before yesterday's has ended, it begins when
    that one ends. So no moment is in two shifts, and what a day has does not depend on the days
    asked for. A break interrupts every shift it meets.
    """
    first, last = max(first_day, FIRST_DAY), min(last_day, LAST_DAY)
    # Work that runs on through two more days may end on the fourth, whose breaks it meets too.
    days = [date.fromordinal(day) for day in range(first.toordinal() - 1, last.toordinal() + 5)]
    plans = [hours.on(day) for day in days]
    clocks = [day_clock(day, zone) for day in days]
    work = [merge(_instants(plan.work, clock)) for plan, clock in zip(plans, clocks, strict=True)]
    breaks = merge(
        moment
        for plan, clock in zip(plans, clocks, strict=True)
        for moment in _instants(plan.breaks, clock)
    )
    found: dict[date, tuple[Shift, ...]] = {}
    for number, day in enumerate(days[1:-4]):
        yesterday, today, *later = work[number : number + 4]
        of_day = [_shift(day, stretch, later, breaks) for stretch in subtract(today, yesterday)]
        if at_work := tuple(shift for shift in of_day if shift.works):
            found[day] = at_work
    return found


def shifts_near(hours: WorkingHours, instant: int, zone: ZoneInfo) -> list[Shift]:
    """Every shift in which a visit that starts at ``instant`` could lie, in order."""
    day = day_of(instant, zone)
    near = shifts(hours, day - timedelta(days=1), day + timedelta(days=1), zone)
    return list(chain.from_iterable(near.values()))


def _shift(day: date, stretch: Interval, later: Iterable[Timeline], breaks: Timeline) -> Shift:
    """The shift of that stretch; ``later`` is the work of the next two days, so that whatever
    lasts up to a day may run on to its end, all round the clock.
    """
    end = stretch.end
    for next_stretch in chain.from_iterable(later):
        if next_stretch.start <= end < next_stretch.end:
            end = next_stretch.end
    works = subtract(merge([Interval(stretch.start, end)]), breaks)
    return Shift(day, stretch.start, stretch.end, works)


def _instants(minutes: Iterable[Interval], clock: Callable[[int], int]) -> Iterator[Interval]:
    """Those minutes of a day as instants; what lies wholly within a missing hour is gone."""
    for opens, closes in minutes:
        start, end = clock(opens), clock(closes)
        if start < end:
            yield Interval(start, end)
