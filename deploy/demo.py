"""Demo data: a small chain of salons, so that everything can be tried at once.

Visits are booked through the same use case as everybody's, so they obey the
same rules and are announced like any others.
"""

import json
import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deploy.demo_access import make_partner_key, owner_of
from deploy.demo_chain import CHAIN, CLIENTS, Place, Workshop
from deploy.demo_loyalty import load_loyalty_once
from services.booking.models import (
    BookingForm,
    Business,
    City,
    DateHours,
    Location,
    Position,
    Service,
    ServiceCategory,
    StaffMember,
    StaffService,
    WeeklyHours,
)
from services.booking.use_cases.appointments import book_appointments
from services.booking.use_cases.availability import list_free_slots
from services.booking.use_cases.classes import open_class
from services.common.calls import Call
from services.common.config import Settings
from services.common.db import Database
from services.common.languages import LANGUAGES

VISITS_FROM_DAY, VISITS_TO_DAY, VISITS_A_DAY = -10, 5, 2
WORKSHOP_WEEKS = 8
FORM_STYLE = {
    "main_color": "teal",
    "secondary_color": "grey",
    "buttons_color": "teal",
    "logo_url": "",
    "show_header": True,
}


def load_demo_once(settings: Settings, folder: Path) -> dict[str, Any]:
    """Fill empty databases; write ``demo.json`` and give back what stands in it."""
    file = folder / "demo.json"
    booking = Database(settings.database_url("booking"), service="booking")
    try:
        with booking.write() as session:
            if session.scalar(select(Business.id).limit(1)) is None:
                business_id = load_chain(session, now=datetime.now(UTC))
                load_loyalty_once(settings, business_id, now=datetime.now(UTC))
            told = _what_is_there(session)
    finally:
        booking.dispose()
    known = json.loads(file.read_text()) if file.exists() else {}
    demo = {
        "base_url": settings.web_address,
        "partner_token": known.get("partner_token") or make_partner_key(settings),
        **told,
        "owner": owner_of(settings, told["group_id"], known.get("owner") or {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(demo, indent=2) + "\n")
    return {**demo, "file": str(file)}


def load_chain(session: Session, *, now: datetime) -> int:
    """Write the chain with its places, people, hours and visits, as of ``now``; its id."""
    business = Business(title=CHAIN.title, is_chain=True, created_at=now)
    session.add(business)
    session.flush()
    locations = [_add_place(session, business, place, now) for place in CHAIN.places]
    session.add(
        BookingForm(
            business_id=business.id,
            title=CHAIN.title,
            is_default=True,
            language="en",
            languages=list(LANGUAGES),
            style=FORM_STYLE,
            steps={},
            created_at=now,
        )
    )
    session.flush()
    for location, place in zip(locations, CHAIN.places, strict=True):
        _book_visits(session, location, now)
        if place.workshop is not None:
            _open_workshop(session, location, place.workshop, now)
        location.phone_confirmation_required = place.asks_for_code
    return business.id


def _what_is_there(session: Session) -> dict[str, Any]:
    locations = session.scalars(select(Location).order_by(Location.id)).all()
    form = session.scalars(select(BookingForm).order_by(BookingForm.id).limit(1)).one()
    return {
        "group_id": form.business_id,
        "location_ids": [location.id for location in locations],
        "bookform_id": form.id,
    }


def _add_place(session: Session, business: Business, place: Place, now: datetime) -> Location:
    city = City(title=place.city, country_code=place.country_code)
    session.add(city)
    session.flush()
    location = Location(
        business_id=business.id,
        city_id=city.id,
        created_at=now,
        cancel_notice_seconds=2 * 3600,
        move_notice_seconds=2 * 3600,
        **place.details,
    )
    session.add(location)
    session.flush()
    services = _add_catalogue(session, location, place)
    for weight, person in enumerate(reversed(place.staff), start=1):
        _add_staff_member(session, location, person, weight, services, now)
    session.flush()
    return location


def _add_catalogue(session: Session, location: Location, place: Place) -> dict[str, list[Service]]:
    """The location's services by the title of their category."""
    services: dict[str, list[Service]] = {}
    for weight, (title, offered) in enumerate(reversed(place.catalogue.items()), start=1):
        category = ServiceCategory(location_id=location.id, title=title, weight=weight)
        session.add(category)
        session.flush()
        services[title] = [
            Service(
                location_id=location.id,
                category_id=category.id,
                title=name,
                duration_seconds=minutes * 60,
                price_min_minor=price * 100,
                price_max_minor=price * 100,
                weight=100 - number,
            )
            for number, (name, minutes, price) in enumerate(offered)
        ]
        session.add_all(services[title])
    session.flush()
    return services


def _add_staff_member(
    session: Session,
    location: Location,
    person: Any,
    weight: int,
    services: Mapping[str, list[Service]],
    now: datetime,
) -> None:
    position = Position(location_id=location.id, title=person.position)
    session.add(position)
    session.flush()
    member = StaffMember(
        location_id=location.id,
        position_id=position.id,
        name=person.name,
        specialization=person.position,
        information=person.about,
        weight=weight,
    )
    session.add(member)
    session.flush()
    for title in person.categories:
        for service in services[title]:
            own = round(service.duration_seconds * person.pace / 300) * 300
            session.add(
                StaffService(
                    staff_id=member.id,
                    service_id=service.id,
                    duration_seconds=own if person.pace != 1 else None,
                )
            )
    for weekday in person.weekdays:
        for kind, (opens, closes) in (("work", person.hours), ("break", person.lunch)):
            session.add(
                WeeklyHours(
                    staff_id=member.id,
                    weekday=weekday,
                    kind=kind,
                    opens_minute=opens * 60,
                    closes_minute=closes * 60,
                )
            )
    session.add(DateHours(staff_id=member.id, day=_next_monday(now), kind="off"))


def _next_monday(now: datetime) -> date:
    """Everybody has the Monday after next off: an example of a date's own hours."""
    today = now.date()
    return today + timedelta(days=14 - today.weekday())


def _open_workshop(session: Session, location: Location, told: Workshop, now: datetime) -> None:
    """A class in each of the next weeks, with seats to book."""
    location.visit_kinds, location.class_clients_online_max = "both", 2
    of_service = Service.location_id == location.id, Service.title == told.service
    of_person = StaffMember.location_id == location.id, StaffMember.name == told.person
    today = now.date()
    first = today + timedelta(days=1 + (told.weekday - today.weekday() - 1) % 7)
    for week in range(WORKSHOP_WEEKS):
        day = first + timedelta(weeks=week)
        request = {
            "service_id": session.scalars(select(Service.id).where(*of_service)).one(),
            "staff_id": session.scalars(select(StaffMember.id).where(*of_person)).one(),
            "starts_at": f"{day.isoformat()}T{told.hour:02}:00:00",
            "capacity": told.seats,
            "comment": told.about,
        }
        open_class(session, location, request, Call(now=now, locale=location.language))


def _book_visits(session: Session, location: Location, now: datetime) -> None:
    """Book a few visits a day, each as if it had been booked some days before."""
    chance = random.Random(location.id)  # noqa: S311  (not a secret)
    for offset in range(VISITS_FROM_DAY, VISITS_TO_DAY):
        day = (now + timedelta(days=offset)).date()
        booked_at = min(now, now + timedelta(days=offset - 3))
        services = session.scalars(
            select(Service.id).where(Service.location_id == location.id).order_by(Service.id)
        ).all()
        for _ in range(VISITS_A_DAY):
            service_id = chance.choice(services)
            _book_one(session, location, day, service_id, chance, booked_at)


def _book_one(
    session: Session,
    location: Location,
    day: date,
    service_id: int,
    chance: random.Random,
    booked_at: datetime,
) -> None:
    free = list_free_slots(
        session,
        location_id=location.id,
        staff_id=None,
        service_ids=[service_id],
        day=day,
        now=booked_at,
    )["slots"]
    if not free:
        return
    name, phone = chance.choice(CLIENTS[location.timezone])
    wish = {
        "handle": 1,
        "service_ids": [service_id],
        "staff_id": 0,
        "starts_at": chance.choice(free)["starts_at"],
        "custom_fields": {},
    }
    book_appointments(
        session,
        location_id=location.id,
        client={"name": name, "phone": phone, "email": None},
        appointments=[wish],
        call=Call(now=booked_at, locale=location.language),
        comment="",
        sms_reminder_hours=0,
        email_reminder_hours=0,
        api_id=None,
        form_id=None,
        source="demo",
        is_mobile=False,
        referrer=None,
    )
