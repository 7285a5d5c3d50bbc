"""Catalogue, people and places, as those see them who administer them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import (
    Business,
    Location,
    Position,
    Resource,
    Service,
    ServiceCategory,
    StaffMember,
    StaffService,
)
from services.booking.snapshots import category_snapshot, service_snapshot, staff_snapshot
from services.booking.use_cases.catalogue import categories_at, givers_of_categories
from services.booking.use_cases.grids import show_grids
from services.booking.use_cases.hours import schedule_ends
from services.booking.use_cases.links import links_of


def show_services(
    session: Session, location: Location, services: Sequence[Service]
) -> list[dict[str, Any]]:
    links = links_of(session, [service.id for service in services])
    resources = _resources(session, services)
    return [
        {
            **service_snapshot(service, location, links[service.id]),
            "resources": [resources[one] for one in service.resource_ids if one in resources],
            "grid_step_seconds": location.grid_step_seconds,
        }
        for service in services
    ]


def _resources(session: Session, services: Sequence[Service]) -> dict[int, dict[str, Any]]:
    """The rooms and devices that any of these services needs."""
    wanted = {resource_id for service in services for resource_id in service.resource_ids}
    if not wanted:
        return {}
    found = session.scalars(
        select(Resource).where(Resource.id.in_(wanted), Resource.archived_at.is_(None))
    )
    return {one.id: {"id": one.id, "title": one.title} for one in found}


def show_service(session: Session, location: Location, service: Service) -> dict[str, Any]:
    [shown] = show_services(session, location, [service])
    return shown


def show_categories(
    session: Session, location: Location, categories: Sequence[ServiceCategory]
) -> list[dict[str, Any]]:
    givers = givers_of_categories(session, categories)
    return [
        {**category_snapshot(category, location), "staff_ids": givers[category.id]}
        for category in categories
    ]


def show_category(
    session: Session, location: Location, category: ServiceCategory
) -> dict[str, Any]:
    [shown] = show_categories(session, location, [category])
    return shown


def show_categories_of(session: Session, business: Business) -> list[dict[str, Any]]:
    """Those of every open place of a business."""
    locations = {
        location.id: location
        for location in session.scalars(
            select(Location).where(
                Location.business_id == business.id, Location.closed_at.is_(None)
            )
        )
    }
    categories = categories_at(session, list(locations))
    givers = givers_of_categories(session, categories)
    return [
        {
            **category_snapshot(category, locations[category.location_id]),
            "staff_ids": givers[category.id],
        }
        for category in categories
    ]


def show_staff(
    session: Session, location: Location, people: Sequence[StaffMember]
) -> list[dict[str, Any]]:
    links: dict[int, list[dict[str, Any]]] = {member.id: [] for member in people}
    rows = session.scalars(
        select(StaffService)
        .join(Service, Service.id == StaffService.service_id)
        .where(StaffService.staff_id.in_(links), Service.archived_at.is_(None))
        .order_by(StaffService.staff_id, StaffService.service_id)
    )
    for row in rows:
        links[row.staff_id].append(
            {
                "service_id": row.service_id,
                "duration_seconds": row.duration_seconds,
                "price_min_minor": row.price_min_minor,
                "price_max_minor": row.price_max_minor,
            }
        )
    ends = schedule_ends(session, people)
    grids = show_grids(session, location)
    return [
        {
            **staff_snapshot(member, location),
            "schedule_until": _day(ends[member.id]),
            "dismissal_reason": member.dismissal_reason,
            "currency": location.currency,
            "business": {"id": location.business.id, "title": location.business.title},
            "links": links[member.id],
            "grid_step_seconds": location.grid_step_seconds,
            "day_grids": grids,
        }
        for member in people
    ]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def show_staff_member(session: Session, location: Location, member: StaffMember) -> dict[str, Any]:
    [shown] = show_staff(session, location, [member])
    return shown


def show_position(position: Position) -> dict[str, Any]:
    return {"id": position.id, "title": position.title, "description": position.description}


def show_businesses(listed: Sequence[tuple[Business, Sequence[Location]]]) -> list[dict[str, Any]]:
    return [
        {
            "id": business.id,
            "title": business.title,
            "locations": [
                {"id": place.id, "title": place.public_title or place.title} for place in places
            ],
        }
        for business, places in listed
    ]
