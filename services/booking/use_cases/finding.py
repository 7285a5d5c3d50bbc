"""Finding what a call is about, or refusing because there is no such thing."""

import hmac

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from services.booking.models import Appointment, Location, StaffMember
from services.booking.use_cases.clients import own_client_ids
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.rights import is_within_key

_LOCATION = (
    select(Location)
    .where(Location.id == bindparam("location_id"), Location.closed_at.is_(None))
    .options(
        joinedload(Location.business, innerjoin=True),
        joinedload(Location.city, innerjoin=True),
    )
)


def find_location(session: Session, location_id: int) -> Location:
    """The location with its business and city, or ``location_not_found``."""
    location: Location | None = session.scalar(_LOCATION, {"location_id": location_id})
    if location is None:
        raise NotFound("location_not_found", fields={"location_id": str(location_id)})
    return location


def find_appointment(session: Session, appointment_id: int) -> Appointment:
    """The appointment with all its relations, or ``appointment_not_found``."""
    appointment = session.scalar(
        with_relations(select(Appointment).where(Appointment.id == appointment_id))
    )
    if appointment is None:
        raise NotFound("appointment_not_found")
    return appointment


def with_relations(wanted: Select[Appointment]) -> Select[Appointment]:
    """The same appointments, with everything that is shown of one."""
    return wanted.options(
        joinedload(Appointment.location, innerjoin=True).options(
            joinedload(Location.business, innerjoin=True),
            joinedload(Location.city, innerjoin=True),
        ),
        joinedload(Appointment.staff, innerjoin=True).joinedload(StaffMember.position),
        joinedload(Appointment.client),
        joinedload(Appointment.visit, innerjoin=True),
        selectinload(Appointment.services),
    )


def find_own(
    session: Session,
    appointment_id: int,
    hash: str | None,
    call: Call,
    location_id: int | None = None,
) -> Appointment:
    """The appointment, for whoever knows its hash or is the client whose it is.

    Anybody else, a wrong hash, another location and a key for other businesses
    get the same ``appointment_not_found`` as an unknown id.
    """
    appointment = find_appointment(session, appointment_id)
    if (
        location_id not in (None, appointment.location_id)
        or not is_within_key(call.viewer, appointment.location.business_id)
        or not (_knows(appointment, hash) or _is_own(session, appointment, call))
    ):
        raise NotFound("appointment_not_found")
    return appointment


def find_by_hash(session: Session, appointment_id: int, hash: str) -> Appointment:
    """The appointment with its client, for whoever knows its hash, or ``appointment_not_found``."""
    appointment = session.scalar(
        select(Appointment)
        .where(Appointment.id == appointment_id)
        .options(joinedload(Appointment.client))
    )
    if appointment is None or not _knows(appointment, hash):
        raise NotFound("appointment_not_found")
    return appointment


def _knows(appointment: Appointment, hash: str | None) -> bool:
    return hash is not None and hmac.compare_digest(appointment.hash.encode(), hash.encode())


def _is_own(session: Session, appointment: Appointment, call: Call) -> bool:
    """Whether the viewer is this client; an unclaimed one is, to whoever will claim it."""
    return appointment.client_id in own_client_ids(session, call, appointment.business_id)
