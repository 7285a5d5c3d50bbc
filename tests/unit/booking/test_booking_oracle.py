"""The domain against a brute-force oracle, minute by minute through every change of the clock.

The oracle knows nothing of intervals, offsets or boundaries. It walks through real time one minute
at a time, looks at the clock on the wall, and remembers the furthest that clock has got: a boundary
has been reached as soon as the clock has shown it or later.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.clocks import parse_wish, wall_of
from services.booking.domain.grids import GridRule, GridRules, grid_on
from services.booking.domain.intervals import Interval, Timeline, merge
from services.booking.domain.schedules import Entry, shifts, shifts_near, working_hours
from services.booking.domain.slots import Terms, explain_start, free_starts

FIRST_YEAR, LAST_YEAR = 2020, 2037
DAY = 1440  # in minutes, like everything that the oracle counts
AROUND = range(-1, 2)  # the days compared, from the day of the change
MARGIN = 2  # more days on either side, for nights before and visits that run on

SAMPLED_ZONES = [
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kolkata",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Paris",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
]


@lru_cache
def changes(name: str) -> list[int]:
    """Every instant from 2020 to 2037 at which that zone changes its offset."""
    zone = ZoneInfo(name)

    def offset(instant: int) -> timedelta | None:
        return datetime.fromtimestamp(instant, zone).utcoffset()

    first = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())
    last = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
    found = []
    for day in range(first, last, 86_400):
        before, after = offset(day), offset(day + 86_400)
        if before != after:
            seconds = range(day + 1, day + 86_401)
            jump = bisect_left(seconds, True, key=lambda at: offset(at) != before)
            found.append(seconds[jump])
    return found


def days_to_look_at(name: str) -> list[date]:
    """The local days on which the clock changes, or one day if it never does."""
    zone = ZoneInfo(name)
    return [datetime.fromtimestamp(at, zone).date() for at in changes(name)] or [date(2024, 2, 29)]


@dataclass(frozen=True)
class Case:
    """A schedule, visits and a wish. Lengths and instants are minutes."""

    weekly: list[tuple[int, Entry]]
    dated: list[tuple[date, Entry]]
    busy: list[tuple[int, int]]
    rules: GridRules
    rooms: list[list[tuple[int, int]]] | None
    duration: int
    buffer: int
    now: int
    latest: int | None

    def entries_on(self, day: date) -> list[Entry]:
        own = [entry for entry_day, entry in self.dated if entry_day == day]
        usual = [entry for weekday, entry in self.weekly if weekday == day.weekday()]
        return own if any(entry.kind != "break" for entry in own) else usual + own

    def terms(self, zone: ZoneInfo) -> Terms:
        return Terms(
            duration=self.duration * 60,
            buffer=self.buffer * 60,
            grid_on=partial(grid_on, self.rules, zone=zone),
            now=self.now * 60,
            latest=None if self.latest is None else self.latest * 60,
            resources=() if self.rooms is None else (tuple(map(timeline, self.rooms)),),
        )


def timeline(minutes: list[tuple[int, int]]) -> Timeline:
    return merge(Interval(start * 60, end * 60) for start, end in minutes)


def a_case(random: Random, day: date, noon: int) -> Case:
    """A random one, with much going on at night, when clocks change, around ``day``."""

    def an_entry(kinds: list[Any]) -> Entry:
        kind = random.choice(kinds)
        opens = 5 * random.choice([random.randrange(288), random.randrange(60), 0])
        if kind == "break":
            return Entry(kind, opens, opens + 5 * random.randrange(1, 30))
        closes = random.choice([opens + 5 * random.randrange(1, 150), 1440 + opens // 2, 1440])
        return Entry(kind, opens, max(opens + 5, closes))

    def an_instant() -> int:
        return noon + random.randrange(-2 * DAY, 2 * DAY)

    def a_visit() -> tuple[int, int]:
        start = an_instant()
        return start, start + random.randrange(1, 180)

    def a_minute() -> int | None:
        return random.choice([None, None, 0, 5 * random.randrange(60), 5 * random.randrange(400)])

    def a_rule() -> GridRule:
        return GridRule(
            step=60 * random.choice([5, 10, 15, 20, 30, 45, 60, random.randrange(5, 61)]),
            lead=60 * random.choice([0, 0, 45, DAY // 2]),
            base=random.choice(["shift", "shift", "clock", "list"]),
            first_minute=a_minute(),
            last_minute=random.choice([None, a_minute()]),
            start_minutes=tuple(range(random.randrange(300), 2 * DAY, random.randrange(7, 700))),
            is_flexible=random.random() < 0.3,
        )

    usual = ["work", "work", "work", "work", "break"]
    weekly = {weekday: a_rule() for weekday in range(7) if random.random() < 0.3}
    dated = {day + timedelta(days=more): a_rule() for more in AROUND if random.random() < 0.2}
    rooms = [[a_visit() for _ in range(random.randrange(30))] for _ in range(2)]
    return Case(
        weekly=[
            (weekday, an_entry(usual)) for weekday in range(7) for _ in range(random.randrange(4))
        ],
        dated=[
            (day + timedelta(days=random.choice(AROUND)), an_entry([*usual, "break", "off"]))
            for _ in range(random.randrange(3))
        ],
        busy=[a_visit() for _ in range(random.randrange(20))],
        rules=GridRules(a_rule(), weekly, dated),
        rooms=random.choice([None, None, rooms]),
        duration=random.choice([5, 20, 30, 45, 60, 90, random.randrange(1, 400), DAY]),
        buffer=random.choice([0, 0, 5, random.randrange(60)]),
        now=random.choice([noon - 10 * DAY, noon - DAY // 2, an_instant()]),
        latest=random.choice([None, None, None, an_instant()]),
    )


@lru_cache(maxsize=64)
def clock_readings(name: str, day: date) -> tuple[int, list[int]]:
    """The minute before the days around ``day`` begin anywhere, and the furthest that the clock
    had got at each minute from then on, both counted from the epoch.
    """
    zone, epoch = ZoneInfo(name), datetime(1970, 1, 1)
    days = len(AROUND) + 2 * MARGIN + 2
    first = (day.toordinal() - epoch.toordinal() + AROUND[0] - MARGIN - 1) * DAY
    furthest, readings = 0, []
    for minute in range(first, first + days * DAY):
        shown = datetime.fromtimestamp(minute * 60, zone).replace(tzinfo=None)
        furthest = max(furthest, (shown - epoch) // timedelta(minutes=1))
        readings.append(furthest)
    return first, readings


def minutes_in(visits: list[tuple[int, int]]) -> set[int]:
    return {minute for start, end in visits for minute in range(start, end)}


class Oracle:
    """What is so at each minute of the days around ``day``."""

    def __init__(self, name: str, day: date, case: Case) -> None:
        self.case = case
        self.first, readings = clock_readings(name, day)
        self.plans: dict[int, list[Entry]] = {}
        count = len(readings)
        self.owner: list[int | None] = []
        self.works: list[bool] = []
        for reading in readings:
            owner, works = self.at_the_reading(reading)
            self.owner.append(owner)
            self.works.append(works)
        self.readings = readings
        self.taken = minutes_in(case.busy)
        self.rooms = [minutes_in(room) for room in case.rooms or []]
        self.grid = [0] * count
        self.work_left = [0] * (count + 1)
        for at in range(count):
            same = at > 0 and self.owner[at] == self.owner[at - 1]
            self.grid[at] = self.grid[at - 1] + 1 if same else 0
        for at in reversed(range(count)):
            self.work_left[at] = self.work_left[at + 1] + 1 if self.works[at] else 0

    def at_the_reading(self, reading: int) -> tuple[int | None, bool]:
        """Whose shift it is (the day's number), and whether that is worked or a break."""
        owner, interrupted = None, False
        for day in (reading // DAY, reading // DAY - 1):
            if day not in self.plans:
                self.plans[day] = self.case.entries_on(date(1970, 1, 1) + timedelta(days=day))
            for kind, opens, closes in self.plans[day]:
                if kind != "off" and opens <= reading - day * DAY < closes:  # type: ignore[operator]
                    interrupted = interrupted or kind == "break"
                    owner = day if kind == "work" else owner
        return owner, owner is not None and not interrupted

    def answer(self, minute: int) -> str | None:
        return next((reason for reason, holds in self.reasons(minute) if holds), None)

    def reasons(self, minute: int) -> Iterator[tuple[str, bool]]:
        at, case = minute - self.first, self.case
        yield "slot_in_the_past", minute < case.now
        owner = self.owner[at]
        if owner is None or (case.latest is not None and minute > case.latest):
            yield "slot_outside_hours", True
            return
        yield "slot_outside_hours", self.work_left[at] < case.duration
        rule = case.rules.on(date(1970, 1, 1) + timedelta(days=owner))
        yield "slot_too_soon", minute < case.now + rule.lead // 60
        visit = range(minute, minute + case.duration + case.buffer)
        yield "slot_taken", not self.taken.isdisjoint(visit)
        yield "slot_off_grid", not self.is_on_grid(at, rule, owner)
        rooms = self.rooms or [set()]
        yield "no_resource_free", not any(room.isdisjoint(visit) for room in rooms)

    def is_on_grid(self, at: int, rule: GridRule, owner: int) -> bool:
        first, last = rule.first_minute, rule.last_minute
        if first is not None and at < self.shown(owner, first):
            return False
        if last is not None and at > self.shown(owner, last):
            return False
        if rule.base == "list":
            return any(at == self.shown(owner, minute) for minute in rule.start_minutes)
        since = at - self.shown(owner, first or 0) if rule.base == "clock" else self.grid[at]
        if rule.is_flexible and (ended := self.ended_before(at)) is not None:
            since = at - ended
        return since % (rule.step // 60) == 0

    def shown(self, owner: int, minute: int) -> int:
        """When the clock first shows that minute of the day, or a later one."""
        return bisect_left(self.readings, owner * DAY + minute)

    def ended_before(self, at: int) -> int | None:
        """Where the last visit ended since work was taken up in this shift, if one did."""
        owner = self.owner[at]
        while self.first + at - 1 not in self.taken:
            at -= 1
            if not self.works[at] or self.owner[at] != owner:
                return None
        return at

    def minutes_of(self, day: date) -> Iterator[int]:
        """The minutes of the shifts that began on ``day``."""
        number = day.toordinal() - date(1970, 1, 1).toordinal()
        return (self.first + at for at, owner in enumerate(self.owner) if owner == number)


def compare(name: str, day: date, random: Random) -> None:
    """Fail unless the domain and the oracle agree on a random case around ``day``."""
    noon = (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY + DAY // 2
    case = a_case(random, day, noon)
    oracle = Oracle(name, day, case)
    zone, hours = ZoneInfo(name), working_hours(case.weekly, case.dated)
    busy, terms = timeline(case.busy), case.terms(zone)
    days = [day + timedelta(days=more) for more in AROUND]
    # All that may hold one of the minutes below, which are of UTC's days rather than local ones.
    found = shifts(hours, day - timedelta(days=3), day + timedelta(days=2), zone)

    for shift_day in days:
        offered = free_starts(found.get(shift_day, []), busy, terms)
        free = [at * 60 for at in oracle.minutes_of(shift_day) if oracle.answer(at) is None]
        assert offered == free, f"{name}, {shift_day}: {case}"
        for start in offered[::7]:
            expect_the_wall_time_to_lead_back(start, zone)

    of_all_days = [shift for of_day in found.values() for shift in of_day]
    for minute in range(noon - DAY, noon + DAY):
        near = of_all_days if minute % 50 else shifts_near(hours, minute * 60, zone)
        answer = explain_start(minute * 60, near, busy, terms)
        assert answer == oracle.answer(minute), f"{name}, minute {minute}: {case}"


def expect_the_wall_time_to_lead_back(start: int, zone: ZoneInfo) -> None:
    """Sent back as it is shown, a start is itself; without its offset the earlier one like it."""
    shown = datetime.fromtimestamp(start, zone)
    assert parse_wish(shown.isoformat(), zone) == start
    meant = parse_wish(shown.replace(tzinfo=None).isoformat(), zone)
    assert wall_of(meant, zone) == wall_of(start, zone)
    assert meant == start if shown.fold == 0 else meant < start


def expect_few_and_whole_changes(name: str) -> None:
    """What the domain takes for granted: whole minutes, and no two changes within two days."""
    found = changes(name)
    assert all(at % 60 == 0 for at in found), name
    assert all(two - one > 2 * 86_400 for one, two in pairwise(found)), name


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(SAMPLED_ZONES), st.data(), st.randoms(use_true_random=False))
def test_around_a_change_of_the_clock_what_is_offered_is_what_the_oracle_finds(
    name: str, data: st.DataObject, random: Random
) -> None:
    compare(name, data.draw(st.sampled_from(days_to_look_at(name))), random)


@pytest.mark.parametrize("name", SAMPLED_ZONES)
def test_a_sampled_zone_changes_seldom_and_by_whole_minutes(name: str) -> None:
    expect_few_and_whole_changes(name)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_in_every_zone_around_every_change_the_oracle_agrees(name: str) -> None:
    expect_few_and_whole_changes(name)
    for day in days_to_look_at(name):
        compare(name, day, Random(f"{name} {day}"))
