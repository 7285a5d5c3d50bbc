"""Booking, reading and cancelling appointments.

Time is given away in this order: lock the people, look at what is free, choose,
write the reservation. The lock makes clients queue, the constraint on
reservations makes a double booking impossible whatever else goes wrong.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking.domain.clocks import day_of, moment_of, seconds_of, wall_of
from services.booking.domain.rules import may_cancel
from services.booking.events import AppointmentCancelled, AppointmentCreated
from services.booking.models import (
    NO_DOUBLE_BOOKING,
    Appointment,
    AppointmentService,
    Attendance,
    BookingForm,
    Client,
    Location,
    Reservation,
    Visit,
)
from services.booking.use_cases.choice import Choice, choose_people
from services.booking.use_cases.clients import contact_of, find_or_add_client
from services.booking.use_cases.finding import find_by_hash, find_location
from services.booking.use_cases.locks import lock_appointment
from services.common.calls import Call
from services.common.commands import forget
from services.common.db import violates
from services.common.errors import Conflict, Forbidden, Invalid
from services.common.outbox import announce


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is the same for all appointments of one request."""

    contact: dict[str, Any]
    comment: str = ""
    sms_reminder_hours: int = 0
    email_reminder_hours: int = 0
    api_id: str | None = None
    form_id: int | None = None
    source: str | None = None
    is_mobile: bool = False
    referrer: str | None = None


def check_appointments(
    session: Session, *, location_id: int, appointments: Sequence[dict[str, Any]], now: datetime
) -> None:
    """Refuse exactly what ``book_appointments`` would refuse at this moment, and change nothing."""
    location = find_location(session, location_id)
    _refuse_when_paused(location)
    choose_people(session, location, appointments, now=now, lock=False)


def book_appointments(
    session: Session,
    *,
    location_id: int,
    client: dict[str, Any],
    appointments: Sequence[dict[str, Any]],
    call: Call,
    **rest: Any,
) -> list[tuple[int, Appointment]]:
    """Book every wished appointment, or refuse with the handle of the first that cannot be had."""
    now = call.now
    location = find_location(session, location_id)
    _refuse_when_paused(location)
    _refuse_paused_form(session, rest.get("form_id"))
    if location.comment_required and not rest["comment"].strip():
        raise Invalid("comment_required", fields={"comment": "required"})
    details = Details(contact=contact_of(client, location), **rest)
    choices = choose_people(session, location, appointments, now=now, lock=True)
    person = find_or_add_client(session, location.business_id, details.contact, now=now)
    visits: dict[date, Visit] = {}
    booked = []
    for choice, wish in zip(choices, appointments, strict=True):
        day = day_of(choice.start, ZoneInfo(location.timezone))
        if day not in visits:
            visits[day] = _add_visit(session, location, person, now)
        appointment = _add_appointment(
            session, location, visits[day], choice, details, wish["custom_fields"], call
        )
        _reserve(session, appointment, choice)
        announce(session, AppointmentCreated.of(appointment))
        booked.append((choice.handle, appointment))
    return booked


def cancel_appointment(
    session: Session, *, appointment_id: int, hash: str, now: datetime
) -> Appointment:
    """Give the time back, within the location's policy. Cancelled already: nothing happens."""
    lock_appointment(session, appointment_id)
    appointment = find_by_hash(session, appointment_id, hash)
    if appointment.is_cancelled:
        return appointment
    location = appointment.location
    refusal = may_cancel(
        seconds_of(appointment.starts_at),
        now=seconds_of(now),
        allowed=location.cancel_allowed,
        notice_seconds=location.cancel_notice_seconds,
    )
    if refusal is not None:
        hours = location.cancel_notice_seconds / 3600
        raise Forbidden(refusal, params={"hours": f"{hours:g}"})
    appointment.cancelled_at = appointment.changed_at = now
    appointment.version += 1
    session.execute(delete(Reservation).where(Reservation.appointment_id == appointment.id))
    if appointment.visit.command_id is not None:
        forget(session, appointment.visit.command_id)
    session.flush()
    announce(session, AppointmentCancelled.of(appointment))
    return appointment


def _refuse_when_paused(location: Location) -> None:
    if location.is_paused:
        raise Forbidden("booking_paused")


def _refuse_paused_form(session: Session, form_id: int | None) -> None:
    form = session.get(BookingForm, form_id) if form_id is not None else None
    if form is not None and form.paused_at is not None:
        raise Forbidden("booking_paused")


def _add_visit(session: Session, location: Location, client: Client, now: datetime) -> Visit:
    visit = Visit(
        business_id=location.business_id,
        location_id=location.id,
        client_id=client.id,
        command_id=session.info.get("natural_command_id"),
        created_at=now,
    )
    session.add(visit)
    session.flush()
    return visit


def _add_appointment(
    session: Session,
    location: Location,
    visit: Visit,
    choice: Choice,
    details: Details,
    custom_fields: dict[str, Any],
    call: Call,
) -> Appointment:
    appointment = Appointment(
        visit=visit,
        business_id=location.business_id,
        location=location,
        staff=choice.staff,
        client_id=visit.client_id,
        hash=secrets.token_hex(16),
        version=1,
        starts_at=moment_of(choice.start),
        ends_at=moment_of(choice.start) + timedelta(seconds=choice.duration),
        wall_start=wall_of(choice.start, ZoneInfo(location.timezone)),
        timezone=location.timezone,
        staff_requested=choice.staff_requested,
        is_online=True,
        attendance=Attendance.WAITING,
        comment=details.comment,
        contact=details.contact,
        custom_fields=custom_fields,
        sms_reminder_hours=details.sms_reminder_hours,
        email_reminder_hours=details.email_reminder_hours,
        locale=call.locale,
        api_id=details.api_id,
        partner_id=call.viewer.get("partner_id"),
        form_id=details.form_id,
        source=details.source,
        is_mobile=details.is_mobile,
        referrer=details.referrer,
        created_at=call.now,
        changed_at=call.now,
        services=_lines(location, choice),
    )
    session.add(appointment)
    session.flush()
    return appointment


def _lines(location: Location, choice: Choice) -> list[AppointmentService]:
    return [
        AppointmentService(
            service_id=offer.service.id,
            position=position,
            title=offer.service.title,
            duration_seconds=offer.duration_seconds,
            currency=location.currency,
            price_minor=offer.price_min_minor,
            price_min_minor=offer.price_min_minor,
            price_max_minor=offer.price_max_minor,
            discount_percent=offer.service.discount_percent,
            prepayment=offer.service.prepayment.value,
        )
        for position, offer in enumerate(choice.offers)
    ]


def _reserve(session: Session, appointment: Appointment, choice: Choice) -> None:
    """Take the time, or find that it was taken by somebody who did not queue."""
    session.add(
        Reservation(
            business_id=appointment.business_id,
            staff_id=choice.staff.id,
            appointment_id=appointment.id,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, NO_DOUBLE_BOOKING):
            raise Conflict("slot_taken", handle=choice.handle) from error
        raise
