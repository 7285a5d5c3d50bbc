"""The catalogue as it is administered: what is written is shown, and what makes no sense is not."""

from typing import Any

import pytest

from services.booking.models import Service, StaffService
from services.booking.service import BookingService
from services.common.rights import Permission
from tests.factories import a_wish, create_location, create_service, create_staff_member
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import a_worker, at_once, tally


def do(salon: Salon, command: str, **request: Any) -> Any:
    """A command of the owner's at this location."""
    return salon.do(command, viewer=salon.staff(), location_id=salon.location_id, **request)


def see(salon: Salon, query: str, **arguments: Any) -> Any:
    return salon.see(query, salon.staff(), location_id=salon.location_id, **arguments)


def announced(salon: Salon, kind: str) -> list[dict[str, Any]]:
    return [event for event in salon.events() if event["type"] == kind]


def elsewhere(salon: Salon) -> tuple[int, int, int]:
    """A service, its category and a staff member of another business."""
    with salon.write() as session:
        location = create_location(session)
        service = create_service(session, location)
        member = create_staff_member(session, location, service)
        return service.id, service.category_id, member.id


def test_a_service_is_written_shown_and_bookable(salon: Salon) -> None:
    category = do(salon, "create_service_category", title="Nails", weight=3)
    made = do(
        salon,
        "create_service",
        title="Manicure",
        category_id=category["id"],
        price_min_minor=3000,
        duration_seconds=1800,
        staff=[{"staff_id": salon.olga, "duration_seconds": 2700}],
    )
    assert (made["price_min_minor"], made["price_max_minor"], made["version"]) == (3000, 3000, 1)
    assert [one["staff_id"] for one in made["staff"]] == [salon.olga]
    assert see(salon, "get_service", service_id=made["id"]) == made
    assert made in see(salon, "list_services")["services"]
    offered = salon.at_location("list_bookable_services", staff_id=salon.olga)["services"]
    assert [one["duration_seconds"] for one in offered if one["id"] == made["id"]] == [2700]
    [event] = announced(salon, "service_changed")
    assert (event["subject"], event["sequence"]) == (f"service/{made['id']}", 1)
    assert {**event["data"], "grid_step_seconds": 1800, "resources": []} == made
    [heading] = announced(salon, "service_category_changed")
    assert heading["data"]["title"] == "Nails"


def test_a_change_leaves_what_it_does_not_name(salon: Salon) -> None:
    before = see(salon, "get_service", service_id=salon.haircut)
    changed = do(salon, "update_service", service_id=salon.haircut, title="Cut", weight=7)
    assert changed == {**before, "title": "Cut", "weight": 7, "version": before["version"] + 1}
    nobody = do(salon, "update_service", service_id=salon.haircut, staff=[])
    assert nobody["staff"] == [] and salon.count(StaffService) == 0


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ({"price_min_minor": 5000}, (5000, 5000)),
        ({"price_max_minor": 4000}, (4000, 4000)),
        ({"price_min_minor": 4000, "price_max_minor": 6000}, (4000, 6000)),
    ],
)
def test_of_one_price_the_other_follows(
    salon: Salon, prices: dict[str, int], told: tuple[int, int]
) -> None:
    changed = do(salon, "update_service", service_id=salon.haircut, **prices)
    assert (changed["price_min_minor"], changed["price_max_minor"]) == told


def test_prices_that_are_the_wrong_way_round_are_refused(salon: Salon, refused: Refused) -> None:
    inverted = {"price_min_minor": 5000, "price_max_minor": 4999}
    with refused("price_range_inverted"):
        do(salon, "update_service", service_id=salon.haircut, **inverted)
    do(salon, "update_service", service_id=salon.haircut, price_min_minor=1, price_max_minor=9)
    with refused("price_range_inverted"):
        do(salon, "update_service", service_id=salon.haircut, price_min_minor=10)
    with refused("price_range_inverted"):
        link = {"staff_id": salon.olga, "service_id": salon.haircut, **inverted}
        do(salon, "set_links", links=[link])


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_min_minor": -1},
        {"duration_seconds": -3600},
        {"duration_seconds": 0},
        {"duration_seconds": 86_401},
        {"discount_percent": 101},
        {"title": ""},
        {"gender": "other"},
        {"staff": [{"staff_id": 1, "duration_seconds": -1}]},
        {"staff": [{"staff_id": 1, "price_min_minor": 1}]},
    ],
)
def test_what_makes_no_sense_is_refused(
    salon: Salon, refused: Refused, wrong: dict[str, Any]
) -> None:
    with refused("validation_failed"):
        do(salon, "update_service", service_id=salon.haircut, **wrong)


def test_what_is_of_another_place_is_not_found(salon: Salon, refused: Refused) -> None:
    service_id, category_id, staff_id = elsewhere(salon)
    for unknown in (service_id, 999):
        with refused("no_such_service", kind="NotFound"):
            see(salon, "get_service", service_id=unknown)
        with refused("no_such_service"):
            do(salon, "update_service", service_id=unknown, title="Mine")
        with refused("no_such_service"):
            do(salon, "delete_service", service_id=unknown)
        with refused("no_such_service"):
            do(salon, "set_links", links=[{"staff_id": salon.olga, "service_id": unknown}])
        with refused("no_such_service"):
            do(salon, "remove_link", staff_id=salon.olga, service_id=unknown)
    with refused("category_not_found", kind="NotFound"):
        do(salon, "update_service", service_id=salon.haircut, category_id=category_id)
    with refused("category_not_found"):
        do(salon, "delete_service_category", category_id=category_id)
    with refused("staff_not_found", kind="NotFound"):
        do(salon, "update_service", service_id=salon.haircut, staff=[{"staff_id": staff_id}])
    with refused("staff_not_found"):
        do(salon, "set_links", links=[{"staff_id": staff_id, "service_id": salon.haircut}])


def test_a_deleted_service_is_kept_for_what_is_booked_with_it(salon: Salon) -> None:
    [booked] = salon.book(a_wish())
    do(salon, "delete_service", service_id=salon.haircut)
    do(salon, "delete_service", service_id=salon.haircut)
    assert see(salon, "list_services")["services"] == []
    assert salon.at_location("list_bookable_services")["services"] == []
    assert salon.count(StaffService) == 0 and salon.count(Service) == 1
    assert salon.read(booked)["services"][0]["title"] == "Haircut"
    assert not salon.read(booked)["is_cancelled"]
    [event] = announced(salon, "service_changed")
    assert (event["data"]["is_archived"], event["data"]["staff"]) == (True, [])


def test_a_deleted_service_can_be_booked_no_more_but_stays_where_it_was(
    salon: Salon, refused: Refused
) -> None:
    [booked] = salon.book(a_wish())
    do(salon, "delete_service", service_id=salon.haircut)
    with refused("service_unavailable", handle=1):
        salon.book(a_wish(starts_at="2030-06-05T10:00:00"))
    line = [{"id": salon.haircut}]
    with refused("service_not_found"):
        do(
            salon,
            "create_appointment",
            staff_id=salon.olga,
            services=line,
            client=None,
            starts_at="2030-06-05T10:00:00",
        )
    same = {"appointment_id": booked["appointment_id"], "services": line}
    assert do(salon, "update_appointment", **same)["services"][0]["id"] == salon.haircut


def test_a_category_goes_when_nothing_stands_under_it(salon: Salon, refused: Refused) -> None:
    [category] = see(salon, "list_service_categories")["categories"]
    assert category["staff_ids"] == [salon.olga]
    with refused("category_not_empty", kind="Conflict"):
        do(salon, "delete_service_category", category_id=category["id"])
    do(salon, "delete_service", service_id=salon.haircut)
    for _ in range(2):
        do(salon, "delete_service_category", category_id=category["id"])
    assert see(salon, "list_service_categories")["categories"] == []
    with refused("category_not_found"):
        do(salon, "create_service", title="Colour", category_id=category["id"])


def test_services_are_found_by_who_gives_them_and_by_category(salon: Salon) -> None:
    tom = salon.add_staff()
    colour = salon.add_service(tom, title="Colour")

    def ids(**wanted: int) -> list[int]:
        return [one["id"] for one in see(salon, "list_services", **wanted)["services"]]

    assert ids() == [salon.haircut, colour]
    assert ids(staff_id=salon.olga) == [salon.haircut]
    category_id = see(salon, "get_service", service_id=colour)["category_id"]
    assert ids(category_id=category_id) == [colour]


def test_links_are_set_all_or_none_and_often_is_once(salon: Salon, refused: Refused) -> None:
    tom, colour = salon.add_staff(), salon.add_service()
    links = [
        {"staff_id": tom, "service_id": colour, "duration_seconds": 600},
        {"staff_id": salon.olga, "service_id": colour},
    ]
    with refused("staff_not_found"):
        do(salon, "set_links", links=[*links, {"staff_id": 999, "service_id": colour}])
    with refused("link_not_found", kind="NotFound"):
        do(salon, "set_links", links=links, must_exist=True)
    for _ in range(2):
        do(salon, "set_links", links=links)
    given = see(salon, "get_service", service_id=colour)["staff"]
    assert {one["staff_id"]: one["duration_seconds"] for one in given} == {
        tom: 600,
        salon.olga: None,
    }
    for _ in range(2):
        do(salon, "remove_link", service_id=colour, staff_id=tom)
    assert len(see(salon, "get_service", service_id=colour)["staff"]) == 1


def test_an_old_version_is_refused(salon: Salon, refused: Refused) -> None:
    change = {"service_id": salon.haircut, "version": 1}
    assert do(salon, "update_service", **change, title="Cut")["version"] == 2
    with refused("version_outdated", kind="Conflict"):
        do(salon, "update_service", **change, title="Trim")
    with refused("version_outdated"):
        do(salon, "delete_service", **change)


def test_of_two_administrators_with_one_version_one_comes_first(salon: Salon) -> None:
    def change(title: str) -> Any:
        return do(salon, "update_service", service_id=salon.haircut, version=1, title=title)

    answers = at_once([lambda number=number: change(f"Cut {number}") for number in range(4)])
    assert tally(answers) == {"done": 1, "version_outdated": 3}
    assert len(announced(salon, "service_changed")) == 1


def test_the_same_command_twice_makes_one_service(salon: Salon) -> None:
    with salon.database.read() as session:
        category_id = session.get_one(Service, salon.haircut).category_id
    request = {"location_id": salon.location_id, "title": "Colour", "category_id": category_id}
    call = {"viewer": salon.staff(), "command_id": "key:once"}
    answers = [
        a_worker(BookingService, salon.database, **call).create_service(request=request)
        for _ in range(2)
    ]
    assert answers[0] == answers[1] and salon.count(Service) == 2


@pytest.mark.parametrize("command", ["create_service", "create_service_category"])
def test_the_catalogue_is_for_who_may_edit_it(salon: Salon, refused: Refused, command: str) -> None:
    request = {"location_id": salon.location_id, "title": "X"}
    if command == "create_service":
        request["category_id"] = 1
    for viewer, code in (
        (salon.staff(role="staff"), "permission_missing"),
        (salon.staff(business_id=99), "forbidden"),
        ({"kind": "client"}, "forbidden"),
    ):
        with refused(code):
            salon.do(command, viewer=viewer, **request)
    editor = salon.staff(role="staff", permissions=[Permission.CATALOGUE_EDIT.value])
    assert salon.do(command, viewer=editor, **request)["title"] == "X"


def test_to_read_the_catalogue_it_is_enough_to_work_there(salon: Salon, refused: Refused) -> None:
    colleague = salon.staff(role="staff", permissions=[])
    for query in ("list_services", "list_service_categories", "list_staff", "list_positions"):
        salon.see(query, colleague, location_id=salon.location_id)
        with refused("forbidden"):
            salon.see(query, salon.staff(business_id=99), location_id=salon.location_id)


def test_clients_read_what_is_written_for_them(salon: Salon) -> None:
    do(salon, "update_service", service_id=salon.haircut, booking_title="A new you")
    [shown] = salon.at_location("list_bookable_services")["services"]
    assert shown["title"] == "A new you"
    [booked] = salon.book(a_wish())
    assert salon.read(booked)["services"][0]["title"] == "Haircut"
