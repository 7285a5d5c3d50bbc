"""Looking for classes: by day, service, person and room; by clients and by staff."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import Service, StaffMember
from tests.service.booking.classes.group_classes import Yoga
from tests.service.booking.conftest import Refused, Salon
from tests.service.booking.rooms import Rooms
from tests.service.conftest import NOW


class Studio(Yoga):
    """Yoga on Tuesday and Wednesday with Olga, a massage class on Thursday with a room."""

    def __init__(self, salon: Salon) -> None:
        self.rooms = Rooms(salon)
        salon.change(Service, self.rooms.massage, title="Massage")
        self.ines = self.rooms.staff[1]
        salon.change(StaffMember, self.ines, name="Inès")
        super().__init__(salon)
        self.late = self.open("2030-06-05T23:30:00")["id"]
        self.massage = self.open(
            "2030-06-06T10:00:00",
            service_id=self.rooms.massage,
            staff_id=self.ines,
        )["id"]

    def ask(self, query: str, **asked: Any) -> Any:
        return self.salon.at_location(query, **asked)

    def ids(self, viewer: dict[str, Any] | None = None, **asked: Any) -> list[int]:
        return [one["id"] for one in self.find(viewer, **asked)["items"]]


@pytest.fixture
def studio(salon: Salon) -> Studio:
    return Studio(salon)


def test_classes_come_in_the_order_of_their_times(studio: Studio) -> None:
    found = studio.find()
    assert [one["id"] for one in found["items"]] == [studio.id, studio.late, studio.massage]
    assert found["total"] == 3
    assert found["items"][2]["resource_instances"] == [
        {"id": studio.rooms.rooms[0], "title": "Room 1", "resource_id": studio.rooms.saved["id"]}
    ]


def test_a_page_is_a_part_of_all(studio: Studio) -> None:
    assert studio.ids(page=2, page_size=2) == [studio.massage]
    assert studio.find(page=2, page_size=2)["total"] == 3
    assert studio.ids(page=9) == []


def test_days_are_those_of_the_location(studio: Studio) -> None:
    assert studio.ids(from_day="2030-06-05", to_day="2030-06-05") == [studio.late]
    assert studio.ids(from_day="2030-06-06", to_day="2030-06-06") == [studio.massage]
    assert studio.ids(from_day="2030-06-07", to_day="2030-06-01") == []
    assert studio.ids(to_day="9998-12-31") == studio.ids()
    days = studio.ask("list_class_days", to_day="2030-12-31")["days"]
    assert days == ["2030-06-04", "2030-06-05", "2030-06-06"]


def test_what_is_asked_for_narrows_it_down(studio: Studio) -> None:
    assert studio.ids(service_ids=[studio.service]) == [studio.id, studio.late]
    assert studio.ids(service_ids=[studio.service, studio.rooms.massage]) == studio.ids()
    assert studio.ids(staff_ids=[studio.ines]) == [studio.massage]
    assert studio.ids(resource_ids=[studio.rooms.saved["id"]]) == [studio.massage]
    assert studio.ids(service_ids=[studio.service], resource_ids=[studio.rooms.saved["id"]]) == []
    assert studio.ids(staff_ids=[999]) == []
    asked = {"to_day": "2030-12-31", "staff_ids": [studio.ines]}
    assert studio.ask("list_class_days", **asked)["days"] == ["2030-06-06"]


def test_clients_find_what_is_to_come_and_staff_what_was(studio: Studio) -> None:
    later = NOW + timedelta(days=2)
    assert studio.ids(now=later) == [studio.late, studio.massage]
    assert studio.ids(studio.desk, now=later) == [studio.id, studio.late, studio.massage]
    elsewhere = studio.salon.staff(business_id=999)
    assert studio.ids(elsewhere, now=later) == [studio.late, studio.massage]


def test_clients_find_no_service_that_they_cannot_book(studio: Studio, refused: Refused) -> None:
    studio.salon.change(Service, studio.service, is_online=False)
    assert studio.ids() == [studio.massage]
    assert studio.ids(studio.desk) == [studio.id, studio.late, studio.massage]
    assert studio.see()["id"] == studio.id
    with refused("class_not_found"):
        studio.ask("get_class", class_id=studio.id)


def test_what_was_called_off_is_found_by_nobody(studio: Studio) -> None:
    studio.do("delete_class", class_id=studio.massage)
    assert studio.ids(studio.desk) == [studio.id, studio.late]


def test_the_range_is_of_what_is_to_come(studio: Studio) -> None:
    told = {"first_day": "2030-06-04", "last_day": "2030-06-06"}
    assert studio.ask("get_class_range") == told
    narrowed = studio.ask("get_class_range", staff_ids=[studio.salon.olga])
    assert narrowed["last_day"] == "2030-06-05"
    later = studio.ask("get_class_range", now=NOW + timedelta(days=30))
    assert later == {"first_day": None, "last_day": None}


def test_filters_say_what_would_leave_nothing(studio: Studio) -> None:
    def told(**asked: Any) -> dict[str, dict[str, bool]]:
        found = studio.ask("get_class_filters", **asked)
        return {
            name: {one["title"]: one["is_disabled"] for one in values}
            for name, values in found.items()
        }

    nothing = told()
    assert set(nothing["staff"]) == {"Olga", "Inès"}
    assert nothing["resource"] == {"Massage room": False}
    assert set(nothing["service"]) == {"Yoga", "Massage"}
    narrowed = told(service_ids=[studio.service])
    assert narrowed["resource"] == {"Massage room": True}
    assert narrowed["service"] == {"Yoga": False, "Massage": False}
    assert told(now=NOW + timedelta(days=30)) == {
        "staff": {},
        "resource": {},
        "service": {},
        "category": {},
    }


def test_services_are_found_by_title_and_giver(studio: Studio) -> None:
    def titles(**asked: Any) -> list[str]:
        return [one["title"] for one in studio.ask("list_class_services", **asked)["services"]]

    assert titles(term="YOG") == ["Yoga"]
    assert titles(term="%") == []
    assert set(titles(staff_id=studio.ines)) == {"Haircut", "Massage"}
    studio.salon.change(Service, studio.service, is_online=False)
    assert titles(term="yoga") == []
    viewer = {"viewer": studio.desk, "location_id": studio.salon.location_id}
    found = studio.salon.see("list_class_services", **viewer, term="yoga")
    assert [one["id"] for one in found["services"]] == [studio.service]


@pytest.mark.parametrize(
    "asked",
    [
        {"to_day": "soon"},
        {"service_ids": [0]},
        {"staff_ids": list(range(1, 100))},
        {"page": 0},
        {"page_size": 301},
    ],
)
def test_what_makes_no_search_is_refused(
    studio: Studio, refused: Refused, asked: dict[str, Any]
) -> None:
    with refused("validation_failed"):
        studio.find(**asked)


def test_a_place_that_is_not_there_has_no_classes(studio: Studio, refused: Refused) -> None:
    with refused("location_not_found"):
        studio.find(location_id=999)
