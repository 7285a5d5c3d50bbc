"""Importing what locations offer, with the headings that it stands under."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.events import ServiceCategoryChanged, ServiceChanged
from services.booking.models import Gender, Location, Prepayment, Service, ServiceCategory
from services.booking.use_cases.imports.reading import (
    Line,
    Names,
    Places,
    prices_of,
    read_places,
    same,
    save,
    understand,
)
from services.booking.use_cases.links import links_of
from services.common.calls import Call
from services.common.imports import Report
from services.common.outbox import announce_all

Headings = dict[tuple[int, str], ServiceCategory]


def import_services(
    session: Session, business_id: int, lines: Sequence[Line], report: Report, call: Call
) -> None:
    """Put these services into the catalogues; a category that is new is added."""
    places = read_places(session, business_id, lock=True)
    known = names_of_services(session, places)
    found = [*understand(lines, "title", places, known, _facts, report)]
    report.stop_if_refused()
    headings = _headings(
        session, places, [(place, told["category"]) for _, place, _, told in found]
    )
    changed = []
    for _, location, service, told in found:
        told["category_id"] = headings[location.id, same(told.pop("category"))].id
        new = partial(Service, location_id=location.id)
        saved = save(session, service, told, report, new=new)
        changed += [(location, saved)] if saved else []
    session.flush()
    announce_services_at(session, changed)


def announce_services_at(session: Session, changed: Iterable[tuple[Location, Service]]) -> None:
    """Tell how these services are now; two queries for all of them."""
    pairs = list(changed)
    links = links_of(session, [service.id for _, service in pairs])
    announce_all(
        session,
        (ServiceChanged.of(service, location, links[service.id]) for location, service in pairs),
    )


def names_of_services(session: Session, places: Places) -> Names[Service]:
    """What is in the catalogues of these places."""
    services = session.scalars(
        select(Service)
        .where(
            Service.location_id.in_([place.id for place in places.all]),
            Service.archived_at.is_(None),
        )
        .order_by(Service.id)
    )
    return Names[Service](
        "service",
        services,
        place=lambda service: service.location_id,
        external_id=lambda service: service.api_id,
        name=lambda service: service.title,
    )


def _facts(line: Line, location: Location, report: Report) -> dict[str, Any]:
    passed_on = ("location", "external_id", "price", "price_max")
    facts = {name: told for name, told in line.facts.items() if name not in passed_on}
    if "external_id" in line.facts:
        facts["api_id"] = line.facts["external_id"]
    for name, kind in (("gender", Gender), ("prepayment", Prepayment)):
        if name in facts:
            facts[name] = kind(facts[name])
    return facts | prices_of(line, location, report)


def _headings(session: Session, places: Places, wanted: Iterable[tuple[Location, str]]) -> Headings:
    """The category of that title at each location, the first if there are several."""
    headings: Headings = {}
    for category in session.scalars(
        select(ServiceCategory)
        .where(
            ServiceCategory.location_id.in_([place.id for place in places.all]),
            ServiceCategory.archived_at.is_(None),
        )
        .order_by(ServiceCategory.id)
    ):
        headings.setdefault((category.location_id, same(category.title)), category)
    added = []
    for location, title in wanted:
        key = (location.id, same(title))
        if key not in headings:
            headings[key] = ServiceCategory(location_id=location.id, title=title)
            added.append((headings[key], location))
    session.add_all(category for category, _ in added)
    session.flush()
    announce_all(session, (ServiceCategoryChanged.of(*pair) for pair in added))
    return headings
