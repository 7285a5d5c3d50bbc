"""What must be known to say when people can take visits, in a few queries for any number of them.

The arithmetic itself is in ``domain/``; this file feeds it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, bindparam, cast, extract, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import DAY, day_of, local_day_bounds, moment_of
from services.booking.domain.grids import Grid, grid_on
from services.booking.domain.intervals import Interval, Timeline, covers, merge, overlaps
from services.booking.domain.schedules import Shift, WorkingHours, shifts, shifts_near
from services.booking.domain.slots import (
    StartRefusal,
    Terms,
    explain_start,
    free_starts,
    has_free_start,
)
from services.booking.models import (
    Location,
    Reservation,
    StaffMember,
)
from services.booking.use_cases.grids import read_grid_rules
from services.booking.use_cases.hours import read_hours
from services.booking.use_cases.offers import Need
from services.booking.use_cases.reservations import COUNTS, WITHIN, between, taken_as_of
from services.booking.use_cases.resource_time import ResourceTime, read_resource_time


@dataclass(frozen=True, kw_only=True)
class Person:
    """A staff member's time, for visits on these terms."""

    staff: StaffMember
    zone: ZoneInfo
    terms: Terms
    hours: WorkingHours
    busy: Timeline
    taken_starts: tuple[int, ...]
    resources: ResourceTime

    def needing(self, need: Need) -> Self:
        """The same person's time, for visits that take something else."""
        terms = self.terms._replace(
            duration=need.duration,
            buffer=need.buffer,
            resources=self.resources.of(need.resource_ids),
        )
        return replace(self, terms=terms)

    def promised(self, start: int) -> Self:
        """The same person's time, once this start was promised: whatever the grid is by now."""
        only = Grid(step=1, starts=(start,))
        return replace(self, terms=self.terms._replace(grid_on=lambda _day: only))

    def shifts(self, first: date, last: date) -> Mapping[date, tuple[Shift, ...]]:
        return shifts(self.hours, first, last, self.zone)

    def shifts_near(self, start: int) -> list[Shift]:
        return shifts_near(self.hours, start, self.zone)

    def works(self, start: int) -> bool:
        """Whether the whole visit lies within working time, on the grid or off it."""
        visit = Interval(start, start + self.terms.duration)
        return any(covers(shift.works, visit) for shift in self.shifts_near(start))

    def is_free(self, start: int) -> bool:
        """Whether the visit and its buffer touch nothing that is taken."""
        return not overlaps(self.busy, self.terms.takes(start))

    def free_starts(self, of_day: Iterable[Shift]) -> list[int]:
        return free_starts(of_day, self.busy, self.terms)

    def has_free_start(self, of_day: Iterable[Shift]) -> bool:
        return has_free_start(of_day, self.busy, self.terms)

    def refuses(self, start: int) -> StartRefusal | None:
        """Why a visit cannot start then; None when it can."""
        return explain_start(start, self.shifts_near(start), self.busy, self.terms)

    def has_room(self, day: date, start: int | None) -> bool:
        """Whether a visit can start then; without a ``start`` at any time of the day."""
        if start is not None:
            return self.refuses(start) is None
        return self.has_free_start(self.shifts(day, day).get(day, ()))


_BUSY = select(
    Reservation.staff_id,
    cast(extract("epoch", Reservation.starts_at), BigInteger),
    cast(extract("epoch", Reservation.ends_at), BigInteger),
).where(
    Reservation.staff_id.in_(bindparam("staff_ids", expanding=True)),
    WITHIN,
    COUNTS,
)


def read_people(
    session: Session,
    staff: Sequence[StaffMember],
    locations: Mapping[int, Location],
    needs: Mapping[int, Need],
    *,
    first: int,
    last: int,
    now: int,
    while_paused: bool = False,
    own_holds: Collection[int] = (),
) -> list[Person]:
    """The time of those ``staff`` of whom something is needed, known from ``first`` to ``last``.

    Where online booking is paused nothing is on offer, except to who asks ``while_paused``.
    What ``own_holds`` have taken is free for who asks.
    """
    staff = [member for member in staff if member.id in needs]
    ids = [member.id for member in staff]
    utc, margin = ZoneInfo("UTC"), timedelta(days=3)
    days = day_of(first, utc) - margin, day_of(last, utc) + margin
    hours = read_hours(session, ids, *days)
    rules = read_grid_rules(session, list(locations.values()), *days)
    between = moment_of(first - DAY), moment_of(last + DAY)
    taken = taken_as_of(moment_of(now), own_holds)
    busy = _read_busy(session, ids, *between, taken)
    wanted = frozenset[int]().union(*(need.resource_ids for need in needs.values()))
    resources = read_resource_time(session, wanted, *between, taken)
    people = []
    for member in staff:
        location = locations[member.location_id]
        zone, need = ZoneInfo(location.timezone), needs[member.id]
        people.append(
            Person(
                staff=member,
                zone=zone,
                terms=Terms(
                    duration=need.duration,
                    buffer=need.buffer,
                    resources=resources.of(need.resource_ids),
                    grid_on=partial(grid_on, rules[location.id], zone=zone),
                    now=now,
                    latest=_latest_start(member, location, now, while_paused),
                ),
                hours=hours[member.id],
                busy=merge(busy[member.id]),
                taken_starts=tuple(taken.start for taken in busy[member.id]),
                resources=resources,
            )
        )
    return people


def _latest_start(member: StaffMember, location: Location, now: int, while_paused: bool) -> int:
    """Until when clients can have their time: a while ahead, and not after their last day."""
    if location.is_paused and not while_paused:
        return now - 1
    latest = now + location.horizon_days * DAY
    if member.last_day is None:
        return latest
    return min(latest, end_of_work(member, location) - 1)


def end_of_work(member: StaffMember, location: Location) -> int:
    """The instant at which the last day of somebody who leaves is over there."""
    assert member.last_day is not None, "somebody who leaves"
    return local_day_bounds(member.last_day, ZoneInfo(location.timezone))[1]


def _read_busy(
    session: Session,
    staff_ids: Collection[int],
    since: datetime,
    until: datetime,
    taken: dict[str, Any],
) -> dict[int | None, list[Interval]]:
    """What is taken of their time, as the database counts its seconds: there may be thousands."""
    busy: dict[int | None, list[Interval]] = defaultdict(list)
    asked = {"staff_ids": staff_ids, **between(since, until), **taken}
    for staff_id, start, end in session.connection().execute(_BUSY, asked).all():
        busy[staff_id].append(Interval(start, end))
    return busy
