"""Appointments as staff write them: any time, any price, over a busy time if they say so."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.booking.domain.clocks import DAY, seconds_of
from services.booking.events import (
    AppointmentChanged,
    AppointmentConfirmed,
    AppointmentCreated,
    AppointmentEvent,
    AppointmentMoved,
    AttendanceMarked,
)
from services.booking.models import (
    Appointment,
    Attendance,
    Location,
    StaffMember,
)
from services.booking.use_cases.availability import wished
from services.booking.use_cases.changes import cancel
from services.booking.use_cases.client_base import come_back
from services.booking.use_cases.clients import client_at_desk, desk_contact
from services.booking.use_cases.desk_facts import change_facts, facts_of
from services.booking.use_cases.desk_in_class import change_in_class
from services.booking.use_cases.desk_lines import (
    length_at_desk,
    lines_at_desk,
    need_at_desk,
    services_of,
)
from services.booking.use_cases.diary import Person, end_of_work, read_people
from services.booking.use_cases.finding import find_appointment
from services.booking.use_cases.history import kept_of, note_change, state_of
from services.booking.use_cases.locks import (
    lock_appointment,
    lock_chosen,
    lock_class,
    lock_resources,
    lock_staff,
)
from services.booking.use_cases.offers import (
    resources_needed,
    services_by_id,
)
from services.booking.use_cases.permissions import staff_location
from services.booking.use_cases.versions import refuse_outdated
from services.booking.use_cases.writing import (
    Slot,
    need_taken,
    new_appointment,
    new_visit,
    place,
    release,
    reserve,
    reserve_what_is_free,
    touch,
)
from services.common.calls import Call
from services.common.errors import Conflict, NotFound
from services.common.outbox import announce
from services.common.rights import Permission

KINDS: Mapping[type[AppointmentEvent], str] = {
    AppointmentMoved: "moved",
    AppointmentConfirmed: "confirmed",
    AttendanceMarked: "marked",
    AppointmentChanged: "changed",
}
"""What the history calls a change, by the first event that tells of it."""


def create_appointment(session: Session, request: Mapping[str, Any], call: Call) -> Appointment:
    """Write an appointment at the desk, with or without a client."""
    location = staff_location(session, call, request["location_id"], Permission.APPOINTMENTS_EDIT)
    member = member_at_desk(session, location, request["staff_id"])
    lines = lines_at_desk(session, location, member, request["services"])
    slot = Slot(
        member, _start(location, request["starts_at"]), need_at_desk(session, request, lines)
    )
    contact = desk_contact(request["client"], location) if request["client"] else {}
    facts = facts_of(session, location, request, contact)
    lock_chosen(session, [member])
    lock_resources(session, slot.need.resource_ids)
    client = None
    if contact:
        client = client_at_desk(session, location.business_id, contact, now=call.now)
        come_back(session, client, call)
    visit = new_visit(session, location, client, call.now)
    appointment = new_appointment(location, visit, slot, lines, facts, call)
    _take_time(session, appointment, slot, request.get("save_if_busy", False), call)
    announce(session, AppointmentCreated.of(appointment))
    if appointment.attendance in (Attendance.CAME, Attendance.NO_SHOW):
        announce(session, AttendanceMarked.of(appointment))
    return appointment


def update_appointment(session: Session, request: Mapping[str, Any], call: Call) -> Appointment:
    """Change whatever the request names; what it does not name stays as it is.

    Where all is as it was, nothing has happened: nobody is told, and the version stays.
    """
    location = staff_location(session, call, request["location_id"], Permission.APPOINTMENTS_EDIT)
    appointment = _locked(session, location, request)
    if appointment.is_cancelled:
        raise Conflict("already_cancelled")
    refuse_outdated(appointment, request.get("version"))
    before, known = state_of(appointment), kept_of(appointment)
    has_moved = _replan(session, location, appointment, request, call)
    was_confirmed, was_marked = appointment.confirmed, appointment.attendance
    change_facts(session, location, appointment, request, call)
    if kept_of(appointment) == known:
        return appointment
    touch(appointment, call)
    appointment.version += 1
    happened: list[type[AppointmentEvent]] = []
    if has_moved:
        happened.append(AppointmentMoved)
    if appointment.confirmed and not was_confirmed:
        happened.append(AppointmentConfirmed)
    if appointment.attendance is not was_marked:
        happened.append(AttendanceMarked)
    happened = happened or [AppointmentChanged]
    note_change(session, appointment, KINDS[happened[0]], before, call)
    session.flush()
    for event in happened:
        announce(session, event.of(appointment))
    return appointment


def delete_appointment(
    session: Session,
    *,
    location_id: int,
    appointment_id: int,
    version: int | None = None,
    call: Call,
) -> Appointment:
    """Cancel at the desk, without regard to what clients are allowed. Twice is once."""
    location = staff_location(session, call, location_id, Permission.APPOINTMENTS_DELETE)
    lock_appointment(session, appointment_id)
    appointment = find_at(session, location, appointment_id)
    if not appointment.is_cancelled:
        refuse_outdated(appointment, version)
        cancel(session, appointment, call)
    return appointment


def find_at(session: Session, location: Location, appointment_id: int) -> Appointment:
    """The location's appointment, or ``appointment_not_found``."""
    appointment = find_appointment(session, appointment_id)
    if appointment.location_id != location.id:
        raise NotFound("appointment_not_found")
    return appointment


def _locked(session: Session, location: Location, request: Mapping[str, Any]) -> Appointment:
    """The appointment, with all time locked that the change may touch: staff, then resources."""
    appointment_id = request["appointment_id"]
    seen = find_at(session, location, appointment_id)
    lock_staff(session, {seen.staff_id, request.get("staff_id", seen.staff_id)})
    service_ids = {line.service_id for line in seen.services}
    service_ids |= {line["id"] for line in request.get("services", ())}
    services = services_by_id(session, location.id, service_ids)
    lock_resources(session, resources_needed(services.values()))
    if seen.class_id is not None:
        lock_class(session, seen.class_id)
    lock_appointment(session, appointment_id)
    session.expire(seen)
    return find_at(session, location, appointment_id)


def _replan(
    session: Session,
    location: Location,
    appointment: Appointment,
    request: Mapping[str, Any],
    call: Call,
) -> bool:
    """Change who, what and when; whether the time that is taken has changed."""
    if appointment.class_id is not None:
        change_in_class(session, location, appointment, request)
        return False
    member = appointment.staff
    if request.get("staff_id", member.id) != member.id:
        member = member_at_desk(session, location, request["staff_id"])
    old = need = need_taken(session, appointment)
    if "services" in request:
        appointment.services = lines_at_desk(
            session, location, member, request["services"], appointment.services
        )
    start = seconds_of(appointment.starts_at)
    if "starts_at" in request:
        start = _start(location, request["starts_at"])
    if request.get("duration_seconds") or "services" in request:
        need = need._replace(
            duration=length_at_desk(request, appointment.services),
            resource_ids=resources_needed(services_of(session, appointment.services)),
        )
    if request.get("buffer_seconds") is not None:
        need = need._replace(buffer=request["buffer_seconds"])
    slot = Slot(member, start, need, appointment.staff_requested)
    before = (appointment.staff_id, seconds_of(appointment.starts_at), old)
    if (member.id, start, need) == before:
        return False
    release(session, appointment)
    place(appointment, slot)
    session.flush()
    _take_time(session, appointment, slot, request.get("save_if_busy", False), call)
    return True


def _take_time(
    session: Session, appointment: Appointment, slot: Slot, save_if_busy: bool, call: Call
) -> None:
    """Reserve the time: all of it, or with ``save_if_busy`` whatever nobody else has."""
    refuse_after_last_day(appointment.location, slot.staff, slot.start)
    person = _read_person(session, appointment.location, slot, call)
    if not save_if_busy:
        _refuse_when_busy(person, slot.start)
    wanted = slot.need.resource_ids
    found = person.resources.take(wanted, person.terms.takes(slot.start))
    appointment.resource_instance_ids = found
    if save_if_busy:
        reserve_what_is_free(
            session, appointment, lacks_resources=len(found) < len(wanted), now=call.now
        )
        return
    reserve(session, appointment, now=call.now)


def refuse_after_last_day(location: Location, member: StaffMember, start: int) -> None:
    """Not even over a busy time can somebody be had who works there no longer."""
    if member.last_day is not None and start >= end_of_work(member, location):
        raise NotFound("staff_not_found", fields={"staff_id": str(member.id)})


def _refuse_when_busy(person: Person, start: int) -> None:
    """Staff may write off the grid and in the past, but not by mistake into somebody's night."""
    if not person.works(start):
        raise Conflict("slot_outside_hours", fields={"starts_at": "outside working hours"})
    if not person.is_free(start):
        raise Conflict("slot_taken", fields={"starts_at": "not free"})
    if not person.terms.finds_resources(start):
        raise Conflict("no_resource_free", fields={"starts_at": "no room or device is free"})


def _read_person(session: Session, location: Location, slot: Slot, call: Call) -> Person:
    [person] = read_people(
        session,
        [slot.staff],
        {location.id: location},
        {slot.staff.id: slot.need},
        first=slot.start - DAY,
        last=slot.start + slot.need.duration + DAY,
        now=seconds_of(call.now),
    )
    return person


def member_at_desk(session: Session, location: Location, staff_id: int) -> StaffMember:
    """Somebody who works there now, bookable online or not."""
    member = session.get(StaffMember, staff_id)
    if member is None or member.location_id != location.id or member.fired_at is not None:
        raise NotFound("staff_not_found", fields={"staff_id": str(staff_id)})
    return member


def _start(location: Location, starts_at: str) -> int:
    return wished(starts_at, ZoneInfo(location.timezone))
