"""Who of those who wait can be offered which time, the first who came first.

Reads everything in a few queries for all of them, and writes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import day_of, seconds_of
from services.booking.domain.intervals import Interval, Timeline, merge
from services.booking.domain.slots import Candidate
from services.booking.domain.waiting import first_fit
from services.booking.models import (
    Appointment,
    BlacklistEntry,
    Client,
    Location,
    StaffMember,
    WaitlistEntry,
    WaitlistOffer,
)
from services.booking.use_cases.availability import read_time
from services.booking.use_cases.choice import visits_that_day
from services.booking.use_cases.diary import Person
from services.booking.use_cases.offers import (
    Need,
    Offer,
    bookable_staff,
    for_anybody,
    need_of,
    offers_of,
    services_by_id,
)

Offers = Mapping[int, Mapping[int, Offer]]


@dataclass
class Diary:
    """The time of people, of which more and more is promised."""

    people: dict[int, Person]
    starts: dict[tuple[int, Need, date], list[int]]

    def on(self, staff_id: int, need: Need, day: date) -> list[int]:
        """When a visit that takes this can start that day; worked out once for all who want it."""
        key = (staff_id, need, day)
        if key not in self.starts:
            person = self.people[staff_id].needing(need)
            self.starts[key] = person.free_starts(person.shifts(day, day).get(day, ()))
        return self.starts[key]

    def take(self, staff_id: int, need: Need, start: int) -> None:
        """Promise that time, and the resources that go with it."""
        person = self.people[staff_id]
        time = Interval(start, start + need.duration + need.buffer)
        self.people[staff_id] = replace(
            person,
            busy=merge([*person.busy, time]),
            taken_starts=(*person.taken_starts, start),
        )
        self.starts.clear()
        person.resources.take(need.resource_ids, time)


class Planned(NamedTuple):
    """What somebody who waits can be offered: whose time, from when."""

    entry: WaitlistEntry
    staff_id: int
    start: int


def plan_offers(
    session: Session,
    location: Location,
    entries: Sequence[WaitlistEntry],
    *,
    answer_by: datetime,
    now: datetime,
) -> list[Planned]:
    """What each of these can be offered, in their order; those who can have nothing are left out.

    No time that begins before it must be answered, or within the lead. Nobody is locked: whoever
    offers it has to look again.
    """
    wanted = {service_id for entry in entries for service_id in entry.service_ids}
    known = services_by_id(session, location.id, wanted).values()
    services = {service.id: service for service in known if service.is_bookable}
    staff = {member.id: member for member in bookable_staff(session, [location.id])}
    offers = offers_of(session, list(staff), services)
    needs = {entry.id: _needs(entry, location, staff, offers) for entry in entries}
    able = [entry for entry in entries if needs[entry.id] and days_of(entry, location, now)]
    if not able:
        return []
    diary = _read_diary(session, location, staff, able, needs, now)
    asked, visits = _asked_before(session, able), _visits_of(session, able, now)
    planned = []
    for entry in able:
        fits = (
            first_fit(
                _starts(diary, needs[entry.id], day),
                earliest=seconds_of(answer_by),
                asked_before=asked[entry.id],
                own_visits=visits[entry.id],
            )
            for day in days_of(entry, location, now)
        )
        if fit := next(filter(None, fits), None):
            staff_id, start = fit
            diary.take(staff_id, needs[entry.id][staff_id], start)
            planned.append(Planned(entry, staff_id, start))
    return planned


def _read_diary(
    session: Session,
    location: Location,
    staff: Mapping[int, StaffMember],
    entries: Sequence[WaitlistEntry],
    needs: Mapping[int, Mapping[int, Need]],
    now: datetime,
) -> Diary:
    """The time of everybody whom one of these can have, on all of their days."""
    wanted = {staff_id for entry in entries for staff_id in needs[entry.id]}
    of_each = [need for entry in entries for need in needs[entry.id].values()]
    resource_ids = frozenset[int]().union(*(need.resource_ids for need in of_each))
    people = [staff[staff_id] for staff_id in wanted]
    days = [day for entry in entries for day in days_of(entry, location, now)]
    need = Need(location.grid_step_seconds, resource_ids=resource_ids)
    read = read_time(
        session, [location], people, dict.fromkeys(wanted, need), min(days), max(days), now
    )
    return Diary({person.staff.id: person for person in read}, {})


def days_of(entry: WaitlistEntry, location: Location, now: datetime) -> list[date]:
    """The days on which they can still be offered something."""
    today = today_at(location, now)
    first = max(entry.first_day, today)
    last = min(entry.last_day, today + timedelta(days=location.horizon_days))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def today_at(location: Location, now: datetime) -> date:
    return day_of(seconds_of(now), ZoneInfo(location.timezone))


def without_blocked(
    session: Session, location: Location, entries: Sequence[WaitlistEntry]
) -> list[WaitlistEntry]:
    """Those of whom the business takes bookings."""
    rows = session.execute(
        select(BlacklistEntry.phone, BlacklistEntry.client_id).where(
            BlacklistEntry.business_id == location.business_id
        )
    ).all()
    phones, clients = {phone for phone, _ in rows}, {client_id for _, client_id in rows}
    return [
        entry
        for entry in entries
        if entry.client_id not in clients and entry.contact["phone"] not in phones
    ]


def _needs(
    entry: WaitlistEntry, location: Location, staff: Mapping[int, StaffMember], offers: Offers
) -> dict[int, Need]:
    """Who can give all that they want, and what it takes of them."""
    if entry.staff_id is not None:
        whom = [entry.staff_id] if entry.staff_id in staff else []
    else:
        anybody = for_anybody(staff.values()) if location.any_staff_allowed else []
        whom = [member.id for member in anybody]
    return {
        staff_id: need_of(offers[staff_id][service_id] for service_id in entry.service_ids)
        for staff_id in whom
        if all(service_id in offers.get(staff_id, ()) for service_id in entry.service_ids)
    }


def _starts(
    diary: Diary, needs: Mapping[int, Need], day: date
) -> Iterator[tuple[int, Candidate, int]]:
    for staff_id, need in needs.items():
        for start in diary.on(staff_id, need, day):
            person = diary.people[staff_id]
            visits = visits_that_day(person, start)
            yield start, Candidate(staff_id, visits, person.staff.weight), need.duration


def _asked_before(session: Session, entries: Collection[WaitlistEntry]) -> dict[int, set[int]]:
    """The starts that each of them was offered already."""
    asked: dict[int, set[int]] = defaultdict(set)
    for entry_id, start in session.execute(
        select(WaitlistOffer.entry_id, WaitlistOffer.starts_at).where(
            WaitlistOffer.entry_id.in_([entry.id for entry in entries])
        )
    ):
        asked[entry_id].add(seconds_of(start))
    return asked


def _visits_of(
    session: Session, entries: Collection[WaitlistEntry], now: datetime
) -> dict[int, Timeline]:
    """When each of them is somewhere already, at whatever business of the installation."""
    users = {entry.user_id for entry in entries}
    clients = {entry.client_id for entry in entries}
    rows = session.execute(
        select(Appointment.client_id, Client.user_id, Appointment.starts_at, Appointment.ends_at)
        .join(Client, Client.id == Appointment.client_id)
        .where(
            or_(Client.id.in_(clients), Client.user_id.in_(users)),
            Appointment.cancelled_at.is_(None),
            Appointment.ends_at > now,
        )
    ).all()
    return {
        entry.id: merge(
            Interval(seconds_of(start), seconds_of(end))
            for client_id, user_id, start, end in rows
            if client_id == entry.client_id or user_id == entry.user_id
        )
        for entry in entries
    }
