"""The rows of an appointment, and the time it takes. Whoever calls has locked the staff members."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import moment_of, seconds_of, wall_of
from services.booking.domain.intervals import Interval, merge, subtract
from services.booking.domain.money import discounted
from services.booking.models import (
    APPOINTMENTS,
    LINES,
    VISITS,
    Appointment,
    AppointmentService,
    Attendance,
    Client,
    Location,
    Reservation,
    StaffMember,
    Visit,
)
from services.booking.use_cases.free_time import tell_of_free_time
from services.booking.use_cases.offers import (
    Need,
    Offer,
    resources_needed,
    services_by_id,
)
from services.booking.use_cases.reservations import (
    COUNTS,
    WITHIN,
    Taken,
    between,
    take,
    taken_as_of,
)
from services.common.calls import Call
from services.common.commands import forget
from services.common.db import values_of
from services.common.roundtrips import LATER


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What an appointment says beside who, when and what."""

    contact: dict[str, Any]
    comment: str = ""
    sms_reminder_hours: int = 0
    email_reminder_hours: int = 0
    api_id: str | None = None
    form_id: int | None = None
    source: str | None = None
    is_mobile: bool = False
    referrer: str | None = None
    custom_fields: dict[str, Any] = field(default_factory=dict)
    attributed_to: str | None = None
    label_ids: list[int] = field(default_factory=list)
    color: str = ""
    attendance: Attendance = Attendance.WAITING


@dataclass(frozen=True)
class Slot:
    """Whose time, from when (an instant) and how much of it; with which rooms and devices."""

    staff: StaffMember
    start: int
    need: Need
    staff_requested: bool = True
    instance_ids: tuple[int, ...] = ()


def new_visit(session: Session, location: Location, client: Client | None, now: datetime) -> Visit:
    return Visit(
        business_id=location.business_id,
        location_id=location.id,
        client=client,
        client_id=client and client.id,
        command_id=session.info.get("natural_command_id"),
        created_at=now,
    )


def new_appointment(
    location: Location,
    visit: Visit,
    slot: Slot,
    lines: Sequence[AppointmentService],
    facts: Facts,
    call: Call,
) -> Appointment:
    """An appointment that is written when its time is taken."""
    is_online = who_acts(call) == "client"
    appointment = Appointment(
        visit=visit,
        business_id=location.business_id,
        location=location,
        location_id=location.id,
        client=visit.client,
        client_id=visit.client_id,
        hash=secrets.token_hex(16),
        version=1,
        seats=1,
        is_online=is_online,
        confirmed=not is_online,
        created_by=who_acts(call),
        created_by_user_id=call.viewer.get("user_id"),
        locale=call.locale,
        partner_id=call.viewer.get("partner_id"),
        created_at=call.now,
        services=list(lines),
        **vars(facts),
    )
    place(appointment, slot)
    touch(appointment, call)
    return appointment


def place(appointment: Appointment, slot: Slot) -> None:
    """Put the appointment at this time of this person, on the clock of its location.

    What was said of a busy time was said of the time before.
    """
    location = appointment.location
    appointment.staff = slot.staff
    appointment.staff_id = slot.staff.id
    appointment.staff_requested = slot.staff_requested
    appointment.starts_at = moment_of(slot.start)
    appointment.ends_at = moment_of(slot.start + slot.need.duration)
    appointment.buffer_seconds = slot.need.buffer
    appointment.resource_instance_ids = list(slot.instance_ids)
    appointment.wall_start = wall_of(slot.start, ZoneInfo(location.timezone))
    appointment.timezone = location.timezone
    appointment.saved_over_busy = False


def need_taken(session: Session, appointment: Appointment) -> Need:
    """What the appointment takes: its time as it stands, and what its services need by now."""
    length = appointment.ends_at - appointment.starts_at
    service_ids = {line.service_id for line in appointment.services}
    services = services_by_id(session, appointment.location_id, service_ids)
    return Need(
        int(length.total_seconds()), appointment.buffer_seconds, resources_needed(services.values())
    )


def touch(appointment: Appointment, call: Call) -> None:
    appointment.changed_at = call.now
    appointment.changed_by = who_acts(call)


def who_acts(call: Call) -> str:
    kind = call.viewer.get("kind")
    return kind if kind in ("staff", "import") else "client"


def lines_of(location: Location, offers: Sequence[Offer]) -> list[AppointmentService]:
    """The lines of an appointment, with the offers' titles, lengths and prices of this moment."""
    return [
        AppointmentService(
            service_id=offer.service.id,
            position=position,
            title=offer.service.title,
            duration_seconds=offer.duration_seconds,
            currency=location.currency,
            price_minor=discounted(offer.price_min_minor, offer.service.discount_percent),
            price_min_minor=offer.price_min_minor,
            price_max_minor=offer.price_max_minor,
            discount_percent=offer.service.discount_percent,
            amount=1,
            prepayment=offer.service.prepayment.value,
        )
        for position, offer in enumerate(offers)
    ]


def reserve(
    session: Session, appointment: Appointment, *, now: datetime, handle: int | None = None
) -> None:
    """Take the time of the appointment, which is written if it is new.

    Or find that it was taken by somebody who did not queue.
    """
    whole = [(appointment.starts_at, appointment.free_again_at)]
    _reserve(session, appointment, whole, now=now, handle=handle)


def reserve_what_is_free(
    session: Session, appointment: Appointment, *, lacks_resources: bool, now: datetime
) -> None:
    """Take what nobody else has of the time; what others have, or hold, stays theirs."""
    taken = session.execute(
        select(Reservation.starts_at, Reservation.ends_at).where(
            Reservation.staff_id == appointment.staff_id, WITHIN, COUNTS
        ),
        {**between(appointment.starts_at, appointment.free_again_at), **taken_as_of(now)},
    )
    busy = merge(Interval(seconds_of(start), seconds_of(end)) for start, end in taken)
    whole = Interval(seconds_of(appointment.starts_at), seconds_of(appointment.free_again_at))
    free = subtract(merge([whole]), busy)
    appointment.saved_over_busy = bool(busy) or lacks_resources
    _reserve(session, appointment, [(moment_of(a), moment_of(b)) for a, b in free], now=now)


def release(session: Session, appointment: Appointment) -> None:
    """Give the time back. Whoever now asks for it in the words of then does not mean that again."""
    session.execute(delete(Reservation).where(Reservation.appointment_id == appointment.id))
    if appointment.visit.command_id is not None:
        forget(session, appointment.visit.command_id)
    tell_of_free_time(session, [appointment.location_id])


_VISIT = insert(VISITS).returning(VISITS.c.id)
_APPOINTMENT = insert(APPOINTMENTS).returning(APPOINTMENTS.c.id)
_LINE = insert(LINES).inline().execution_options(**LATER)


def write_appointment(session: Session, appointment: Appointment) -> None:
    """Write the appointment with its lines, and its visit before the first of that visit.

    Most of what a booking costs is writing these rows; without the ORM it is half as much.
    """
    visit = appointment.visit
    if "id" not in vars(visit):
        visit.id = session.scalar(_VISIT, values_of(visit))
    appointment.visit_id = visit.id
    appointment.id = session.scalar(_APPOINTMENT, values_of(appointment))
    about = {"appointment_id": appointment.id}
    if lines := [values_of(line) | about for line in appointment.services]:
        session.execute(_LINE, lines)


def _reserve(
    session: Session,
    appointment: Appointment,
    times: Sequence[tuple[datetime, datetime]],
    *,
    now: datetime,
    handle: int | None = None,
) -> None:
    """Reserve these times of the staff member, and all of it of each room and device."""
    if "id" not in vars(appointment):
        write_appointment(session, appointment)
    take(session, takes_of(appointment, times), now=now, handle=handle)


def takes_of(
    appointment: Appointment, times: Sequence[tuple[datetime, datetime]]
) -> list[tuple[Mapping[str, Any], Taken]]:
    """These times of the staff member, and all of the appointment's of its rooms and devices."""
    owner = {"business_id": appointment.business_id, "appointment_id": appointment.id}
    takes: list[Taken] = [
        *((appointment.staff_id, None, start, end) for start, end in times),
        *(
            (None, instance_id, appointment.starts_at, appointment.free_again_at)
            for instance_id in appointment.resource_instance_ids
        ),
    ]
    return [(owner, one) for one in takes]
