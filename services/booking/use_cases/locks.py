"""The locks under which time is given away; the constraint alone could deadlock.

Taken once in a transaction, in the order of ids, staff before anything else,
and only against each other: whoever merely reads is not kept waiting.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.booking.models import Appointment, Business, Location, StaffMember

_STAFF = (
    select(StaffMember.id)
    .where(StaffMember.id.in_(bindparam("ids", expanding=True)))
    .order_by(StaffMember.id)
    .with_for_update(key_share=True)
)


def lock_staff(session: Session, staff_ids: Iterable[int]) -> None:
    """Queue for these people's time until the transaction ends."""
    session.execute(_STAFF, {"ids": sorted(set(staff_ids))})


def lock_appointment(session: Session, appointment_id: int) -> None:
    """Queue for this appointment until the transaction ends."""
    session.execute(
        select(Appointment.id)
        .where(Appointment.id == appointment_id)
        .with_for_update(key_share=True)
    )


def lock_location(session: Session, location_id: int) -> None:
    """Queue for the settings of this location until the transaction ends."""
    session.execute(
        select(Location.id).where(Location.id == location_id).with_for_update(key_share=True)
    )


def lock_business(session: Session, business_id: int) -> None:
    """Queue for giving this business another client until the transaction ends."""
    session.execute(
        select(Business.id).where(Business.id == business_id).with_for_update(key_share=True)
    )
