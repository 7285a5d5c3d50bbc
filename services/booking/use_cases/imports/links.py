"""Importing who gives which service, perhaps at a length and price of their own."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Location, Service, StaffMember, StaffService
from services.booking.use_cases.imports.reading import (
    Line,
    Places,
    Twins,
    prices_of,
    read_places,
    save,
)
from services.booking.use_cases.imports.services import announce_services_at, names_of_services
from services.booking.use_cases.imports.staff import names_of_staff
from services.common.calls import Call
from services.common.imports import Report


def import_links(
    session: Session, business_id: int, lines: Sequence[Line], report: Report, call: Call
) -> None:
    """Let these people give these services; who gives others goes on giving them."""
    places = read_places(session, business_id, lock=True)
    found = _understand(session, places, lines, report)
    report.stop_if_refused()
    wanted = {service.id for _, _, service, _ in found}
    rows = session.scalars(select(StaffService).where(StaffService.service_id.in_(wanted)))
    known = {(row.staff_id, row.service_id): row for row in rows}
    changed: dict[Service, Location] = {}
    for location, member, service, own in found:
        row = known.get((member.id, service.id))
        new = partial(StaffService, staff_id=member.id, service_id=service.id)
        if save(session, row, own, report, new=new):
            changed[service] = location
    for service in changed:
        service.version += 1
    session.flush()
    announce_services_at(session, ((place, service) for service, place in changed.items()))


def _understand(
    session: Session, places: Places, lines: Sequence[Line], report: Report
) -> list[tuple[Location, StaffMember, Service, dict[str, Any]]]:
    services, staff = names_of_services(session, places), names_of_staff(session, places)
    twins, found = Twins(report), []
    for line in lines:
        location = places.of(line, report)
        if location is None:
            continue
        here, told = location.id, line.facts
        member = staff.meant(line, "staff", told["staff"], report, place=here)
        service = services.meant(line, "service", told["service"], report, place=here)
        own = prices_of(line, location, report)
        if "duration_seconds" in told:
            own["duration_seconds"] = told["duration_seconds"]
        if member is None or service is None:
            continue
        if not twins.are(line, "service", (member.id, service.id)):
            found.append((location, member, service, own))
    return found
