"""What clients do with their own appointments: move, cancel, confirm."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.booking.domain.clocks import DAY, moment_of, seconds_of
from services.booking.domain.rules import may_cancel, may_move
from services.booking.events import (
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentConfirmed,
    AppointmentMoved,
)
from services.booking.models import Appointment, Attendance, Location
from services.booking.use_cases.availability import wished
from services.booking.use_cases.blacklist import refuse_blocked
from services.booking.use_cases.diary import read_people
from services.booking.use_cases.finding import find_own
from services.booking.use_cases.history import note_change, state_of
from services.booking.use_cases.locks import lock_appointment, lock_resources, lock_staff
from services.booking.use_cases.offers import (
    Need,
    bookable_staff,
    offers_of,
    services_by_id,
)
from services.booking.use_cases.seats import refuse_apart_from_class
from services.booking.use_cases.versions import refuse_outdated
from services.booking.use_cases.writing import (
    Slot,
    need_taken,
    place,
    release,
    reserve,
    touch,
)
from services.common.calls import Call
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.outbox import announce


def cancel_appointment(
    session: Session,
    *,
    appointment_id: int,
    hash: str | None,
    version: int | None,
    call: Call,
) -> Appointment:
    """Give the time back, within the location's policy. Cancelled already: nothing happens."""
    lock_appointment(session, appointment_id)
    appointment = find_own(session, appointment_id, hash, call)
    if appointment.is_cancelled:
        return appointment
    refuse_outdated(appointment, version)
    location = appointment.location
    refusal = may_cancel(
        seconds_of(appointment.starts_at),
        now=seconds_of(call.now),
        allowed=location.cancel_allowed,
        notice_seconds=location.cancel_notice_seconds,
    )
    if refusal is not None:
        raise Forbidden(refusal, params=_hours(location.cancel_notice_seconds))
    cancel(session, appointment, call)
    return appointment


def cancel(session: Session, appointment: Appointment, call: Call) -> None:
    """Cancel without asking anybody's policy."""
    before = state_of(appointment)
    appointment.cancelled_at = call.now
    touch(appointment, call)
    appointment.version += 1
    release(session, appointment)
    note_change(session, appointment, "cancelled", before, call)
    session.flush()
    announce(session, AppointmentCancelled.of(appointment))


def move_appointment(
    session: Session,
    *,
    appointment_id: int,
    hash: str | None,
    starts_at: str | None,
    staff_id: int | None,
    comment: str | None,
    version: int | None,
    location_id: int | None = None,
    call: Call,
) -> Appointment:
    """Put the appointment at another time, or with somebody else, at the price it was booked for.

    The old time is given up in the same transaction in which the new one is taken.
    """
    seen = find_own(session, appointment_id, hash, call, location_id)
    lock_staff(session, {seen.staff_id, staff_id or seen.staff_id})
    lock_resources(session, need_taken(session, seen).resource_ids)
    lock_appointment(session, appointment_id)
    session.expire(seen)
    appointment = find_own(session, appointment_id, hash, call)
    refuse_blocked(
        session,
        appointment.business_id,
        call,
        appointment.contact.get("phone"),
        client_id=appointment.client_id,
    )
    _refuse_unless_movable(appointment, version, call)
    before = state_of(appointment)
    has_moved = False
    if starts_at is not None:
        has_moved = _move(session, appointment, starts_at, staff_id, call)
    if comment is not None and comment != appointment.comment:
        appointment.comment = comment
    elif not has_moved:
        return appointment
    touch(appointment, call)
    appointment.version += 1
    note_change(session, appointment, "moved" if has_moved else "changed", before, call)
    session.flush()
    announce(session, (AppointmentMoved if has_moved else AppointmentChanged).of(appointment))
    return appointment


def confirm_appointment(
    session: Session, *, appointment_id: int, hash: str | None, call: Call
) -> Appointment:
    """The client says that they will come. Said twice, it is said once."""
    lock_appointment(session, appointment_id)
    appointment = find_own(session, appointment_id, hash, call)
    if appointment.is_cancelled:
        raise Conflict("already_cancelled")
    if appointment.starts_at <= call.now:
        raise Forbidden("already_started")
    if appointment.attendance is not Attendance.WAITING:
        return appointment
    before = state_of(appointment)
    appointment.attendance = Attendance.CONFIRMED
    touch(appointment, call)
    appointment.version += 1
    note_change(session, appointment, "confirmed", before, call)
    session.flush()
    announce(session, AppointmentConfirmed.of(appointment))
    return appointment


def _refuse_unless_movable(appointment: Appointment, version: int | None, call: Call) -> None:
    if appointment.is_cancelled:
        raise Conflict("already_cancelled")
    refuse_outdated(appointment, version)
    location = appointment.location
    refusal = may_move(
        seconds_of(appointment.starts_at),
        now=seconds_of(call.now),
        allowed=location.move_allowed,
        notice_seconds=location.move_notice_seconds,
    )
    if refusal is not None:
        raise Forbidden(refusal, params=_hours(location.move_notice_seconds))


def _move(
    session: Session, appointment: Appointment, starts_at: str, staff_id: int | None, call: Call
) -> bool:
    """Take the new time instead of the old one; whether they differ."""
    location = appointment.location
    start = wished(starts_at, ZoneInfo(location.timezone))
    need = need_taken(session, appointment)
    wanted = staff_id or appointment.staff_id
    if start == seconds_of(appointment.starts_at) and wanted == appointment.staff_id:
        return False
    if appointment.class_id is not None:
        told = {"starts_at": moment_of(start), "staff_id": wanted}
        refuse_apart_from_class(appointment, told)
    release(session, appointment)
    slot = _free_slot(session, appointment, location, wanted, start, need, call)
    place(appointment, slot)
    session.flush()
    reserve(session, appointment, now=call.now)
    return True


def _free_slot(
    session: Session,
    appointment: Appointment,
    location: Location,
    staff_id: int,
    start: int,
    need: Need,
    call: Call,
) -> Slot:
    """The wished time, if it is on offer with that person; as strict as booking it anew."""
    staff = bookable_staff(session, [location.id], [staff_id])
    if not staff:
        raise NotFound("staff_not_found", fields={"staff_id": str(staff_id)})
    if staff_id != appointment.staff_id:
        wanted = {line.service_id for line in appointment.services}
        services = services_by_id(session, location.id, wanted)
        if set(offers_of(session, [staff_id], services)[staff_id]) != wanted:
            raise Invalid("service_unavailable", fields={"staff_id": str(staff_id)})
    [person] = read_people(
        session,
        staff,
        {location.id: location},
        {staff_id: need},
        first=start - DAY,
        last=start + need.duration + DAY,
        now=seconds_of(call.now),
        while_paused=True,
    )
    refusal = person.refuses(start)
    if refusal is not None:
        raise Conflict(refusal, fields={"starts_at": "not free"})
    instance_ids = person.resources.take(need.resource_ids, person.terms.takes(start))
    return Slot(staff[0], start, need, appointment.staff_requested, tuple(instance_ids))


def _hours(seconds: int) -> dict[str, str]:
    return {"hours": f"{seconds / 3600:g}"}
