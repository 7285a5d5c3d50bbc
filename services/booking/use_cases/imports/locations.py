"""Importing the places of a business."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.events import LocationChanged
from services.booking.models import Business, City, Location
from services.booking.use_cases.imports.reading import (
    Line,
    Places,
    Twins,
    phone_of,
    read_places,
    save,
)
from services.booking.use_cases.locks import lock_business, lock_locations
from services.common.calls import Call
from services.common.imports import Report
from services.common.outbox import announce_all


def import_locations(
    session: Session, business_id: int, lines: Sequence[Line], report: Report, call: Call
) -> None:
    """Open these locations, and change those that are there; with two the business is a chain."""
    lock_locations(session, business_id)
    lock_business(session, business_id)  # with no location yet there is nothing else to queue at
    places = read_places(session, business_id)
    found = _understand(places, lines, report)
    report.stop_if_refused()
    cities = _cities(session, lines)
    changed = []
    for place, told in found:
        told["city"] = cities[told["city"], told.pop("country_code")]
        new = partial(Location, business_id=business_id, created_at=call.now)
        changed.append(save(session, place, told, report, new=new))
    session.flush()
    if len(places.all) + report.created > 1:
        session.get_one(Business, business_id).is_chain = True
    announce_all(session, (LocationChanged.of(place) for place in changed if place is not None))


def _understand(
    places: Places, lines: Sequence[Line], report: Report
) -> list[tuple[Location | None, dict[str, Any]]]:
    """What each row says, and of which location, if it is there already."""
    twins, found = Twins(report), []
    for line in lines:
        place = places.names.known(line, "title", report)
        if place is not None:
            _refuse_what_stays(line, place, report)
        told = _facts(line, report)
        if not twins.are_named(line, "title", place):
            found.append((place, told))
    return found


def _facts(line: Line, report: Report) -> dict[str, Any]:
    told = dict(line.facts)
    if (external_id := told.pop("external_id", None)) is not None:
        told["api_id"] = external_id
    if "phones" in told:
        country = told["country_code"]
        told["phones"] = [
            phone_of(line, "phones", country, report, typed) for typed in told["phones"]
        ]
    return told


def _refuse_what_stays(line: Line, place: Location, report: Report) -> None:
    for column in ("currency", "timezone"):
        if line.facts[column] != getattr(place, column):
            reason = f"is {getattr(place, column)} already, and no import changes that"
            report.refuse(line.number, column, reason)


def _cities(session: Session, lines: Sequence[Line]) -> Mapping[tuple[str, str], City]:
    """The cities of the rows; one that is new is added."""
    wanted = {(line.facts["city"], line.facts["country_code"]) for line in lines}
    first = (
        select(func.min(City.id))
        .where(City.title.in_([title for title, _ in wanted]))
        .group_by(City.title, City.country_code)
    )
    known = session.scalars(select(City).where(City.id.in_(first)))
    cities = {(city.title, city.country_code): city for city in known}
    for title, country in sorted(wanted - cities.keys()):
        cities[title, country] = City(title=title, country_code=country)
    session.add_all(cities.values())
    return cities
