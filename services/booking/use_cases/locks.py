"""The locks under which time is given away; the constraint alone could deadlock.

Taken once in a transaction, in the order of ids, staff before anything else, a class before
its appointments, and only against each other: whoever merely reads is not kept waiting.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.booking.models import (
    Appointment,
    Business,
    GroupClass,
    Location,
    Resource,
    StaffMember,
)
from services.common.errors import Conflict

_STAFF = (
    select(StaffMember.id, StaffMember.last_day, StaffMember.fired_at)
    .where(StaffMember.id.in_(bindparam("ids", expanding=True)))
    .order_by(StaffMember.id)
    .with_for_update(key_share=True)
)


def lock_staff(session: Session, staff_ids: Iterable[int]) -> dict[int, date | None]:
    """Queue for these people's time until the transaction ends.

    Who of them works there now, and until which day, for those who are leaving.
    """
    rows = session.execute(_STAFF, {"ids": sorted(set(staff_ids))})
    return {staff_id: last_day for staff_id, last_day, fired_at in rows if fired_at is None}


def lock_chosen(session: Session, staff: Iterable[StaffMember], beside: Iterable[int] = ()) -> None:
    """Queue for the time of people who were chosen already, and of others besides.

    ``busy`` when one of the chosen was dismissed meanwhile: looked at anew, there are others.
    """
    chosen = {member.id: member.last_day for member in staff}
    locked = lock_staff(session, [*chosen, *beside])
    if {one: locked[one] for one in chosen if one in locked} != chosen:
        raise Conflict("busy")


def lock_location(session: Session, location_id: int) -> None:
    """Queue for changes of a location and its catalogue; who books there is not kept waiting."""
    session.execute(
        select(Location.id).where(Location.id == location_id).with_for_update(key_share=True)
    )


def lock_locations(session: Session, business_id: int) -> None:
    """The same for all locations of a business."""
    session.execute(
        select(Location.id)
        .where(Location.business_id == business_id)
        .order_by(Location.id)
        .with_for_update(key_share=True)
    )


def lock_resources(session: Session, resource_ids: Iterable[int]) -> None:
    """Queue for the instances of these resources until the transaction ends."""
    if wanted := sorted(set(resource_ids)):
        session.execute(
            select(Resource.id)
            .where(Resource.id.in_(wanted))
            .order_by(Resource.id)
            .with_for_update(key_share=True)
        )


def lock_class(session: Session, class_id: int) -> None:
    """Queue for the seats of this class until the transaction ends."""
    session.execute(
        select(GroupClass.id).where(GroupClass.id == class_id).with_for_update(key_share=True)
    )


def lock_appointment(session: Session, appointment_id: int) -> None:
    """Queue for this appointment until the transaction ends."""
    session.execute(
        select(Appointment.id)
        .where(Appointment.id == appointment_id)
        .with_for_update(key_share=True)
    )


def lock_business(session: Session, business_id: int) -> None:
    """Queue for giving this business another client until the transaction ends."""
    session.execute(
        select(Business.id).where(Business.id == business_id).with_for_update(key_share=True)
    )
