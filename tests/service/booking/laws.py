"""What must be so of every diary, asked of its tables: each law lists whatever breaks it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, extract, func, or_, select
from sqlalchemy.orm import Session, aliased

from services.booking.models import (
    Appointment,
    AppointmentChange,
    Location,
    Reservation,
    Service,
    StaffMember,
)
from services.common.outbox import outbox

Law = Callable[[int], Select[Any]]


def seconds(moment: Any) -> ColumnElement[int]:
    return cast(extract("epoch", moment), BigInteger)


def nobody_is_in_two_places(business_id: int) -> Select[Any]:
    """Two appointments of one person meet, and nobody has said that they may."""
    one, other = aliased(Appointment), aliased(Appointment)
    return select(one.id, other.id).where(
        one.business_id == business_id,
        one.id < other.id,
        one.staff_id == other.staff_id,
        seconds(one.starts_at) < seconds(other.ends_at) + other.buffer_seconds,
        seconds(other.starts_at) < seconds(one.ends_at) + one.buffer_seconds,
        one.cancelled_at.is_(None),
        other.cancelled_at.is_(None),
        one.saved_over_busy.is_(False),
        other.saved_over_busy.is_(False),
    )


def no_time_is_given_twice(business_id: int) -> Select[Any]:
    """Two reservations take the same moment of a person or of a room: overridden or not."""
    one, other = aliased(Reservation), aliased(Reservation)
    return select(one.id, other.id).where(
        one.business_id == business_id,
        one.id < other.id,
        or_(
            one.staff_id == other.staff_id,
            one.resource_instance_id == other.resource_instance_id,
        ),
        one.starts_at < other.ends_at,
        other.starts_at < one.ends_at,
    )


def what_is_booked_is_reserved(business_id: int) -> Select[Any]:
    """An appointment has not exactly its time, with its buffer, of its person."""
    own = (
        select(func.count())
        .where(
            Reservation.appointment_id == Appointment.id,
            Reservation.staff_id == Appointment.staff_id,
            Reservation.starts_at == Appointment.starts_at,
            seconds(Reservation.ends_at)
            == seconds(Appointment.ends_at) + Appointment.buffer_seconds,
        )
        .scalar_subquery()
    )
    of_staff = (
        select(func.count())
        .where(Reservation.appointment_id == Appointment.id, Reservation.staff_id.is_not(None))
        .scalar_subquery()
    )
    return select(Appointment.id).where(
        Appointment.business_id == business_id,
        Appointment.cancelled_at.is_(None),
        Appointment.saved_over_busy.is_(False),
        or_(own != 1, of_staff != 1),
    )


def nothing_is_taken_for_nobody(business_id: int) -> Select[Any]:
    """Time is taken for an appointment that is cancelled, or outside of its time."""
    return (
        select(Reservation.id)
        .join(Appointment, Appointment.id == Reservation.appointment_id)
        .where(
            Reservation.business_id == business_id,
            or_(
                Appointment.cancelled_at.is_not(None),
                Reservation.starts_at < Appointment.starts_at,
                seconds(Reservation.ends_at)
                > seconds(Appointment.ends_at) + Appointment.buffer_seconds,
            ),
        )
    )


def every_version_has_its_change(business_id: int) -> Select[Any]:
    """The history does not tell of every version behind the first."""
    told = (
        select(func.count(AppointmentChange.version.distinct()))
        .where(AppointmentChange.appointment_id == Appointment.id)
        .scalar_subquery()
    )
    return select(Appointment.id).where(
        Appointment.business_id == business_id, Appointment.version != told + 1
    )


LAWS: tuple[Law, ...] = (
    nobody_is_in_two_places,
    no_time_is_given_twice,
    what_is_booked_is_reserved,
    nothing_is_taken_for_nobody,
    every_version_has_its_change,
)


def broken_laws(session: Session, business_id: int) -> dict[str, list[Any]]:
    """Whatever breaks a law in the diaries of that business, by the law."""
    found = {
        law.__name__: sorted(map(tuple, session.execute(law(business_id)).all())) for law in LAWS
    }
    found["every_version_is_announced"] = _unannounced(session, business_id)
    return {law: broken for law, broken in found.items() if broken}


def _unannounced(session: Session, business_id: int) -> list[Any]:
    """What the events tell other versions of than there were, or not in their order."""
    versions = _versions(session, business_id)
    told: dict[str, list[int]] = {subject: [] for subject in versions}
    for subject, envelope in session.execute(
        select(outbox.c.subject, outbox.c.envelope)
        .where(outbox.c.subject.in_(versions))
        .order_by(outbox.c.position)
    ):
        told[subject].append(envelope["sequence"])
    return [
        (subject, sequences)
        for subject, sequences in told.items()
        if sequences != sorted(sequences) or set(sequences) != set(versions[subject])
    ]


def _versions(session: Session, business_id: int) -> dict[str, range]:
    """Of what is announced, the versions that there were; what tests wrote was not announced."""
    here = Location.business_id == business_id
    found: dict[str, range] = {}
    for name, first, statement in (
        (
            "appointment",
            1,
            select(Appointment.id, Appointment.version).where(
                Appointment.business_id == business_id
            ),
        ),
        (
            "staff",
            2,
            select(StaffMember.id, StaffMember.version)
            .join(Location, Location.id == StaffMember.location_id)
            .where(here),
        ),
        (
            "service",
            2,
            select(Service.id, Service.version)
            .join(Location, Location.id == Service.location_id)
            .where(here),
        ),
        ("location", 2, select(Location.id, Location.version).where(here)),
        ("timetable", 2, select(Location.id, Location.timetable_version).where(here)),
    ):
        for one, version in session.execute(statement):
            found[f"{name}/{one}"] = range(first, version + 1)
    return found
