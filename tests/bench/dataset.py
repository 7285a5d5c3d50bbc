"""The data set of the benchmark: one busy place, written straight into the database."""

import random
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from services.booking.models import (
    Appointment,
    AppointmentService,
    Business,
    City,
    Client,
    Location,
    Reservation,
    Service,
    ServiceCategory,
    StaffMember,
    StaffService,
    Visit,
    WeeklyHours,
)

STAFF, SERVICES, SERVICES_EACH, CLIENTS = 50, 200, 40, 2000
ZONE = ZoneInfo("Europe/Paris")
BATCH = 5000
FUTURE_DAYS = 10
"""How far ahead the book is half full: the same in a small place and in a big one."""


def write_place(session: Session, *, appointments: int, seed: int = 1) -> int:
    """A location with so many appointments, half an hour each, around today; its id."""
    chance, now = random.Random(seed), datetime.now(UTC)
    business = Business(title="Bench", is_chain=False, created_at=now)
    city = City(title="Paris", country_code="FR")
    session.add_all([business, city])
    session.flush()
    location = Location(
        business_id=business.id,
        city_id=city.id,
        title="Bench",
        timezone="Europe/Paris",
        currency="EUR",
        grid_step_seconds=1800,
        created_at=now,
    )
    session.add(location)
    session.flush()
    services = _write_services(session, location)
    staff = _write_staff(session, location, services, chance)
    clients = list(
        session.scalars(
            insert(Client).returning(Client.id),
            [
                {
                    "business_id": business.id,
                    "name": f"Client {number}",
                    "phone": f"+3361{number:07d}",
                    "created_at": now,
                }
                for number in range(CLIENTS)
            ],
        )
    )
    write_appointments(session, location, staff, clients, services[0], appointments, now)
    return location.id


def analyse(session: Session) -> None:
    """Let the planner know what was written."""
    session.execute(text("ANALYZE"))


def settle(url: str) -> None:
    """Do now what the server would do in the background while something is measured."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


def _write_services(session: Session, location: Location) -> list[int]:
    category = ServiceCategory(location_id=location.id, title="All")
    session.add(category)
    session.flush()
    rows = [
        {
            "location_id": location.id,
            "category_id": category.id,
            "title": f"Service {number}",
            "duration_seconds": 1800 * (1 + number % 3),
            "price_min_minor": 2000 + number,
            "price_max_minor": 2000 + number,
        }
        for number in range(SERVICES)
    ]
    return list(session.scalars(insert(Service).returning(Service.id), rows))


def _write_staff(
    session: Session, location: Location, services: list[int], chance: random.Random
) -> list[int]:
    rows = [{"location_id": location.id, "name": f"Person {number}"} for number in range(STAFF)]
    staff = list(session.scalars(insert(StaffMember).returning(StaffMember.id), rows))
    links, hours = [], []
    for staff_id in staff:
        given = {services[0], *chance.sample(services, SERVICES_EACH - 1)}
        links += [{"staff_id": staff_id, "service_id": service_id} for service_id in given]
        hours += [
            {
                "staff_id": staff_id,
                "weekday": weekday,
                "kind": kind,
                "opens_minute": opens,
                "closes_minute": closes,
            }
            for weekday in range(6)
            for kind, opens, closes in (("work", 540, 1080), ("break", 780, 840))
        ]
    session.execute(insert(StaffService), links)
    session.execute(insert(WeeklyHours), hours)
    return staff


def write_appointments(
    session: Session,
    location: Location,
    staff: list[int],
    clients: list[int],
    service_id: int,
    count: int,
    now: datetime,
) -> None:
    """Half of each working day of theirs, from a while after ``now`` ever further back."""
    chance = random.Random(2)
    wanted = islice(_times(staff, now, chance), count)
    while batch := list(islice(wanted, BATCH)):
        base = {
            "business_id": location.business_id,
            "location_id": location.id,
            "created_at": now,
        }
        chosen = [chance.choice(clients) for _ in batch]
        visits = session.scalars(
            insert(Visit).returning(Visit.id, sort_by_parameter_order=True),
            [{**base, "client_id": client_id} for client_id in chosen],
        ).all()
        rows = [
            {
                **base,
                "visit_id": visit_id,
                "staff_id": staff_id,
                "client_id": client_id,
                "hash": secrets.token_hex(16),
                "starts_at": start,
                "ends_at": start + timedelta(minutes=30),
                "wall_start": start.astimezone(ZONE).replace(tzinfo=None),
                "timezone": "Europe/Paris",
                "staff_requested": True,
                "is_online": True,
                "changed_at": now,
                "contact": {"name": "Client", "phone": "+33610000000", "email": None},
            }
            for (staff_id, start), client_id, visit_id in zip(batch, chosen, visits, strict=True)
        ]
        ids = session.scalars(
            insert(Appointment).returning(Appointment.id, sort_by_parameter_order=True), rows
        ).all()
        _write_lines_and_reservations(session, rows, list(ids), service_id)


def _write_lines_and_reservations(
    session: Session, rows: list[dict[str, Any]], ids: list[int], service_id: int
) -> None:
    line = {
        "service_id": service_id,
        "position": 0,
        "title": "Service 0",
        "duration_seconds": 1800,
        "currency": "EUR",
        "price_minor": 2000,
        "price_min_minor": 2000,
        "price_max_minor": 2000,
        "prepayment": "forbidden",
    }
    session.execute(insert(AppointmentService), [{**line, "appointment_id": one} for one in ids])
    names = ("business_id", "staff_id", "starts_at", "ends_at")
    session.execute(
        insert(Reservation),
        [
            {**{name: row[name] for name in names}, "appointment_id": one}
            for row, one in zip(rows, ids, strict=True)
        ],
    )


def _times(
    staff: list[int], now: datetime, chance: random.Random
) -> Iterator[tuple[int, datetime]]:
    """Times of everybody, half of each day: the coming weeks first, then ever further back."""
    today = now.astimezone(ZONE).date()
    offset = FUTURE_DAYS
    while True:
        day = today + timedelta(days=offset)
        offset -= 1
        if day.weekday() == 6:
            continue
        for staff_id in staff:
            minutes = chance.sample([*range(540, 780, 30), *range(840, 1080, 30)], 8)
            for minute in minutes:
                wall = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
                yield staff_id, wall.astimezone(UTC)
