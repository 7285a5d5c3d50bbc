"""Writing very many appointments at once, in a few statements; else as in ``writing``."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.booking.models import APPOINTMENTS, LINES, VISITS, Appointment
from services.booking.use_cases.reservations import take
from services.booking.use_cases.writing import takes_of
from services.common.db import values_of

_VISITS = insert(VISITS).returning(VISITS.c.id, sort_by_parameter_order=True)
_APPOINTMENTS = insert(APPOINTMENTS).returning(APPOINTMENTS.c.id, sort_by_parameter_order=True)


def write_many(session: Session, appointments: Sequence[Appointment], *, now: datetime) -> None:
    """Write new appointments, each with its visit and lines, and take their time."""
    if not appointments:
        return
    visits = [appointment.visit for appointment in appointments]
    for visit, row_id in zip(
        visits, session.scalars(_VISITS, list(map(values_of, visits))), strict=True
    ):
        visit.id = row_id
    for appointment in appointments:
        appointment.visit_id = appointment.visit.id
    ids = session.scalars(_APPOINTMENTS, list(map(values_of, appointments)))
    for appointment, row_id in zip(appointments, ids, strict=True):
        appointment.id = row_id
    session.execute(
        insert(LINES),
        [
            values_of(line) | {"appointment_id": appointment.id}
            for appointment in appointments
            for line in appointment.services
        ],
    )
    reserve_many(session, appointments, now=now)


def reserve_many(session: Session, appointments: Sequence[Appointment], *, now: datetime) -> None:
    """Take the time of these appointments."""
    takes = [
        taken
        for one in appointments
        for taken in takes_of(one, [(one.starts_at, one.free_again_at)])
    ]
    take(session, takes, now=now)
