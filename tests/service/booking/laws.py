"""What must be so of every diary, asked of its tables: each law lists whatever breaks it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    cast,
    extract,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from services.booking.models import (
    Appointment,
    AppointmentChange,
    GroupClass,
    Location,
    Reservation,
    Service,
    StaffMember,
)
from services.common.outbox import outbox

Law = Callable[[int], Select[Any]]


def seconds(moment: Any) -> ColumnElement[int]:
    return cast(extract("epoch", moment), BigInteger)


def free_again(appointment: Any) -> ColumnElement[int]:
    return seconds(appointment.ends_at) + appointment.buffer_seconds


def nobody_is_in_two_places(business_id: int) -> Select[Any]:
    """Two appointments or classes of one person meet, and nobody has said that they may."""
    one, other = _engaged(business_id), _engaged(business_id)
    return select(one.c.what, other.c.what).where(
        one.c.what < other.c.what,
        one.c.staff_id == other.c.staff_id,
        one.c.start < other.c.end,
        other.c.start < one.c.end,
    )


def _engaged(business_id: int) -> Subquery:
    """Who is engaged from when until when, and not because staff saved it over a busy time."""
    return union_all(
        select(
            (Appointment.id * 2).label("what"),
            Appointment.staff_id,
            seconds(Appointment.starts_at).label("start"),
            free_again(Appointment).label("end"),
        ).where(
            Appointment.business_id == business_id,
            Appointment.class_id.is_(None),
            Appointment.cancelled_at.is_(None),
            Appointment.saved_over_busy.is_(False),
        ),
        select(
            GroupClass.id * 2 + 1,
            GroupClass.staff_id,
            seconds(GroupClass.starts_at),
            seconds(GroupClass.ends_at),
        ).where(
            GroupClass.business_id == business_id,
            GroupClass.deleted_at.is_(None),
            GroupClass.saved_over_busy.is_(False),
        ),
    ).subquery()


def no_class_has_more_guests_than_seats(business_id: int) -> Select[Any]:
    return (
        select(GroupClass.id, GroupClass.capacity, func.sum(Appointment.seats))
        .join(Appointment, Appointment.class_id == GroupClass.id)
        .where(GroupClass.business_id == business_id, Appointment.cancelled_at.is_(None))
        .group_by(GroupClass.id)
        .having(func.sum(Appointment.seats) > GroupClass.capacity)
    )


def guests_are_where_their_class_is(business_id: int) -> Select[Any]:
    """An appointment of a class that is at another time, or of one that was called off."""
    return (
        select(Appointment.id)
        .join(GroupClass, GroupClass.id == Appointment.class_id)
        .where(
            Appointment.business_id == business_id,
            Appointment.cancelled_at.is_(None),
            or_(
                Appointment.starts_at != GroupClass.starts_at,
                Appointment.ends_at != GroupClass.ends_at,
                Appointment.staff_id != GroupClass.staff_id,
                GroupClass.deleted_at.is_not(None),
            ),
        )
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
    return _not_reserved(Appointment, Reservation.appointment_id, free_again(Appointment)).where(
        Appointment.business_id == business_id,
        Appointment.class_id.is_(None),
        Appointment.cancelled_at.is_(None),
    )


def classes_are_reserved(business_id: int) -> Select[Any]:
    """A class has not exactly its time of its person."""
    return _not_reserved(GroupClass, Reservation.class_id, seconds(GroupClass.ends_at)).where(
        GroupClass.business_id == business_id, GroupClass.deleted_at.is_(None)
    )


def _not_reserved(model: Any, owner: Any, end: ColumnElement[int]) -> Select[Any]:
    of_staff = select(func.count()).where(owner == model.id, Reservation.staff_id.is_not(None))
    own = of_staff.where(
        Reservation.staff_id == model.staff_id,
        Reservation.starts_at == model.starts_at,
        seconds(Reservation.ends_at) == end,
    )
    return select(model.id).where(
        model.saved_over_busy.is_(False),
        or_(own.scalar_subquery() != 1, of_staff.scalar_subquery() != 1),
    )


def nothing_is_taken_for_nobody(business_id: int) -> Select[Any]:
    """Time is taken for what is cancelled, or outside of its time."""
    return (
        select(Reservation.id)
        .outerjoin(Appointment, Appointment.id == Reservation.appointment_id)
        .outerjoin(GroupClass, GroupClass.id == Reservation.class_id)
        .where(
            Reservation.business_id == business_id,
            or_(
                Appointment.cancelled_at.is_not(None),
                GroupClass.deleted_at.is_not(None),
                Reservation.starts_at < func.coalesce(Appointment.starts_at, GroupClass.starts_at),
                seconds(Reservation.ends_at)
                > func.coalesce(free_again(Appointment), seconds(GroupClass.ends_at)),
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
    no_class_has_more_guests_than_seats,
    guests_are_where_their_class_is,
    no_time_is_given_twice,
    what_is_booked_is_reserved,
    classes_are_reserved,
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
