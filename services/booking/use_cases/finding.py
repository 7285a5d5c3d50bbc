"""Finding what a call is about, or refusing because there is no such thing."""

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from services.booking.models import Appointment, Location, StaffMember
from services.common.errors import NotFound


def find_location(session: Session, location_id: int) -> Location:
    """The location with its business and city, or ``location_not_found``."""
    location = session.scalar(
        select(Location)
        .where(Location.id == location_id, Location.closed_at.is_(None))
        .options(
            joinedload(Location.business, innerjoin=True),
            joinedload(Location.city, innerjoin=True),
        )
    )
    if location is None:
        raise NotFound("location_not_found", fields={"location_id": str(location_id)})
    return location


def find_by_hash(
    session: Session, appointment_id: int, hash: str, location_id: int | None = None
) -> Appointment:
    """The appointment with all its relations, for whoever knows its hash.

    A wrong hash, or another location, gets the same ``appointment_not_found`` as an unknown id.
    """
    appointment = session.scalar(
        select(Appointment)
        .where(Appointment.id == appointment_id)
        .options(
            joinedload(Appointment.location, innerjoin=True).options(
                joinedload(Location.business, innerjoin=True),
                joinedload(Location.city, innerjoin=True),
            ),
            joinedload(Appointment.staff, innerjoin=True).joinedload(StaffMember.position),
            joinedload(Appointment.client, innerjoin=True),
            joinedload(Appointment.visit, innerjoin=True),
            selectinload(Appointment.services),
        )
    )
    if (
        appointment is None
        or not hmac.compare_digest(appointment.hash.encode(), hash.encode())
        or location_id not in (None, appointment.location_id)
    ):
        raise NotFound("appointment_not_found")
    return appointment
