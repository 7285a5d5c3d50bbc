"""What became of an appointment: who changed what and when, written with each change.

That it was made stands in the appointment itself; a row is added for all that came after.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from services.booking.models import Appointment, AppointmentChange
from services.booking.models.base import Base
from services.booking.use_cases.writing import who_acts
from services.common.calls import Call

TIME = "%Y-%m-%dT%H:%M:%SZ"


def state_of(appointment: Appointment) -> dict[str, Any]:
    """What changes are told of: nothing personal. Its lines must be loaded."""
    return {
        "starts_at": appointment.starts_at.strftime(TIME),
        "ends_at": appointment.ends_at.strftime(TIME),
        "staff_id": appointment.staff_id,
        "attendance": appointment.attendance.value,
        "confirmed": appointment.confirmed,
        "is_cancelled": appointment.is_cancelled,
        "seats": appointment.seats,
        "services": [
            {"id": line.service_id, "title": line.title, "price_minor": line.price_minor}
            for line in appointment.services
        ],
    }


def kept_of(appointment: Appointment) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """All that is known of it and of its lines, to see whether a change has changed anything."""
    own = _values(appointment, but=("version", "changed_at", "changed_by", "client_id"))
    client = appointment.client
    lines = [_values(line, but=("id", "appointment_id")) for line in appointment.services]
    return own | {"client": client and client.id}, lines


def _values(row: Base, *, but: Collection[str]) -> dict[str, Any]:
    names = inspect(type(row)).column_attrs.keys()
    return {name: getattr(row, name) for name in names if name not in but}


def note_change(
    session: Session, appointment: Appointment, kind: str, before: dict[str, Any], call: Call
) -> None:
    """Add to the history what has led to the appointment's new version."""
    session.add(
        AppointmentChange(
            business_id=appointment.business_id,
            appointment_id=appointment.id,
            version=appointment.version,
            kind=kind,
            changed_by=who_acts(call),
            user_id=call.viewer.get("user_id"),
            partner_id=call.viewer.get("partner_id"),
            before=before,
            after=state_of(appointment),
            changed_at=call.now,
        )
    )


def history_of(session: Session, appointment: Appointment) -> list[dict[str, Any]]:
    """Everything that happened to it, from its making on; of each change what is different."""
    changes = session.scalars(
        select(AppointmentChange)
        .where(AppointmentChange.appointment_id == appointment.id)
        .order_by(AppointmentChange.version)
    ).all()
    first = changes[0].before if changes else state_of(appointment)
    made = {
        "version": 1,
        "kind": "created",
        "changed_by": appointment.created_by,
        "user_id": appointment.created_by_user_id,
        "changed_at": appointment.created_at.strftime(TIME),
        "before": {},
        "after": first,
    }
    return [made, *(_show(one) for one in changes)]


def _show(change: AppointmentChange) -> dict[str, Any]:
    different = [name for name in change.after if change.before.get(name) != change.after[name]]
    return {
        "version": change.version,
        "kind": change.kind,
        "changed_by": change.changed_by,
        "user_id": change.user_id,
        "changed_at": change.changed_at.strftime(TIME),
        "before": {name: change.before.get(name) for name in different},
        "after": {name: change.after[name] for name in different},
    }
