"""What a location offers, as clients see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Location, Service, ServiceCategory, StaffMember
from services.booking.use_cases.availability import read_time, staff_at, wished_moment
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.offers import (
    Need,
    Offer,
    bookable_staff,
    givers,
    need_of,
    offers_of,
)


def list_bookable_services(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    starts_at: str | None,
    service_ids: Sequence[int],
    now: datetime,
) -> dict[str, Any]:
    """The services clients can choose, with their categories.

    With a staff member, those that person gives, at their price and length.
    With services chosen already, those that can be added to them; with a time,
    those for which there is room from then on (with a day, at any time of it).
    """
    location = find_location(session, location_id)
    services = {
        service.id: service
        for service in session.scalars(
            select(Service)
            .where(
                Service.location_id == location.id, Service.is_online, Service.archived_at.is_(None)
            )
            .order_by(Service.weight.desc(), Service.id)
        )
    }
    staff = (
        staff_at(session, location, staff_id)
        if staff_id
        else bookable_staff(session, [location.id])
    )
    chosen = givers(session, location, staff, service_ids)
    offers = offers_of(session, list(chosen), services)
    if starts_at:
        taken = {one: need if service_ids else Need(0) for one, need in chosen.items()}
        offers = _addable(session, location, staff, offers, taken, starts_at, now)
    given = {service_id for of_one in offers.values() for service_id in of_one}
    shown = [service for service in services.values() if service.id in given - set(service_ids)]
    own = offers.get(staff_id, {}) if staff_id else {}
    return {
        "currency": location.currency,
        "services": [show_service(service, own.get(service.id)) for service in shown],
        "categories": _categories(session, location_id, {one.category_id for one in shown}),
    }


def _addable(
    session: Session,
    location: Location,
    staff: Sequence[StaffMember],
    offers: Mapping[int, Mapping[int, Offer]],
    taken: Mapping[int, Need],
    starts_at: str,
    now: datetime,
) -> dict[int, dict[int, Offer]]:
    """The offers for which there is room then, beside what is taken already."""
    day, start = wished_moment(starts_at, ZoneInfo(location.timezone))
    addable = {}
    for person in read_time(session, [location], staff, taken, day, day, now):
        own, before = offers.get(person.staff.id, {}), taken[person.staff.id]
        needs = {one: before.beside(need_of([offer])) for one, offer in own.items()}
        room = {need: person.needing(need).has_room(day, start) for need in {*needs.values()}}
        addable[person.staff.id] = {one: own[one] for one, need in needs.items() if room[need]}
    return addable


def show_service(service: Service, own: Offer | None) -> dict[str, Any]:
    """A service; with the offer of one staff member, at their price and length."""
    return {
        "id": service.id,
        "title": service.booking_title or service.title,
        "category_id": service.category_id,
        "price_min_minor": own.price_min_minor if own else service.price_min_minor,
        "price_max_minor": own.price_max_minor if own else service.price_max_minor,
        "discount_percent": service.discount_percent,
        "comment": service.comment,
        "image": service.image,
        "image_url": service.image_url,
        "weight": service.weight,
        "is_online": service.is_online,
        "gender": service.gender.value,
        "prepayment": service.prepayment.value,
        "duration_seconds": own.duration_seconds if own else service.duration_seconds,
        "is_membership_only": service.is_membership_only,
    }


def _categories(session: Session, location_id: int, category_ids: set[int]) -> list[dict[str, Any]]:
    """The location's categories that hold any of the services shown."""
    categories = session.scalars(
        select(ServiceCategory)
        .where(ServiceCategory.location_id == location_id, ServiceCategory.id.in_(category_ids))
        .order_by(ServiceCategory.weight.desc(), ServiceCategory.id)
    )
    return [
        {
            "id": category.id,
            "title": category.booking_title or category.title,
            "weight": category.weight,
            "gender": category.gender.value,
            "api_id": category.api_id,
        }
        for category in categories
    ]
