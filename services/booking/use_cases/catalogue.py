"""What a location offers, for who administers it: services and the headings they stand under."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.booking.events import ServiceCategoryChanged, ServiceChanged
from services.booking.models import Location, Service, ServiceCategory, StaffService
from services.booking.use_cases.links import (
    announce_services,
    links_of,
    replace_links,
)
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.versions import apply_changes, refuse_outdated
from services.common.calls import Call
from services.common.errors import Conflict, Invalid, NotFound
from services.common.outbox import announce
from services.common.rights import Permission

PRICES = ("price_min_minor", "price_max_minor")
SERVICE_FACTS = (
    "title",
    "booking_title",
    "category_id",
    "comment",
    "duration_seconds",
    "buffer_seconds",
    "discount_percent",
    "weight",
    "gender",
    "prepayment",
    "is_online",
    "is_membership_only",
    "repeat_after_days",
    "api_id",
)
CATEGORY_FACTS = ("title", "booking_title", "weight", "gender", "api_id")


def list_services(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    category_id: int | None,
    call: Call,
) -> tuple[Location, Sequence[Service]]:
    """The services that there are, those that clients cannot book, too; the heaviest first."""
    location = staff_location(session, call, location_id, None)
    wanted = select(Service).where(
        Service.location_id == location.id, Service.archived_at.is_(None)
    )
    if category_id is not None:
        wanted = wanted.where(Service.category_id == category_id)
    if staff_id is not None:
        given = select(StaffService.service_id).where(StaffService.staff_id == staff_id)
        wanted = wanted.where(Service.id.in_(given))
    return location, session.scalars(wanted.order_by(Service.weight.desc(), Service.id)).all()


def get_service(
    session: Session, *, location_id: int, service_id: int, call: Call
) -> tuple[Location, Service]:
    location = staff_location(session, call, location_id, None)
    return location, service_at(session, location, service_id)


def create_service(
    session: Session, request: Mapping[str, Any], call: Call
) -> tuple[Location, Service]:
    location = administered_location(
        session, call, request["location_id"], Permission.CATALOGUE_EDIT
    )
    category_at(session, location, request["category_id"])
    facts = {name: request[name] for name in SERVICE_FACTS if name in request}
    service = Service(location_id=location.id, price_min_minor=0, price_max_minor=0, **facts)
    _set_prices(service, request)
    session.add(service)
    session.flush()
    if "staff" in request:
        replace_links(session, location, service, request["staff"])
    announce_services(session, location, [service])
    return location, service


def update_service(
    session: Session, request: Mapping[str, Any], call: Call
) -> tuple[Location, Service]:
    """Change whatever the request names. What was booked keeps its title, length and price."""
    location = administered_location(
        session, call, request["location_id"], Permission.CATALOGUE_EDIT
    )
    service = service_at(session, location, request["service_id"])
    refuse_outdated(service, request["version"])
    if "category_id" in request:
        category_at(session, location, request["category_id"])
    apply_changes(service, SERVICE_FACTS, request)
    _set_prices(service, request)
    session.flush()
    if "staff" in request:
        replace_links(session, location, service, request["staff"])
    announce_services(session, location, [service])
    return location, service


def delete_service(
    session: Session, *, location_id: int, service_id: int, version: int | None, call: Call
) -> None:
    """Take a service out of the catalogue; nobody gives it any more. Twice is once.

    It is kept, for appointments refer to it: what is booked stays booked.
    """
    location = administered_location(session, call, location_id, Permission.CATALOGUE_EDIT)
    service = service_at(session, location, service_id, with_archived=True)
    if service.archived_at is not None:
        return
    refuse_outdated(service, version)
    service.archived_at = call.now
    service.version += 1
    replace_links(session, location, service, [])
    announce(session, ServiceChanged.of(service, location, []))


def service_at(
    session: Session, location: Location, service_id: int, *, with_archived: bool = False
) -> Service:
    """The location's service, or ``no_such_service``."""
    service = session.get(Service, service_id)
    if (
        service is None
        or service.location_id != location.id
        or not (with_archived or service.archived_at is None)
    ):
        raise NotFound("no_such_service", fields={"service_id": str(service_id)})
    return service


def list_categories(
    session: Session, *, location_id: int, call: Call
) -> tuple[Location, Sequence[ServiceCategory]]:
    location = staff_location(session, call, location_id, None)
    return location, categories_at(session, [location.id])


def categories_at(session: Session, location_ids: Sequence[int]) -> Sequence[ServiceCategory]:
    """The headings of these locations' catalogues, the heaviest first."""
    return session.scalars(
        select(ServiceCategory)
        .where(ServiceCategory.location_id.in_(location_ids), ServiceCategory.archived_at.is_(None))
        .order_by(ServiceCategory.weight.desc(), ServiceCategory.id)
    ).all()


def get_category(
    session: Session, *, location_id: int, category_id: int, call: Call
) -> tuple[Location, ServiceCategory]:
    location = staff_location(session, call, location_id, None)
    return location, category_at(session, location, category_id)


def create_category(
    session: Session, request: Mapping[str, Any], call: Call
) -> tuple[Location, ServiceCategory]:
    location = administered_location(
        session, call, request["location_id"], Permission.CATALOGUE_EDIT
    )
    facts = {name: request[name] for name in CATEGORY_FACTS if name in request}
    category = ServiceCategory(location_id=location.id, **facts)
    session.add(category)
    session.flush()
    announce(session, ServiceCategoryChanged.of(category, location))
    return location, category


def update_category(
    session: Session, request: Mapping[str, Any], call: Call
) -> tuple[Location, ServiceCategory]:
    location = administered_location(
        session, call, request["location_id"], Permission.CATALOGUE_EDIT
    )
    category = category_at(session, location, request["category_id"])
    refuse_outdated(category, request["version"])
    apply_changes(category, CATEGORY_FACTS, request)
    session.flush()
    announce(session, ServiceCategoryChanged.of(category, location))
    return location, category


def delete_category(
    session: Session, *, location_id: int, category_id: int, version: int | None, call: Call
) -> None:
    """Take a heading away that no service stands under any more. Twice is once."""
    location = administered_location(session, call, location_id, Permission.CATALOGUE_EDIT)
    category = category_at(session, location, category_id, with_archived=True)
    if category.archived_at is not None:
        return
    refuse_outdated(category, version)
    is_used = exists().where(Service.category_id == category.id, Service.archived_at.is_(None))
    if session.scalar(select(is_used)):
        raise Conflict("category_not_empty", fields={"category_id": str(category_id)})
    category.archived_at = call.now
    category.version += 1
    announce(session, ServiceCategoryChanged.of(category, location))


def category_at(
    session: Session, location: Location, category_id: int, *, with_archived: bool = False
) -> ServiceCategory:
    """The location's category, or ``category_not_found``."""
    category = session.get(ServiceCategory, category_id)
    if (
        category is None
        or category.location_id != location.id
        or not (with_archived or category.archived_at is None)
    ):
        raise NotFound("category_not_found", fields={"category_id": str(category_id)})
    return category


def givers_of_categories(
    session: Session, categories: Sequence[ServiceCategory]
) -> dict[int, list[int]]:
    """Who gives any of the services under each heading."""
    rows = session.execute(
        select(Service.category_id, StaffService.staff_id)
        .join(StaffService, StaffService.service_id == Service.id)
        .where(
            Service.category_id.in_([category.id for category in categories]),
            Service.archived_at.is_(None),
        )
        .distinct()
        .order_by(Service.category_id, StaffService.staff_id)
    )
    givers: dict[int, list[int]] = {category.id: [] for category in categories}
    for category_id, staff_id in rows:
        givers[category_id].append(staff_id)
    return givers


def links_of_all(session: Session, services: Sequence[Service]) -> dict[int, list[dict[str, Any]]]:
    return links_of(session, [service.id for service in services])


def _set_prices(service: Service, request: Mapping[str, Any]) -> None:
    """Where one price counts for both, the other follows; else they must stay in order."""
    had_one = service.price_min_minor == service.price_max_minor
    given = {name: request[name] for name in PRICES if name in request}
    if len(given) == 1 and had_one:
        [price] = given.values()
        given = dict.fromkeys(PRICES, price)
    lowest = given.get("price_min_minor", service.price_min_minor)
    highest = given.get("price_max_minor", service.price_max_minor)
    if highest < lowest:
        raise Invalid("price_range_inverted", fields={"price_max_minor": "below the lowest"})
    service.price_min_minor, service.price_max_minor = lowest, highest
