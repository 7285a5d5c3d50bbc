"""Visits, and a client's visits page by page of days."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import day_of, seconds_of
from services.booking.domain.day_pages import DayPage, pages_around
from services.booking.models import Appointment, Attendance, Client, Location
from services.booking.use_cases.client_base import find_client
from services.booking.use_cases.finding import with_relations
from services.booking.use_cases.permissions import staff_location
from services.booking.use_cases.visits import find_visit, visit_at
from services.booking.views.desk import show_for_staff
from services.common.calls import Call
from services.common.errors import Invalid
from services.common.phones import normal_phone
from services.common.rights import Permission

MOST_READ = 10_000


def get_visit(session: Session, *, visit_id: int, call: Call) -> dict[str, Any]:
    visit, location = find_visit(session, visit_id, call, Permission.APPOINTMENTS_VIEW)
    found = session.scalars(
        with_relations(select(Appointment).where(Appointment.visit_id == visit.id)).order_by(
            Appointment.starts_at, Appointment.id
        )
    ).all()
    return {
        "id": visit.id,
        "client_id": visit.client_id,
        "timezone": location.timezone,
        "created_at": visit.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "appointments": show_for_staff(session, location, found, call),
    }


def get_visit_details(
    session: Session, *, location_id: int, appointment_id: int, visit_id: int, call: Call
) -> dict[str, Any]:
    location, appointment = visit_at(
        session,
        location_id=location_id,
        appointment_id=appointment_id,
        visit_id=visit_id,
        call=call,
    )
    [shown] = show_for_staff(session, location, [appointment], call)
    return shown


def list_client_visits(
    session: Session,
    *,
    location_id: int,
    client_id: int | None,
    phone: str | None,
    attendance: str | None,
    from_day: date | None,
    to_day: date | None,
    page_size: int,
    call: Call,
) -> dict[str, Any]:
    """One client's appointments in the business, the newest first, whole days on a page."""
    location = staff_location(session, call, location_id, Permission.CLIENTS_VIEW)
    client_ids = _clients(session, location, client_id, phone)
    conditions: list[ColumnElement[bool]] = [
        Appointment.business_id == location.business_id,
        Appointment.client_id.in_(client_ids),
        Appointment.cancelled_at.is_(None),
    ]
    if attendance is not None:
        conditions.append(Appointment.attendance == Attendance(attendance))
    rows = session.execute(
        select(Appointment.id, Appointment.starts_at)
        .where(*conditions)
        .order_by(Appointment.starts_at.desc(), Appointment.id.desc())
        .limit(MOST_READ)
    ).all()
    zone = ZoneInfo(location.timezone)
    days = [day_of(seconds_of(starts_at), zone) for _, starts_at in rows]
    pages = pages_around(days, from_day=from_day, to_day=to_day, size=page_size)
    current = pages.current
    ids = [] if current is None else [row.id for row in rows[current.start : current.end]]
    found = session.scalars(
        with_relations(select(Appointment).where(Appointment.id.in_(ids))).order_by(
            Appointment.starts_at.desc(), Appointment.id.desc()
        )
    ).all()
    return {
        "items": show_for_staff(session, location, found, call),
        "pages": {
            "previous": _show_page(pages.previous),
            "current": _show_page(current),
            "next": _show_page(pages.next),
        },
    }


def _clients(
    session: Session, location: Location, client_id: int | None, phone: str | None
) -> list[int]:
    if client_id is not None:
        return [find_client(session, location, client_id).id]
    if not phone:
        raise Invalid("field_missing", fields={"client_id": "field_missing"})
    return list(
        session.scalars(
            select(Client.id).where(
                Client.business_id == location.business_id,
                Client.phone == normal_phone(phone, location.city.country_code),
                Client.deleted_at.is_(None),
            )
        )
    )


def _show_page(page: DayPage | None) -> dict[str, Any] | None:
    if page is None:
        return None
    return {
        "from_day": page.from_day.isoformat(),
        "to_day": page.to_day.isoformat(),
        "count": page.count,
    }
