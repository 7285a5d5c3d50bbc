"""No query asks the database more often because there is more to tell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from services.booking.domain.reviews import token_of
from services.booking.models import Business, Position
from services.booking.service import BookingService
from services.common.db import Database
from tests.factories import (
    a_client,
    a_wish,
    create_form,
    create_location,
    create_service,
    create_staff_member,
)
from tests.service.booking.conftest import Salon, a_person
from tests.service.booking.waitlist.waiters import Waiters
from tests.service.conftest import NOW

QUERIES: dict[str, dict[str, Any]] = {
    "get_booking_form": {"form_id": 1},
    "list_locations": {"with_next_slot": True, "with_forms": True},
    "get_location": {"location_id": 1, "with_next_slot": True, "with_forms": True},
    "list_bookable_services": {"location_id": 1, "starts_at": "2030-06-04T10:00:00"},
    "list_bookable_staff": {"location_id": 1, "service_ids": [1]},
    "list_nearest_slots": {"location_id": 1, "staff_id": 0, "service_ids": [1]},
    "list_free_days": {"location_id": 1, "service_ids": [1]},
    "list_free_slots": {"location_id": 1, "service_ids": [1], "day": "2030-06-04"},
}


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def count_all(salon: Salon, booked: dict[str, Any], wishes: list[dict[str, Any]]) -> dict[str, int]:
    """How many statements each query takes."""
    opened = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    token = salon.do("renew_calendar_feed", viewer=a_person())["token"]
    checked = {"location_id": 1, "appointments": wishes}
    counts = {}
    queries = {
        **QUERIES,
        "get_appointment": opened,
        "get_appointment_owner": opened,
        "get_calendar_file": opened,
        "get_repeat": {**opened, "now": NOW + timedelta(days=90)},
        "get_review_form": {"token": token_of(opened["appointment_id"], opened["hash"])},
        "list_reviews": {"location_id": 1},
        "get_calendar": {"token": token},
        "check_appointments": checked,
        "list_classes": {"location_id": 1, "to_day": "2030-12-31"},
        "list_class_days": {"location_id": 1, "to_day": "2030-12-31"},
        "get_class_range": {"location_id": 1},
        "get_class_filters": {"location_id": 1},
        "list_class_services": {"location_id": 1},
        "get_class": {"location_id": 1, "class_id": 1},
        "list_cities": {},
        "list_allowed_origins": {},
    }
    for method, arguments in queries.items():
        with counted(salon.database) as sent:
            salon.ask(method, **arguments)
        counts[method] = len(sent)
    for viewer, methods in seen_by(salon, booked).items():
        for method, arguments in methods.items():
            salon.see(method, VIEWERS[viewer](salon), **arguments)  # claims what is the viewer's
            with counted(salon.database) as sent:
                salon.see(method, VIEWERS[viewer](salon), **arguments)
            counts[method] = len(sent)
    return counts


VIEWERS: dict[str, Callable[[Salon], dict[str, Any]]] = {
    "client": lambda _salon: a_person(),
    "staff": lambda salon: salon.staff(),
}


def seen_by(salon: Salon, booked: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """The queries that answer nobody but a signed-in client, or staff."""
    here = {"location_id": salon.location_id}
    month = {"from_day": "2030-06-01", "to_day": "2030-06-30"}
    days = {"staff_id": salon.olga, **month}
    return {
        "client": {
            "list_own_appointments": {},
            "list_own_client_ids": {},
            "get_last_answers": {},
            "list_own_places": {},
            "list_favourites": {},
            "get_calendar_feed": {},
            "list_own_waitlist": {},
        },
        "staff": {
            "list_appointments": {**here, "page_size": 300},
            "get_appointment_for_staff": {**here, "appointment_id": booked["appointment_id"]},
            "list_reviews_for_staff": here,
            "list_waitlist": here,
            "get_schedule": {**here, **days},
            "list_schedules": {**here, **month, "with_busy": True},
            "list_partner_appointments": {"page_size": 300},
            "get_day_grids": here,
            "list_working_days": {**here, **days},
            "get_timetable": {**here, "staff_id": salon.olga, "day": "2030-06-04"},
            **administered(salon, here),
            "get_appointment_history": {**here, "appointment_id": booked["appointment_id"]},
            "get_client": {**here, "client_id": 1},
            "list_clients": {**here, "page_size": 200},
            "search_clients": {**here, "page_size": 200, "order_by": "sold_minor"},
            "list_client_comments": {**here, "client_id": 1},
            "list_client_visits": {**here, "client_id": 1},
            "list_blacklist": here,
            "list_labels": {**here, "entity": "client"},
            "list_custom_fields": {**here, "entity": "client"},
            "list_chain_clients": {"business_id": 1},
            "get_visit": {"visit_id": 1},
            "get_visit_details": {**here, "appointment_id": 1, "visit_id": 1},
        },
    }


def administered(salon: Salon, here: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The queries of who administers catalogue, people and places."""
    return {
        "list_services": here,
        "get_service": {**here, "service_id": salon.haircut},
        "list_service_categories": here,
        "get_service_category": {**here, "category_id": 1},
        "list_categories_of_business": {"business_id": 1},
        "list_staff": here,
        "get_staff_member": {**here, "staff_id": salon.olga},
        "list_positions": here,
        "list_resources": here,
        "list_series_plans": here,
        "get_position": {**here, "position_id": 1},
        "list_own_businesses": {},
        "list_booking_forms": here,
        "get_form_for_staff": {**here, "form_id": 1},
        "get_location_settings": here,
    }


def furnish(salon: Salon) -> None:
    """Give the salon one of everything that the queries ask for."""
    with salon.write() as session:
        create_form(session, 1)
        session.add(Position(location_id=salon.location_id, title="Stylist"))


def grow(salon: Salon, size: int) -> list[dict[str, Any]]:
    """So many more services, members of the staff, visits and places; a wish for each service."""
    services = [salon.add_service(salon.olga, title=f"Service {number}") for number in range(size)]
    make = {"viewer": salon.staff(), "location_id": salon.location_id}
    room = salon.do("save_resource", **make, title="Room", instances=[{"title": "1"}])
    label = salon.do("create_label", **make, entity="class", title="Open")
    for number in range(size):
        salon.do(
            "create_class",
            **make,
            service_id=services[number],
            staff_id=salon.add_staff(salon.haircut),
            starts_at=f"2030-08-{number + 1:02}T10:00:00",
            capacity=9,
            resource_instance_ids=[room["instances"][0]["id"]],
            label_ids=[label["id"]],
        )
        member = salon.add_staff(salon.haircut, *services, name=f"Member {number}")
        salon.book(a_wish(staff_id=member), client=a_client(number))
        Waiters(salon).join(number, staff_id=member)
    with salon.write() as session:
        business = session.get_one(Business, 1)
        for number in range(size):
            place = create_location(session, business=business, title=f"Place {number}")
            create_form(session, 1, location_id=place.id)
            create_staff_member(session, place, create_service(session, place))
    return [
        a_wish(handle=number, service_ids=[service], starts_at=f"2030-07-{number + 1:02}T10:00:00")
        for number, service in enumerate(services)
    ]


def test_the_number_of_statements_does_not_grow_with_the_data(salon: Salon) -> None:
    furnish(salon)
    wishes = grow(salon, 3)
    [booked] = salon.book(a_wish(starts_at="2030-06-05T10:00:00"))
    few = count_all(salon, booked, wishes)
    wishes = grow(salon, 27)
    many = count_all(salon, booked, wishes[:20])
    assert many == few
    assert set(few) == {
        name for name in dir(BookingService) if name.startswith(("get", "list"))
    } - {"get_image"} | {"check_appointments", "search_clients"}
    assert max(few.values()) <= 14


def test_a_booking_reads_as_often_for_many_people_as_for_few(salon: Salon) -> None:
    counts = []
    for size in (3, 27):
        grow(salon, size)
        wish = a_wish(staff_id=0, starts_at=f"2030-06-{3 + size:02}T15:00:00")
        with counted(salon.database) as sent:
            salon.book(wish, client=a_client(0))
        counts.append(len(sent))
    assert counts[0] == counts[1]
