"""Visits as staff see and mark them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.booking.models import Appointment, Location, Visit
from services.booking.use_cases.desk import find_at, update_appointment
from services.booking.use_cases.permissions import refuse_outside_key, staff_location
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.rights import Permission, right_at, rights_of


def find_visit(
    session: Session, visit_id: int, call: Call, permission: Permission
) -> tuple[Visit, Location]:
    """The visit, for staff of its location; to all others there is no such visit."""
    visit = session.get(Visit, visit_id)
    rights = rights_of(call.viewer)
    if visit is None or not right_at(
        rights, business_id=visit.business_id, location_id=visit.location_id
    ):
        raise NotFound("visit_not_found")
    refuse_outside_key(session, call, location_id=visit.location_id)
    return visit, staff_location(session, call, visit.location_id, permission)


def visit_at(
    session: Session, *, location_id: int, appointment_id: int, visit_id: int, call: Call
) -> tuple[Location, Appointment]:
    """The appointment, which must be of that visit at that location."""
    location = staff_location(session, call, location_id, Permission.APPOINTMENTS_VIEW)
    appointment = find_at(session, location, appointment_id)
    if appointment.visit_id != visit_id:
        raise NotFound("visit_not_found")
    return location, appointment


def mark_visit(session: Session, request: Mapping[str, Any], call: Call) -> Appointment:
    """Change an appointment of a visit: who came, what was done, what is to be noted."""
    visit, location = find_visit(session, request["visit_id"], call, Permission.APPOINTMENTS_EDIT)
    appointment = find_at(session, location, request["appointment_id"])
    if appointment.visit_id != visit.id:
        raise NotFound("appointment_not_found")
    rest = {name: value for name, value in request.items() if name != "visit_id"}
    return update_appointment(session, {**rest, "location_id": location.id}, call)
