"""What the rows of a table of appointments mean, and which of them are there already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import (
    TimeDoesNotExist,
    WishRefused,
    moment_of,
    parse_wish,
    seconds_of,
)
from services.booking.models import Appointment, Location, Service, StaffMember
from services.booking.use_cases.finding import with_relations
from services.booking.use_cases.imports.reading import (
    Line,
    Names,
    Places,
    Twins,
    in_chunks,
    minor_of,
    phone_of,
)
from services.booking.use_cases.imports.services import names_of_services
from services.booking.use_cases.imports.staff import names_of_staff
from services.common.calls import Call
from services.common.imports import Report

BY = "import"
"""Who has made what was imported, and changed it last if nobody else has."""


@dataclass(frozen=True)
class Wish:
    """A row that is understood: who gives what, where and when, and to whom."""

    line: Line
    location: Location
    staff: StaffMember
    services: tuple[Service, ...]
    start: int
    prices: tuple[int, ...] | None
    phone: str | None

    @property
    def told(self) -> Mapping[str, Any]:
        return self.line.facts

    @property
    def key(self) -> tuple[int, str] | tuple[int, datetime]:
        """What a second import knows it by: the external id, or else whose time it takes."""
        if "external_id" in self.told:
            return self.location.id, self.told["external_id"]
        return self.staff.id, moment_of(self.start)


def understand_wishes(
    session: Session, places: Places, lines: Sequence[Line], report: Report, call: Call
) -> list[Wish]:
    """The rows whose names and times are known; what has begun already is skipped."""
    staff, services = names_of_staff(session, places), names_of_services(session, places)
    twins, wishes = Twins(report), []
    for line in report.progress(lines, "Checking"):
        location = places.of(line, report)
        if location is None:
            continue
        wish = _understand(line, location, staff, services, report)
        if wish is None or twins.are(line, "external_id", wish.key):
            continue
        if wish.start <= seconds_of(call.now):
            report.skip(line.number, "starts_at", "has begun already")
            continue
        wishes.append(wish)
    return wishes


def _understand(
    line: Line,
    location: Location,
    staff: Names[StaffMember],
    services: Names[Service],
    report: Report,
) -> Wish | None:
    told, here = line.facts, location.id
    member = staff.meant(line, "staff", told["staff"], report, place=here)
    given = [
        services.meant(line, "services", called, report, place=here) for called in told["services"]
    ]
    known = [service for service in given if service is not None]
    start = _start(line, location, report)
    prices = _prices(line, location, report)
    phone = None
    if "client_phone" in told:
        country = location.city.country_code
        phone = phone_of(line, "client_phone", country, report, told["client_phone"])
    elif "client" not in told and ("client_name" in told or "client_email" in told):
        reason = "must not be empty beside a name; who comes by without one needs no name"
        report.refuse(line.number, "client_phone", reason)
    if member is None or start is None or len(known) < len(given):
        return None
    return Wish(line, location, member, tuple(known), start, prices, phone)


def _start(line: Line, location: Location, report: Report) -> int | None:
    text = line.facts["starts_at"]
    try:
        return parse_wish(text, ZoneInfo(location.timezone))
    except TimeDoesNotExist:
        reason = f"the clocks of {location.timezone} leave this time out"
    except WishRefused:
        reason = "not a date with a time such as 2030-06-04 15:30"
    report.refuse(line.number, "starts_at", reason)
    return None


def _prices(line: Line, location: Location, report: Report) -> tuple[int, ...] | None:
    told = line.facts
    if "prices" not in told:
        return None
    if len(told["prices"]) != len(told["services"]):
        report.refuse(line.number, "prices", "not as many as services")
        return None
    return tuple(minor_of(line, "prices", price, location, report) for price in told["prices"])


def known_appointments(
    session: Session, wishes: Iterable[Wish], call: Call
) -> dict[tuple[int, str] | tuple[int, datetime], Appointment]:
    """What earlier imports have written for these rows, by their keys; locked.

    One without an external id that was cancelled counts until another has its time.
    """
    ids: dict[int, list[str]] = defaultdict(list)
    nameless: set[int] = set()
    for wish in wishes:
        if "external_id" in wish.told:
            ids[wish.location.id].append(wish.told["external_id"])
        else:
            nameless.add(wish.location.id)
    imported = (
        with_relations(select(Appointment).where(Appointment.created_by == BY))
        .order_by(Appointment.cancelled_at.is_(None), Appointment.id)
        .with_for_update(of=Appointment, key_share=True)
    )
    known: dict[tuple[int, str] | tuple[int, datetime], Appointment] = {}
    for location_id, told in ids.items():
        for chunk in in_chunks(told):
            these = Appointment.api_id.in_(chunk), Appointment.location_id == location_id
            for one in session.scalars(imported.where(*these)):
                known[location_id, str(one.api_id)] = one
    to_come = Appointment.api_id.is_(None), Appointment.starts_at > call.now
    here = Appointment.location_id.in_(nameless)
    for one in session.scalars(imported.where(*to_come, here)) if nameless else ():
        known[one.staff_id, one.starts_at] = one
    return known
