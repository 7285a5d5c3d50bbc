"""A past appointment as the beginning of another one."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.repeats import why_not_location, why_not_service, why_not_staff
from services.booking.models import Appointment, Service, StaffMember, StaffService
from services.booking.use_cases.finding import find_own
from services.common.calls import Call
from services.common.errors import Forbidden


def get_repeat(
    session: Session, *, appointment_id: int, hash: str | None, call: Call
) -> dict[str, Any]:
    """What to prefill, and what is no longer offered; for visits that are over or cancelled."""
    appointment = find_own(session, appointment_id, hash, call)
    if appointment.ends_at > call.now and not appointment.is_cancelled:
        raise Forbidden("visit_not_over")
    location, member = appointment.location, appointment.staff
    services = _services(session, appointment)
    offered = {one["id"] for one in services if one["reason"] is None}
    staff_reason = why_not_staff(
        is_fired=member.fired_at is not None,
        last_day=member.last_day,
        today=call.now.astimezone(ZoneInfo(location.timezone)).date(),
        is_online=member.is_online,
        gives_all=offered <= {one["id"] for one in services if one["is_given_by_staff"]},
    )
    return {
        "appointment_id": appointment.id,
        "location": {
            "id": location.id,
            "title": location.public_title or location.title,
            "reason": why_not_location(
                is_closed=location.closed_at is not None, is_paused=location.is_paused
            ),
        },
        "staff": {"id": member.id, "name": member.name, "reason": staff_reason},
        "staff_requested": appointment.staff_requested,
        "services": services,
        "comment": appointment.comment,
        "custom_fields": appointment.custom_fields,
    }


def _services(session: Session, appointment: Appointment) -> list[dict[str, Any]]:
    """The services in their order, each with the reason why it cannot be had again."""
    lines = appointment.services
    ids = {line.service_id for line in lines}
    services = {
        service.id: service
        for service in session.scalars(select(Service).where(Service.id.in_(ids)))
    }
    givers = session.execute(
        select(StaffService.service_id, StaffService.staff_id)
        .join(StaffMember, StaffMember.id == StaffService.staff_id)
        .where(
            StaffService.service_id.in_(ids),
            StaffMember.is_online,
            StaffMember.fired_at.is_(None),
        )
    )
    given = {(service_id, staff_id) for service_id, staff_id in givers}
    given_at_all = {service_id for service_id, _ in given}
    return [
        {
            "id": line.service_id,
            "title": line.title,
            "is_given_by_staff": (line.service_id, appointment.staff_id) in given,
            "reason": why_not_service(
                is_archived=services[line.service_id].archived_at is not None,
                is_online=services[line.service_id].is_online,
                is_given=line.service_id in given_at_all,
            ),
        }
        for line in lines
    ]
