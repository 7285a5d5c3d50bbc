"""Lists of appointments: a client's own, and those of a location for its staff."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import local_day_bounds, moment_of
from services.booking.models import Appointment
from services.booking.use_cases.availability import moment_of_limit
from services.booking.use_cases.clients import own_client_ids
from services.booking.use_cases.finding import find_by_hash, with_relations
from services.booking.use_cases.permissions import staff_location
from services.booking.views.appointments import show_appointment
from services.booking.views.desk import show_for_staff
from services.common.calls import Call
from services.common.rights import Permission


def list_own_appointments(
    session: Session,
    *,
    business_id: int | None,
    location_id: int | None,
    kind: str,
    page: int,
    page_size: int,
    call: Call,
) -> dict[str, Any]:
    """The viewer's appointments, whoever made them: those to come first, the soonest first."""
    wanted = select(Appointment).where(
        Appointment.client_id.in_(own_client_ids(session, call, business_id))
    )
    if location_id is not None:
        wanted = wanted.where(Appointment.location_id == location_id)
    kinds: dict[str, list[ColumnElement[bool]]] = {
        "all": [],
        "upcoming": [Appointment.cancelled_at.is_(None), Appointment.starts_at > call.now],
        "past": [Appointment.cancelled_at.is_(None), Appointment.starts_at <= call.now],
        "cancelled": [Appointment.cancelled_at.is_not(None)],
    }
    wanted = wanted.where(*kinds[kind])
    order = Appointment.starts_at if kind == "upcoming" else Appointment.starts_at.desc()
    found, total = page_of(session, wanted, order, page, page_size)
    return {"items": [show_appointment(one) for one in found], "total": total}


def get_appointment_owner(session: Session, *, appointment_id: int, hash: str) -> dict[str, Any]:
    """Whose account has claimed the client of this appointment, for whoever knows its hash."""
    appointment = find_by_hash(session, appointment_id, hash)
    return {"user_id": appointment.client and appointment.client.user_id}


def get_last_answers(session: Session, *, business_id: int | None, call: Call) -> dict[str, Any]:
    """What the viewer last answered to a booking form's own questions."""
    answers = session.scalar(
        select(Appointment.custom_fields)
        .where(
            Appointment.client_id.in_(own_client_ids(session, call, business_id)),
            Appointment.is_online,
        )
        .order_by(Appointment.id.desc())
        .limit(1)
    )
    return {"custom_fields": answers or {}}


def list_appointments(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    client_id: int | None,
    created_by_user_id: int | None,
    from_day: date | None,
    to_day: date | None,
    created_from: str | None,
    created_to: str | None,
    changed_after: str | None,
    changed_before: str | None,
    with_cancelled: bool,
    page: int,
    page_size: int,
    call: Call,
) -> dict[str, Any]:
    """The location's appointments that fit, in the order of their times."""
    location = staff_location(session, call, location_id, Permission.APPOINTMENTS_VIEW)
    zone = ZoneInfo(location.timezone)
    conditions: list[ColumnElement[bool]] = [Appointment.location_id == location.id]
    if not with_cancelled:
        conditions.append(Appointment.cancelled_at.is_(None))
    if staff_id is not None:
        conditions.append(Appointment.staff_id == staff_id)
    if client_id is not None:
        conditions.append(Appointment.client_id == client_id)
    if created_by_user_id is not None:
        conditions.append(Appointment.created_by_user_id == created_by_user_id)
        conditions.append(Appointment.is_online.is_(False))
    if from_day is not None:
        conditions.append(Appointment.starts_at >= _begin(from_day, zone))
    if to_day is not None:
        conditions.append(Appointment.starts_at < _begin(to_day + timedelta(days=1), zone))
    limits: list[tuple[str | None, Callable[[datetime], ColumnElement[bool]], bool]] = [
        (created_from, lambda moment: Appointment.created_at >= moment, False),
        (created_to, lambda moment: Appointment.created_at < moment, True),
        (changed_after, lambda moment: Appointment.changed_at >= moment, False),
        (changed_before, lambda moment: Appointment.changed_at < moment, True),
    ]
    for text, condition, is_end in limits:
        if text is not None:
            conditions.append(condition(moment_of_limit(text, zone, is_end=is_end)))
    wanted = select(Appointment).where(*conditions)
    found, total = page_of(session, wanted, Appointment.starts_at, page, page_size)
    return {"items": show_for_staff(session, location, found, call), "total": total}


def page_of(
    session: Session,
    wanted: Select[Appointment],
    order: Any,
    page: int,
    page_size: int,
) -> tuple[Sequence[Appointment], int]:
    """One page of these, with all that is shown of them, and how many there are."""
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    shown = session.scalars(
        with_relations(wanted)
        .order_by(order, Appointment.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return shown.all(), total


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return moment_of(local_day_bounds(day, zone)[0])
