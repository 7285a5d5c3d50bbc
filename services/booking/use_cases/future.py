"""Appointments and classes still to come of a person or place that there will be no longer."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.booking.models import Appointment, GroupClass, Location
from services.booking.use_cases.changes import cancel
from services.booking.use_cases.classes import call_off
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
    """``keep`` what is booked from then on, ``cancel`` it, or ``refuse`` if there is any.

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
    classes = select(GroupClass).where(*_future_classes(location, since, staff_id))
    call_off(
        session,
        session.scalars(classes.order_by(GroupClass.id).with_for_update(key_share=True)).all(),
        call,
    )
    wanted = select(Appointment).where(*_future(location, since, staff_id))
    for appointment in session.scalars(
        with_relations(wanted).order_by(Appointment.id).with_for_update(of=Appointment)
    ).all():
        cancel(session, appointment, call)


def count_future(
    session: Session, location: Location, *, since: datetime, staff_id: int | None = None
) -> int:
    """How many appointments and classes there are from then on that nobody has cancelled."""
    appointments = select(func.count()).select_from(Appointment)
    classes = select(func.count()).select_from(GroupClass)
    return (session.scalar(appointments.where(*_future(location, since, staff_id))) or 0) + (
        session.scalar(classes.where(*_future_classes(location, since, staff_id))) or 0
    )


def _future_classes(
    location: Location, since: datetime, staff_id: int | None
) -> list[ColumnElement[bool]]:
    return [GroupClass.deleted_at.is_(None), *_to_come(GroupClass, location, since, staff_id)]


def _future(location: Location, since: datetime, staff_id: int | None) -> list[ColumnElement[bool]]:
    return [Appointment.cancelled_at.is_(None), *_to_come(Appointment, location, since, staff_id)]


def _to_come(
    model: type[Appointment | GroupClass],
    location: Location,
    since: datetime,
    staff_id: int | None,
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        model.location_id == location.id,
        model.starts_at >= since,
    ]
    if staff_id is not None:
        conditions.append(model.staff_id == staff_id)
    return conditions
