"""Which services and which people are offered, by who, when and what else is chosen."""

from datetime import date
from typing import Any

import pytest

from services.booking.models import Position, Service, ServiceCategory, StaffMember, StaffService
from tests.factories import a_client, a_wish, create_day_off, create_location, create_service
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW


def services(salon: Salon, **arguments: Any) -> list[str]:
    found = salon.at_location("list_bookable_services", **arguments)
    return [service["title"] for service in found["services"]]


def bookable(salon: Salon, **arguments: Any) -> dict[str, bool]:
    found = salon.at_location("list_bookable_staff", with_slots=False, **arguments)
    return {member["name"]: member["is_bookable"] for member in found["staff"]}


@pytest.fixture
def spa(salon: Salon) -> Salon:
    """Beside Olga's haircuts: Pia (2) gives massages (2) in the afternoon, both give baths (3)."""
    salon.add_service(title="Massage", duration_seconds=7200)
    salon.add_service(salon.olga, title="Bath", duration_seconds=1800)
    salon.add_staff(2, 3, name="Pia", hours=(14, 18))
    return salon


def test_a_service_is_shown_with_everything_a_client_chooses_by(salon: Salon) -> None:
    salon.change(ServiceCategory, 1, title="Hair", weight=3, api_id="h", gender="female")
    found = salon.at_location("list_bookable_services")
    assert found["currency"] == "EUR"
    assert found["categories"] == [
        {"id": 1, "title": "Hair", "weight": 3, "gender": "female", "api_id": "h"}
    ]
    assert found["services"] == [
        {
            "id": salon.haircut,
            "title": "Haircut",
            "category_id": 1,
            "price_min_minor": 4500,
            "price_max_minor": 4500,
            "discount_percent": 0,
            "comment": "",
            "image": None,
            "image_url": "",
            "weight": 0,
            "is_online": True,
            "gender": "any",
            "prepayment": "forbidden",
            "duration_seconds": 3600,
            "is_membership_only": False,
        }
    ]


def test_services_that_cannot_be_booked_are_not_shown(spa: Salon) -> None:
    spa.add_service(title="Given by nobody")
    spa.add_service(spa.olga, title="Off line", is_online=False)
    spa.add_service(spa.olga, title="Gone", archived_at=NOW)
    with spa.write() as session:
        create_service(session, create_location(session), title="Elsewhere")
    assert services(spa) == ["Haircut", "Massage", "Bath"]
    found = spa.at_location("list_bookable_services")
    assert len(found["categories"]) == 3


def test_heavier_services_come_first(spa: Salon) -> None:
    spa.change(Service, 3, weight=10)
    assert services(spa) == ["Bath", "Haircut", "Massage"]


def test_a_staff_member_is_asked_for_at_their_own_price_and_length(spa: Salon) -> None:
    with spa.write() as session:
        link = session.get_one(StaffService, (2, 3))
        link.duration_seconds, link.price_min_minor, link.price_max_minor = 900, 0, 100
    found = spa.at_location("list_bookable_services", staff_id=2)["services"]
    facts = {
        one["title"]: (one["duration_seconds"], one["price_min_minor"], one["price_max_minor"])
        for one in found
    }
    assert facts == {"Massage": (7200, 4500, 4500), "Bath": (900, 0, 100)}


def test_with_services_chosen_those_are_left_that_somebody_gives_beside_them(spa: Salon) -> None:
    assert services(spa, service_ids=[3]) == ["Haircut", "Massage"]
    assert services(spa, service_ids=[1]) == ["Bath"]
    assert services(spa, service_ids=[3], staff_id=2) == ["Massage"]
    assert services(spa, service_ids=[1, 2]) == []


@pytest.mark.parametrize(
    ("starts_at", "chosen", "expected"),
    [
        ("2030-06-04T10:00:00", [], ["Haircut", "Bath"]),
        ("2030-06-04T14:00:00", [], ["Haircut", "Massage", "Bath"]),
        ("2030-06-04T17:30:00", [], ["Bath"]),
        ("2030-06-04T16:00:00", [3], ["Haircut"]),
        ("2030-06-04T15:30:00", [3], ["Haircut", "Massage"]),
        ("2030-06-04T20:00:00", [], []),
        ("2030-06-04T14:10:00", [], []),
        ("2030-06-04", [], ["Haircut", "Massage", "Bath"]),
        ("2030-06-05", [], ["Massage", "Bath"]),
        ("2030-06-02", [], []),
    ],
)
def test_with_a_time_those_services_are_left_for_which_there_is_room(
    spa: Salon, starts_at: str, chosen: list[int], expected: list[str]
) -> None:
    with spa.write() as session:
        create_day_off(session, spa.olga, date(2030, 6, 5))
    assert services(spa, starts_at=starts_at, service_ids=chosen) == expected


def test_a_service_offered_at_a_time_can_be_booked_then(spa: Salon) -> None:
    spa.book(a_wish(starts_at="2030-06-04T14:00:00"))
    found = spa.at_location("list_bookable_services", starts_at="2030-06-04T13:30:00")["services"]
    assert [service["title"] for service in found] == ["Bath"]
    wish = a_wish(staff_id=0, service_ids=[3], starts_at="2030-06-04T13:30:00")
    assert spa.book(wish, client=a_client(2))


def test_a_member_of_the_staff_is_shown_with_the_nearest_free_time(salon: Salon) -> None:
    with salon.write() as session:
        session.add(Position(location_id=salon.location_id, title="Stylist"))
    salon.change(StaffMember, salon.olga, position_id=1, specialization="Colour", api_id="o")
    found = salon.at_location("list_bookable_staff", service_ids=[1])
    [olga] = found["staff"]
    assert found["timezone"] == "Europe/Paris"
    assert olga["position"] == {"id": 1, "title": "Stylist"}
    assert (olga["name"], olga["specialization"], olga["api_id"]) == ("Olga", "Colour", "o")
    assert (olga["is_bookable"], olga["is_fired"], olga["is_hidden"]) == (True, False, False)
    assert olga["next_slots"]["day"] == "2030-06-03"
    assert len(olga["next_slots"]["slots"]) == 17
    assert olga["next_slots"]["slots"][0] == {
        "starts_at": "2030-06-03T07:00:00Z",
        "duration_seconds": 3600,
        "total_seconds": 3600,
    }


def test_the_nearest_free_time_is_everybodys_own_and_left_out_on_wish(spa: Salon) -> None:
    with spa.write() as session:
        create_day_off(session, 2, date(2030, 6, 3))
    found = spa.at_location("list_bookable_staff", service_ids=[3])["staff"]
    assert {one["name"]: one["next_slots"]["day"] for one in found} == {
        "Olga": "2030-06-03",
        "Pia": "2030-06-04",
    }
    found = spa.at_location("list_bookable_staff", with_slots=False)["staff"]
    assert [one["next_slots"] for one in found] == [None, None]


def test_only_staff_whom_clients_may_choose_are_shown_the_heaviest_first(spa: Salon) -> None:
    spa.add_staff(name="Fired", fired_at=NOW)
    spa.add_staff(name="Hidden", is_online=False)
    spa.add_staff(name="Heavy", weight=1)
    assert list(bookable(spa)) == ["Heavy", "Olga", "Pia"]
    assert list(bookable(spa, staff_id=2)) == ["Pia"]
    assert bookable(spa, staff_id=999) == {}
    assert bookable(spa, staff_id=999, starts_at="2030-06-04T10:00:00") == {}


def test_bookable_is_who_gives_all_that_is_chosen(spa: Salon) -> None:
    with spa.write() as session:
        session.add(StaffMember(location_id=spa.location_id, name="Trainee"))
    assert bookable(spa) == {"Olga": True, "Pia": True, "Trainee": False}
    assert bookable(spa, service_ids=[3]) == {"Olga": True, "Pia": True, "Trainee": False}
    assert bookable(spa, service_ids=[3, 1]) == {"Olga": True, "Pia": False, "Trainee": False}


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        ("2030-06-04T10:00:00", {"Olga": True, "Pia": False}),
        ("2030-06-04T15:00:00", {"Olga": False, "Pia": True}),
        ("2030-06-04T16:00:00", {"Olga": True, "Pia": True}),
        ("2030-06-04T19:00:00", {"Olga": False, "Pia": False}),
        ("2030-06-05", {"Olga": False, "Pia": True}),
    ],
)
def test_bookable_is_who_is_free_at_the_time(
    spa: Salon, starts_at: str, expected: dict[str, bool]
) -> None:
    spa.book(a_wish(starts_at="2030-06-04T15:00:00"))
    with spa.write() as session:
        create_day_off(session, spa.olga, date(2030, 6, 5))
    assert bookable(spa, service_ids=[3], starts_at=starts_at) == expected


def test_what_is_asked_for_must_exist(salon: Salon, refused: Refused) -> None:
    for method in ("list_bookable_services", "list_bookable_staff"):
        with refused("location_not_found", kind="NotFound"):
            salon.ask(method, location_id=999)
        with refused("service_not_found", kind="NotFound"):
            salon.at_location(method, service_ids=[999])
        with refused("time_malformed", kind="Invalid"):
            salon.at_location(method, starts_at="9999-12-31")
        with refused("time_does_not_exist", kind="Invalid"):
            salon.at_location(method, starts_at="2031-03-30T02:30:00")
    with refused("staff_not_found", kind="NotFound"):
        salon.at_location("list_bookable_services", staff_id=999)
