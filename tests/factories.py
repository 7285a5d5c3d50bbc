"""Rows for tests: ``create_…`` writes one, ``a_…`` only builds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from uuid_utils import uuid7

from services.booking.models import (
    BookingForm,
    Business,
    City,
    DateHours,
    Location,
    Service,
    ServiceCategory,
    StaffMember,
    StaffService,
    WeeklyHours,
)

LONG_AGO = datetime.fromisoformat("2025-01-01T00:00:00+00:00")
EVERY_DAY = range(7)


def create_business(session: Session, **changes: Any) -> Business:
    business = Business(**({"title": "Salon", "created_at": LONG_AGO} | changes))
    session.add(business)
    session.flush()
    return business


def create_location(
    session: Session, *, business: Business | None = None, **changes: Any
) -> Location:
    """A salon in Paris with a grid of 30 minutes; ``country_code`` sets its city's."""
    business = business or create_business(session)
    city = City(title="Paris", country_code=changes.pop("country_code", "FR"))
    session.add(city)
    session.flush()
    fields = {
        "business_id": business.id,
        "city_id": city.id,
        "title": "Salon",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "grid_step_seconds": 1800,
        "created_at": LONG_AGO,
    }
    location = Location(**(fields | changes))
    session.add(location)
    session.flush()
    return location


def create_service(session: Session, location: Location, **changes: Any) -> Service:
    category = ServiceCategory(location_id=location.id, title="Hair")
    session.add(category)
    session.flush()
    fields = {
        "location_id": location.id,
        "category_id": category.id,
        "title": "Haircut",
        "duration_seconds": 3600,
        "price_min_minor": 4500,
        "price_max_minor": 4500,
    }
    service = Service(**(fields | changes))
    session.add(service)
    session.flush()
    return service


def create_staff_member(
    session: Session,
    location: Location,
    *services: Service,
    hours: tuple[int, int] | None = (9, 18),
    **changes: Any,
) -> StaffMember:
    """Somebody who gives these services, from 9 to 18 every day unless ``hours`` says otherwise."""
    member = StaffMember(**({"location_id": location.id, "name": "Olga"} | changes))
    session.add(member)
    session.flush()
    session.add_all(StaffService(staff_id=member.id, service_id=service.id) for service in services)
    if hours is not None:
        session.add_all(
            WeeklyHours(
                staff_id=member.id,
                weekday=weekday,
                kind="work",
                opens_minute=hours[0] * 60,
                closes_minute=hours[1] * 60,
            )
            for weekday in EVERY_DAY
        )
    session.flush()
    return member


def create_break(session: Session, staff_id: int, weekday: int, opens: int, closes: int) -> None:
    """A weekly break, in minutes from midnight."""
    session.add(
        WeeklyHours(
            staff_id=staff_id,
            weekday=weekday,
            kind="break",
            opens_minute=opens,
            closes_minute=closes,
        )
    )
    session.flush()


def create_day_off(session: Session, staff_id: int, day: Any) -> None:
    session.add(DateHours(staff_id=staff_id, day=day, kind="off"))
    session.flush()


def create_hours_of_day(
    session: Session, staff_id: int, day: date, opens: int, closes: int, kind: str = "work"
) -> None:
    """Hours (or a break) of one date only, in minutes from midnight."""
    session.add(
        DateHours(staff_id=staff_id, day=day, kind=kind, opens_minute=opens, closes_minute=closes)
    )
    session.flush()


def create_form(session: Session, business_id: int, **changes: Any) -> BookingForm:
    form = BookingForm(
        **({"business_id": business_id, "title": "Book", "created_at": LONG_AGO} | changes)
    )
    session.add(form)
    session.flush()
    return form


def a_client(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Who comes; another ``number`` is another person with another phone."""
    client = {"name": f"Ann Clark {number}", "phone": f"+336123456{number:02}", "email": None}
    return client | changes


def a_wish(**changes: Any) -> dict[str, Any]:
    """One wished appointment of a booking request."""
    wish = {
        "handle": 1,
        "service_ids": [1],
        "staff_id": 1,
        "starts_at": "2030-06-04T10:00:00",
        "custom_fields": {},
    }
    return wish | changes


def a_booking(*wishes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A request to book appointments."""
    request = {
        "location_id": 1,
        "client": {"name": "Ann Clark", "phone": "+33612345678", "email": None},
        "appointments": list(wishes) or [a_wish()],
    }
    return request | changes


def an_appointment_event(**changes: Any) -> dict[str, Any]:
    """The envelope of ``appointment_created`` as it is received; ``data`` is merged."""
    data = {
        "appointment_id": 17,
        "visit_id": 4,
        "business_id": 1,
        "client_id": 9,
        "user_id": None,
        "location": {
            "id": 1,
            "title": "Salon",
            "address": "12 rue des Archives",
            "timezone": "Europe/Paris",
            "language": "en",
        },
        "staff": {"id": 1, "name": "Olga"},
        "services": [
            {
                "id": 1,
                "title": "Haircut",
                "duration_seconds": 3600,
                "price_minor": 4500,
                "currency": "EUR",
            }
        ],
        "starts_at": "2099-06-04T08:00:00Z",
        "ends_at": "2099-06-04T09:00:00Z",
        "wall_start": "2099-06-04T10:00:00",
        "attendance": "waiting",
        "is_cancelled": False,
        "is_online": True,
        "staff_requested": True,
        "sms_reminder_hours": 0,
        "email_reminder_hours": 0,
        "locale": "en",
        "contact": {"name": "Ann Clark", "phone": "+33612345678", "email": None},
    } | changes.pop("data", {})
    envelope = {
        "specversion": "1.0",
        "id": str(uuid7()),
        "source": "booking",
        "type": "appointment_created",
        "time": "2030-06-03T06:00:00Z",
        "subject": "appointment/17",
        "sequence": 1,
        "datacontenttype": "application/json",
        "data": data,
    }
    return envelope | changes
