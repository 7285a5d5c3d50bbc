"""Appointments still to come of a person or place that there will be no longer."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.booking.models import Appointment, Location
from services.booking.use_cases.changes import cancel
from services.booking.use_cases.finding import with_relations
from services.booking.use_cases.permissions import staff_location
from services.common.calls import Call
from services.common.errors import Conflict
from services.common.rights import Permission

MOST_CANCELLED = 500
"""More than that is no decision to be taken by the way."""


def settle_future(
    session: Session,
    location: Location,
    what: str,
    *,
    since: datetime,
    staff_id: int | None = None,
    call: Call,
) -> None:
    """``keep`` the appointments from then on, ``cancel`` them, or ``refuse`` if there are any.

    Of one staff member or of all at the location; whoever calls has locked them.
    """
    if what == "keep":
        return
    count = count_future(session, location, since=since, staff_id=staff_id)
    if not count:
        return
    if what == "refuse" or count > MOST_CANCELLED:
        raise Conflict("appointments_to_come", params={"count": count})
    staff_location(session, call, location.id, Permission.APPOINTMENTS_DELETE)
    wanted = select(Appointment).where(*_future(location, since, staff_id))
    for appointment in session.scalars(
        with_relations(wanted).order_by(Appointment.id).with_for_update(of=Appointment)
    ).all():
        cancel(session, appointment, call)


def count_future(
    session: Session, location: Location, *, since: datetime, staff_id: int | None = None
) -> int:
    """How many appointments there are from then on that nobody has cancelled."""
    wanted = select(func.count()).select_from(Appointment)
    return session.scalar(wanted.where(*_future(location, since, staff_id))) or 0


def _future(location: Location, since: datetime, staff_id: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Appointment.location_id == location.id,
        Appointment.starts_at >= since,
        Appointment.cancelled_at.is_(None),
    ]
    if staff_id is not None:
        conditions.append(Appointment.staff_id == staff_id)
    return conditions
