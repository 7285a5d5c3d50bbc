"""Appointments for calendar programs."""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.domain.calendars import Entry, calendar_of
from services.booking.models import Appointment, MergedUser
from services.booking.use_cases.clients import own_client_ids
from services.booking.use_cases.feeds import find_feed, get_feed
from services.booking.use_cases.finding import find_own, with_relations
from services.booking.views.appointments import instant
from services.common.calls import Call

MOST_ENTRIES = 1000
FEED_TITLE = "Kabinet"


def get_calendar_file(
    session: Session, *, appointment_id: int, hash: str | None, call: Call
) -> dict[str, Any]:
    """One appointment, for whoever knows its hash or is its client."""
    appointment = find_own(session, appointment_id, hash, call)
    return {"content": calendar_of([_entry(appointment)])}


def get_calendar(session: Session, *, token: str, call: Call) -> dict[str, Any]:
    """All appointments of the client whose address this is: the newest thousand, cancelled too.

    It shows what the front end may show that made it, at businesses that have accounts.
    """
    feed = find_feed(session, token)
    merged = select(MergedUser.into_user_id).where(MergedUser.user_id == feed.user_id)
    viewer = {
        "kind": "client",
        "user_id": session.scalar(select(func.coalesce(merged.scalar_subquery(), feed.user_id))),
        "partner_business_ids": feed.business_ids,
    }
    client_ids = own_client_ids(session, replace(call, viewer=viewer), None)
    found = session.scalars(
        with_relations(select(Appointment).where(Appointment.client_id.in_(client_ids)))
        .order_by(Appointment.starts_at.desc(), Appointment.id)
        .limit(MOST_ENTRIES)
    )
    return {"content": calendar_of([_entry(one) for one in found], name=FEED_TITLE)}


def get_calendar_feed(session: Session, *, call: Call) -> dict[str, Any]:
    """Whether the viewer has a feed, and since when; its address was told when it was made."""
    feed = get_feed(session, call=call)
    return {"is_on": feed is not None, "created_at": instant(feed.created_at) if feed else None}


def _entry(appointment: Appointment) -> Entry:
    location = appointment.location
    place = location.public_title or location.title
    services = ", ".join(line.title for line in appointment.services)
    # Many addresses name their city.
    city = "" if location.city.title in location.address else location.city.title
    return Entry(
        secret=appointment.hash,
        version=appointment.version,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        wall_start=appointment.wall_start,
        timezone=appointment.timezone,
        changed_at=appointment.changed_at,
        created_at=appointment.created_at,
        is_cancelled=appointment.is_cancelled,
        title=f"{services} · {place}" if services else place,
        place=", ".join(part for part in (place, location.address, city) if part),
        details=[part for part in (services, appointment.staff.name, *location.phones) if part],
        url=location.site,
        latitude=location.latitude,
        longitude=location.longitude,
    )
