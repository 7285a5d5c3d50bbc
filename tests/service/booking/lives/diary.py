"""What somebody with a paper diary would know: who has time when, and whose it is.

It counts single minutes, from the midnight with which NOW's day began on the wall in Paris. It
knows nothing of intervals, reservations or the database, and not how the service works.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

DAY = 1440
DAYS = range(2)
"""NOW's day and the next: nothing happens on others."""

GRID = 30
Hours = tuple[tuple[int, int], ...]
Key = tuple[str | int, ...]
"""What has time: ("appointment", id), ("class", id) or ("hold", id, of what)."""


class Need(NamedTuple):
    length: int
    buffer: int
    needs_room: bool


@dataclass
class Member:
    """``hours``: from when to when on each day, in minutes from its midnight."""

    gives: set[int]
    hours: dict[int, Hours]
    for_anybody: bool = True
    is_online: bool = True
    is_gone: bool = False
    last_day: int | None = None
    version: int = 1


@dataclass
class Kind:
    """A kind of service."""

    length: int
    buffer: int = 0
    needs_room: bool = False
    is_online: bool = True
    is_archived: bool = False
    version: int = 1


@dataclass
class Holding:
    """Time that somebody has, perhaps not for long: of a staff member and of rooms.

    Of the ``whole`` a staff member may have given only some minutes; the rooms are had for all.
    """

    staff: int
    minutes: frozenset[int]
    rooms: frozenset[int] = frozenset()
    whole: range = range(0)
    until: int | None = None


@dataclass
class Visit:
    """An appointment."""

    id: int
    hash: str
    staff: int
    start: int
    need: Need
    services: tuple[int, ...]
    confirmed: bool = False
    attendance: str = "waiting"
    is_over_busy: bool = False
    is_cancelled: bool = False
    version: int = 1
    class_id: int | None = None
    seats: int = 1

    @property
    def takes(self) -> range:
        return range(self.start, self.start + self.need.length + self.need.buffer)


class Diary:
    """``holdings``: who has which time, by what it is for.

    ``has_freed`` says that something was given back since somebody last looked who had waited.
    """

    def __init__(self) -> None:
        self.now = 8 * 60
        self.is_paused = False
        self.members: dict[int, Member] = {}
        self.services: dict[int, Kind] = {}
        self.rooms: set[int] = set()
        self.visits: dict[int, Visit] = {}
        self.holdings: dict[Key, Holding] = {}
        self.has_freed = False

    @property
    def today(self) -> int:
        return self.now // DAY

    def let_time_pass(self, minutes: int) -> None:
        self.now += minutes
        for what, holding in [*self.holdings.items()]:
            if holding.until is not None and holding.until <= self.now:
                self.give_up(what)

    def give_up(self, what: Key) -> None:
        if self.holdings.pop(what, None) is not None:
            self.has_freed = True

    def need_of(self, services: Collection[int]) -> Need:
        kinds = [self.services[one] for one in services]
        return Need(
            sum(kind.length for kind in kinds),
            max((kind.buffer for kind in kinds), default=0),
            any(kind.needs_room for kind in kinds),
        )

    def needs_now(self, visit: Visit) -> Need:
        """Its time as it stands, and a room if its services need one by now."""
        return visit.need._replace(needs_room=self.need_of(visit.services).needs_room)

    def bookable(self) -> list[int]:
        return [
            one for one, member in self.members.items() if member.is_online and not member.is_gone
        ]

    def givers(self, services: Collection[int]) -> list[int]:
        return [one for one in self.bookable() if self.members[one].gives >= set(services)]

    def anybody(self, services: Collection[int]) -> list[int]:
        return [one for one in self.givers(services) if self.members[one].for_anybody]

    def at_work(self, staff: int) -> frozenset[int]:
        hours = self.members[staff].hours
        return _minutes(tuple(hours[day] for day in DAYS))

    def taken(self, staff: int) -> set[int]:
        return set[int]().union(
            *(holding.minutes for holding in self.holdings.values() if holding.staff == staff)
        )

    def free_room(self, time: range, *, but: Collection[Key] = ()) -> int | None:
        """The first room that nobody has then."""
        taken = {
            room
            for what, holding in self.holdings.items()
            if what not in but and not set(holding.whole).isdisjoint(time)
            for room in holding.rooms
        }
        return min(self.rooms - taken, default=None)

    def refuses(
        self,
        staff: int,
        start: int,
        need: Need,
        *,
        but: Collection[Key] = (),
        while_paused: bool = False,
        is_promised: bool = False,
    ) -> str | None:
        """Why a client cannot have that time; None when they can."""
        if start < self.now:
            return "slot_in_the_past"
        at_work = self.at_work(staff)
        visit = range(start, start + need.length)
        if not at_work.issuperset(visit) or (self.is_paused and not while_paused):
            return "slot_outside_hours"
        if not self.is_free(staff, range(start, visit.stop + need.buffer), but=but):
            return "slot_taken"
        began = start
        while began - 1 in at_work:
            began -= 1
        if (start - began) % GRID and not is_promised:
            return "slot_off_grid"
        return self.lacks_room(start, need, but=but)

    def is_free(self, staff: int, time: range, *, but: Collection[Key] = ()) -> bool:
        return all(
            holding.minutes.isdisjoint(time)
            for what, holding in self.holdings.items()
            if holding.staff == staff and what not in but
        )

    def lacks_room(self, start: int, need: Need, *, but: Collection[Key] = ()) -> str | None:
        time = range(start, start + need.length + need.buffer)
        if need.needs_room and self.free_room(time, but=but) is None:
            return "no_resource_free"
        return None

    def offered(self, staff: int, services: Collection[int], day: int) -> list[int]:
        """When a client can have that with this person (0: with anybody) on that day."""
        need = self.need_of(services)
        return sorted(
            {
                start
                for one in ([staff] if staff else self.anybody(services))
                for start in self.at_work(one)
                if start // DAY == day and start % 5 == 0
                if self.refuses(one, start, need) is None
            }
        )

    def next_free(self, staff: Collection[int], since: int, need: Need) -> int:
        """When one of these people can be had that day from then on; else then."""
        times = range(since, (since // DAY + 1) * DAY, GRID)
        free = (
            time for time in times if any(self.refuses(one, time, need) is None for one in staff)
        )
        return next(free, since)

    def visits_on(self, staff: int, day: int, *, but: Collection[Key] = ()) -> int:
        """How much of that day is not to be had: a stretch of time counts as one visit."""
        return sum(
            start // DAY == day
            for what, holding in self.holdings.items()
            if holding.staff == staff and what not in but
            for start, _ in stretches(holding.minutes)
        )

    def add(self, visit: Visit, rooms: Iterable[int] = ()) -> None:
        self.visits[visit.id] = visit
        self.hold(visit, rooms)

    def hold(self, visit: Visit, rooms: Iterable[int] = ()) -> None:
        """Let the visit have whatever is free of its time, and these rooms."""
        self.let_go(visit)
        minutes = frozenset(visit.takes) - self.taken(visit.staff)
        holding = Holding(visit.staff, minutes, frozenset(rooms), visit.takes)
        visit.is_over_busy = len(minutes) < len(visit.takes) or (
            visit.need.needs_room and not holding.rooms
        )
        if minutes or holding.rooms:
            self.holdings["appointment", visit.id] = holding

    def let_go(self, visit: Visit) -> None:
        self.give_up(("appointment", visit.id))

    def to_come(self, staff: int) -> list[Visit]:
        """Those of somebody that nobody has cancelled and that have not begun."""
        return [
            visit
            for visit in self.visits.values()
            if visit.staff == staff and not visit.is_cancelled and visit.start >= self.now
        ]


@cache
def _minutes(hours: tuple[Hours, ...]) -> frozenset[int]:
    """All minutes of work, from the hours of each of the days."""
    return frozenset(
        day * DAY + minute
        for day, of_day in enumerate(hours)
        for opens, closes in of_day
        for minute in range(opens, closes)
    )


def stretches(minutes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Minutes in a row, as (first, behind the last)."""
    first = last = None
    for minute in sorted(minutes):
        if first is None or last is None or minute > last + 1:
            if first is not None and last is not None:
                yield first, last + 1
            first = minute
        last = minute
    if first is not None and last is not None:
        yield first, last + 1
