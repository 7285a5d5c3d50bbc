"""Locations, as clients see them."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from services.booking.domain.distances import distance_km
from services.booking.models import BookingForm, Business, Location, StaffMember
from services.booking.use_cases.availability import nearest_of_each
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.forms import default_form, leading_to
from services.booking.use_cases.offers import (
    Need,
    bookable_staff,
)
from services.common.calls import Call
from services.common.rights import Right, rights_of


def list_locations(
    session: Session,
    *,
    location_ids: Sequence[int] | None,
    business_id: int | None,
    city_id: int | None,
    title: str | None,
    near: Mapping[str, float] | None,
    form_id: int | None,
    active: bool | None,
    mine: bool,
    with_next_slot: bool,
    with_forms: bool,
    page: int,
    page_size: int,
    call: Call,
) -> dict[str, Any]:
    """One page of the locations that fit, and how many fit in all; the nearest first if asked.

    Those that the partner's key is for; with ``mine`` those at which the viewer works.
    """
    found = find_locations(
        session,
        location_ids=location_ids,
        business_id=business_id,
        city_id=city_id,
        title=title,
        form_id=form_id,
        closed=active is False,
        within=call.viewer.get("partner_business_ids"),
        worked_at=rights_of(call.viewer) if mine else None,
    )
    if near is not None:
        found = _by_distance(found, near)
    start = max(page - 1, 0) * page_size
    return {
        "items": show_locations(
            session,
            found[start : start + page_size],
            with_next_slot=with_next_slot,
            with_forms=with_forms,
            now=call.now,
        ),
        "total": len(found),
    }


def get_location(
    session: Session, *, location_id: int, with_next_slot: bool, with_forms: bool, now: datetime
) -> dict[str, Any]:
    location = find_location(session, location_id)
    [shown] = show_locations(
        session, [location], with_next_slot=with_next_slot, with_forms=with_forms, now=now
    )
    return shown


def find_locations(
    session: Session,
    *,
    location_ids: Sequence[int] | None = None,
    business_id: int | None = None,
    city_id: int | None = None,
    title: str | None = None,
    form_id: int | None = None,
    closed: bool = False,
    within: Sequence[int] | None = None,
    worked_at: Sequence[Right] | None = None,
) -> list[Location]:
    wanted = (
        select(Location)
        .where(Location.closed_at.is_not(None) if closed else Location.closed_at.is_(None))
        .options(
            joinedload(Location.business, innerjoin=True),
            joinedload(Location.city, innerjoin=True),
        )
        .order_by(Location.weight.desc(), Location.id)
    )
    if within is not None:
        wanted = wanted.where(Location.business_id.in_(within))
    if worked_at is not None:
        everywhere = [one["business_id"] for one in worked_at if one["location_id"] is None]
        single = [one["location_id"] for one in worked_at]
        wanted = wanted.where(
            or_(
                Location.business_id.in_(everywhere),
                Location.id.in_(one for one in single if one is not None),
            )
        )
    if location_ids is not None:
        wanted = wanted.where(Location.id.in_(location_ids))
    if business_id is not None:
        wanted = wanted.where(Location.business_id == business_id)
    if city_id is not None:
        wanted = wanted.where(Location.city_id == city_id)
    if title:
        wanted = wanted.where(Location.title.icontains(title, autoescape=True))
    if form_id is not None:
        form = select(BookingForm).where(BookingForm.id == form_id).subquery()
        wanted = wanted.where(
            Location.business_id == form.c.business_id,
            func.coalesce(form.c.location_id, Location.id) == Location.id,
        )
    return list(session.scalars(wanted))


def show_locations(
    session: Session,
    locations: Sequence[Location],
    *,
    with_next_slot: bool,
    with_forms: bool,
    now: datetime,
) -> list[dict[str, Any]]:
    """Locations with what belongs to them, read for all of them at once."""
    ids = [location.id for location in locations]
    staff_counts = _count_staff(session, ids)
    next_slots = _next_slots(session, locations, now) if with_next_slot else {}
    forms = _forms(session, locations) if with_forms else None
    return [
        show_location(
            location,
            active_staff_count=staff_counts.get(location.id, 0),
            next_slot_at=next_slots.get(location.id),
            forms=None if forms is None else forms.get(location.id, []),
        )
        for location in locations
    ]


def show_location(
    location: Location,
    *,
    active_staff_count: int,
    next_slot_at: str | None,
    forms: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    return {
        "id": location.id,
        "business": show_business(location.business),
        "title": location.title,
        "public_title": location.public_title or location.title,
        "short_description": location.short_description,
        "description": location.description,
        "logo_url": location.logo_url,
        "photo_urls": location.photo_urls,
        "phones": location.phones,
        "email": location.email,
        "site": location.site,
        "postal_code": location.postal_code,
        "address": location.address,
        "opening_hours_text": location.opening_hours_text,
        "city_id": location.city_id,
        "city": location.city.title,
        "country_code": location.city.country_code,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "timezone": location.timezone,
        "currency": location.currency,
        "language": location.language,
        "is_active": location.closed_at is None,
        "version": location.version,
        "phone_confirmation_required": location.phone_confirmation_required,
        "comment_required": location.comment_required,
        "email_required": location.email_required,
        "comment_label": location.comment_label,
        "booking_notice": location.booking_notice,
        "move_allowed": location.move_allowed,
        "move_notice_seconds": location.move_notice_seconds,
        "cancel_allowed": location.cancel_allowed,
        "cancel_notice_seconds": location.cancel_notice_seconds,
        "sms_reminders_enabled": location.sms_reminders_enabled,
        "default_sms_reminder_hours": location.default_sms_reminder_hours,
        "promo_text": location.promo_text,
        "social": location.social,
        "business_type_id": location.business_type_id,
        "weight": location.weight,
        "rating": location.rating,
        "votes_count": location.votes_count,
        "comments_count": location.comments_count,
        "active_staff_count": active_staff_count,
        "next_slot_at": next_slot_at,
        "is_paused": location.is_paused,
        "any_staff_allowed": location.any_staff_allowed,
        "forms": forms,
    }


def show_business(business: Business) -> dict[str, Any]:
    return {
        "id": business.id,
        "title": business.title,
        "is_chain": business.is_chain,
        "client_accounts": business.client_accounts,
    }


def _count_staff(session: Session, location_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(StaffMember.location_id, func.count())
        .where(
            StaffMember.location_id.in_(location_ids),
            StaffMember.is_online,
            StaffMember.fired_at.is_(None),
        )
        .group_by(StaffMember.location_id)
    )
    return {row[0]: row[1] for row in rows}


def _next_slots(session: Session, locations: Sequence[Location], now: datetime) -> dict[int, str]:
    """The soonest slot of anybody at each location, for the shortest visit there is."""
    steps = {location.id: location.grid_step_seconds for location in locations}
    staff = bookable_staff(session, list(steps))
    needs = {member.id: Need(steps[member.location_id]) for member in staff}
    nearest = nearest_of_each(session, locations, staff, needs, now=now)
    soonest: dict[int, str] = {}
    for member in staff:
        if member.id in nearest:
            start = nearest[member.id][1][0]["starts_at"]
            soonest[member.location_id] = min(start, soonest.get(member.location_id, start))
    return soonest


def _forms(session: Session, locations: Sequence[Location]) -> dict[int, list[dict[str, Any]]]:
    """The forms that lead to each location: its own and those of its whole business."""
    businesses = {location.business_id for location in locations}
    forms = list(
        session.scalars(
            select(BookingForm)
            .where(BookingForm.business_id.in_(businesses))
            .order_by(BookingForm.is_default.desc(), BookingForm.id)
        )
    )
    return {
        location.id: [
            {"id": form.id, "title": form.title, "is_default": form is default_form(there)}
            for form in there
        ]
        for location in locations
        for there in [leading_to(location, forms)]
    }


def _by_distance(locations: list[Location], near: Mapping[str, float]) -> list[Location]:
    """Those within reach, the nearest first; a place without coordinates is not near anything."""
    reach = near.get("max_km") or math.inf
    measured = [
        (distance_km(near["latitude"], near["longitude"], place.latitude, place.longitude), place)
        for place in locations
        if place.latitude is not None and place.longitude is not None
    ]
    measured.sort(key=lambda pair: pair[0])
    return [place for distance, place in measured if distance <= reach]
