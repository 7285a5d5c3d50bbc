"""The places of a client: those they have been to or will, and their favourites."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from services.booking.models import Appointment, Business, Favourite, Location
from services.booking.use_cases.clients import own_client_ids
from services.booking.use_cases.own_users import is_of_viewer
from services.booking.use_cases.permissions import refuse_strangers
from services.booking.views.places import show_locations
from services.common.calls import Call


def list_own_places(session: Session, *, page: int, page_size: int, call: Call) -> dict[str, Any]:
    """Every location where the viewer ever had an appointment, the one of the latest first.

    Whoever made it, and whether it is over, still to come or cancelled. Closed ones, too.
    """
    latest = (
        select(Appointment.location_id, func.max(Appointment.starts_at).label("at"))
        .where(Appointment.client_id.in_(own_client_ids(session, call, None)))
        .group_by(Appointment.location_id)
        .subquery()
    )
    wanted = select(Location).join(latest, latest.c.location_id == Location.id)
    return _page(session, wanted, latest.c.at.desc(), page, page_size, call)


def list_favourites(session: Session, *, page: int, page_size: int, call: Call) -> dict[str, Any]:
    """The viewer's favourites, the newest first; of businesses that the front end is for."""
    refuse_strangers(call)
    kept = (
        select(Favourite.location_id, func.max(Favourite.created_at).label("at"))
        .where(is_of_viewer(Favourite.user_id, call))
        .group_by(Favourite.location_id)
        .subquery()
    )
    wanted = (
        select(Location)
        .join(kept, kept.c.location_id == Location.id)
        .join(Business, Business.id == Location.business_id)
        .where(Business.client_accounts)
    )
    within = call.viewer.get("partner_business_ids")
    if within is not None:
        wanted = wanted.where(Location.business_id.in_(within))
    return _page(session, wanted, kept.c.at.desc(), page, page_size, call)


def _page(
    session: Session, wanted: Select[Location], order: Any, page: int, page_size: int, call: Call
) -> dict[str, Any]:
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    found = session.scalars(
        wanted.options(
            joinedload(Location.business, innerjoin=True),
            joinedload(Location.city, innerjoin=True),
        )
        .order_by(order, Location.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    shown = show_locations(session, found, with_next_slot=False, with_forms=False, now=call.now)
    return {"items": shown, "total": total}
