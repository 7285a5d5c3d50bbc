"""Seats of classes: how many are taken, and what of an appointment its class decides."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models import Appointment, GroupClass
from services.common.errors import Conflict, Forbidden, Invalid


def seats_taken(session: Session, class_ids: Collection[int]) -> dict[int, int]:
    """How many seats are taken of each of these classes; one of which none are is absent."""
    rows = session.execute(
        select(Appointment.class_id, func.sum(Appointment.seats))
        .where(Appointment.class_id.in_(class_ids), Appointment.cancelled_at.is_(None))
        .group_by(Appointment.class_id)
    )
    return {class_id or 0: int(seats) for class_id, seats in rows}


def refuse_without_seats(
    session: Session, group: GroupClass, seats: int, *, most: int, had: int = 0
) -> None:
    """``class_full`` unless so many seats are free, or were ``had`` by who asks.

    Whoever calls has locked the class.
    """
    if seats > max(most, had):
        raise Invalid("too_many_seats", fields={"seats": f"at most {most}"}, params={"most": most})
    free = group.capacity - seats_taken(session, [group.id]).get(group.id, 0)
    if seats > free + had:
        raise Conflict("class_full", fields={"seats": f"{free} free"}, params={"free": free})


def refuse_apart_from_class(appointment: Appointment, wanted: Mapping[str, Any]) -> None:
    """``part_of_a_class`` where something else is wanted of what its class decides."""
    for name, value in wanted.items():
        if value is not None and value != _decided(appointment)[name]:
            raise Forbidden("part_of_a_class", fields={name: "decided by the class"})


def _decided(appointment: Appointment) -> dict[str, Any]:
    return {
        "starts_at": appointment.starts_at,
        "staff_id": appointment.staff_id,
        "duration_seconds": int((appointment.ends_at - appointment.starts_at).total_seconds()),
        "buffer_seconds": appointment.buffer_seconds,
        "services": [line.service_id for line in appointment.services],
    }
