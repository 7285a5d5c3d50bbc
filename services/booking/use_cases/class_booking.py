"""Seats of classes: clients book them, and staff write them down."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.booking.domain.clocks import seconds_of
from services.booking.events import AppointmentCreated, AttendanceMarked
from services.booking.models import (
    Appointment,
    AppointmentService,
    Attendance,
    Client,
    GroupClass,
)
from services.booking.use_cases.appointments import facts_told, use_up
from services.booking.use_cases.classes import find_class
from services.booking.use_cases.client_base import come_back
from services.booking.use_cases.clients import client_at_desk, client_who_books, desk_contact
from services.booking.use_cases.desk_facts import facts_of
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.locks import lock_class
from services.booking.use_cases.offers import Need, Offer, offers_of
from services.booking.use_cases.permissions import staff_location
from services.booking.use_cases.seats import refuse_without_seats
from services.booking.use_cases.writing import (
    Facts,
    Slot,
    lines_of,
    new_appointment,
    new_visit,
    write_appointment,
)
from services.common.calls import Call
from services.common.errors import Conflict, Invalid
from services.common.outbox import announce
from services.common.rights import Permission


def book_class(
    session: Session,
    *,
    location_id: int,
    class_id: int,
    client: dict[str, Any],
    seats: int,
    proof: dict[str, str] | None,
    call: Call,
    **rest: Any,
) -> Appointment:
    """Take seats of a class that is still to come, as strictly as any booking online."""
    location = find_location(session, location_id)
    facts = facts_told(session, location, client, proof, rest, call)
    lock_class(session, class_id)
    group = find_class(session, location, class_id)
    if not group.service.is_bookable:
        raise Invalid("service_unavailable", fields={"class_id": str(class_id)})
    if group.starts_at <= call.now:
        raise Conflict("slot_in_the_past", fields={"class_id": str(class_id)})
    if group.starts_at < call.now + timedelta(seconds=location.lead_seconds):
        raise Conflict("slot_too_soon", fields={"class_id": str(class_id)})
    refuse_without_seats(session, group, seats, most=location.class_clients_online_max)
    person = client_who_books(session, location.business, facts.contact, call)
    come_back(session, person, call)
    appointment = _take_seats(session, group, person, seats, facts, call)
    use_up(session, proof, appointment, call.now)
    return appointment


def write_into_class(session: Session, request: Mapping[str, Any], call: Call) -> Appointment:
    """Write somebody into a class at the desk, perhaps afterwards; it has no more seats there."""
    location = staff_location(session, call, request["location_id"], Permission.APPOINTMENTS_EDIT)
    contact = desk_contact(request["client"], location) if request["client"] else {}
    facts = facts_of(session, location, request, contact)
    lock_class(session, request["class_id"])
    group = find_class(session, location, request["class_id"])
    refuse_without_seats(session, group, request["seats"], most=location.class_clients_max)
    client = None
    if contact:
        client = client_at_desk(session, location.business_id, contact, now=call.now)
        come_back(session, client, call)
    appointment = _take_seats(session, group, client, request["seats"], facts, call)
    if appointment.attendance in (Attendance.CAME, Attendance.NO_SHOW):
        announce(session, AttendanceMarked.of(appointment))
    return appointment


def _take_seats(
    session: Session,
    group: GroupClass,
    client: Client | None,
    seats: int,
    facts: Facts,
    call: Call,
) -> Appointment:
    """Write an appointment of the class: at its time, with nothing reserved but its seats."""
    slot = Slot(group.staff, seconds_of(group.starts_at), Need(group.length_seconds))
    visit = new_visit(session, group.location, client, call.now)
    lines = _lines(session, group, seats)
    appointment = new_appointment(group.location, visit, slot, lines, facts, call)
    appointment.class_id, appointment.seats = group.id, seats
    write_appointment(session, appointment)
    announce(session, AppointmentCreated.of(appointment))
    return appointment


def _lines(session: Session, group: GroupClass, seats: int) -> list[AppointmentService]:
    """What so many seats cost by the price list of this moment: a line of that amount."""
    service = group.service
    given = offers_of(session, [group.staff_id], {service.id: service})[group.staff_id]
    listed = Offer(service, 0, service.price_min_minor, service.price_max_minor)
    offer = given.get(service.id, listed)._replace(duration_seconds=group.length_seconds)
    lines = lines_of(group.location, [offer])
    for line in lines:
        line.amount = seats
    return lines
