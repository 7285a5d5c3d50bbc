"""Rooms and devices: a service that needs one is booked only where one is free."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from services.common.rights import Permission
from tests.service.booking.conftest import Refused, Salon
from tests.service.booking.rooms import Rooms


@pytest.fixture
def rooms(salon: Salon) -> Rooms:
    return Rooms(salon)


@contextmanager
def nothing_changes(salon: Salon) -> Iterator[None]:
    before = salon.dump()
    yield
    assert salon.dump() == before


def test_each_visit_takes_a_free_instance(rooms: Rooms) -> None:
    first, second = rooms.book(rooms.staff[0], client=1), rooms.book(rooms.staff[1], client=2)
    assert rooms.taken() == [(rooms.rooms[0], "08:00"), (rooms.rooms[1], "08:00")]
    assert rooms.salon.read(first)["resource_instance_ids"] == [rooms.rooms[0]]
    assert rooms.salon.read(second)["resource_instance_ids"] == [rooms.rooms[1]]


def test_where_none_is_free_nothing_is_offered_and_nothing_booked(
    rooms: Rooms, refused: Refused
) -> None:
    rooms.book(rooms.staff[0], client=1)
    rooms.book(rooms.staff[1], client=2)
    asked = {"staff_id": rooms.staff[2], "service_ids": [rooms.massage]}
    free = rooms.salon.slots("2030-06-04", **asked)
    assert free[:2] == ["07:00", "09:00"]
    with nothing_changes(rooms.salon), refused("no_resource_free", handle=1):
        rooms.book(rooms.staff[2], client=3)
    rooms.book(rooms.staff[2], "11:00", client=3)


def test_a_service_that_needs_none_is_not_kept_waiting(rooms: Rooms) -> None:
    rooms.book(rooms.staff[0], client=1)
    rooms.book(rooms.staff[1], client=2)
    assert "08:00" in rooms.salon.slots("2030-06-04", staff_id=rooms.staff[2])


def test_a_day_without_a_room_is_explained(rooms: Rooms) -> None:
    rooms.change(instances=[])
    told = rooms.salon.at_location("explain_days", day="2030-06-04", service_ids=[rooms.massage])
    assert {one["reason"] for one in told["staff"]} == {"no_resource_free"}


def test_wishes_of_one_request_share_no_room(rooms: Rooms, refused: Refused) -> None:
    wishes = [rooms.wish(staff, handle=number) for number, staff in enumerate(rooms.staff, start=1)]
    with nothing_changes(rooms.salon), refused("no_resource_free", handle=3):
        rooms.salon.book(*wishes)
    rooms.salon.book(*wishes[:2])
    assert len({room for room, _ in rooms.taken()}) == 2


def test_anybody_is_somebody_for_whom_there_is_a_room(rooms: Rooms, refused: Refused) -> None:
    rooms.book(None, client=1)
    rooms.book(None, client=2)
    with refused("no_staff_free", handle=1):
        rooms.book(None, client=3)


def test_a_cancelled_visit_gives_its_room_back(rooms: Rooms) -> None:
    booked = rooms.book(rooms.staff[0])
    rooms.salon.cancel(booked)
    assert rooms.taken() == []


def test_a_moved_visit_takes_a_room_at_its_new_time(rooms: Rooms, refused: Refused) -> None:
    booked = rooms.book(rooms.staff[0], "14:00")
    rooms.book(rooms.staff[1], "10:00", client=2)
    rooms.book(rooms.staff[2], "10:00", client=3)
    request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    with nothing_changes(rooms.salon), refused("no_resource_free"):
        rooms.salon.do("move_appointment", **request, starts_at="2030-06-04T10:00:00")
    rooms.salon.do("move_appointment", **request, starts_at="2030-06-04T11:00:00")
    assert rooms.salon.read(booked)["resource_instance_ids"] == [rooms.rooms[0]]
    assert (rooms.rooms[0], "09:00") in rooms.taken()


def test_a_visit_may_move_by_less_than_its_length_within_its_room(rooms: Rooms) -> None:
    rooms.change(instances=[{"id": rooms.rooms[0], "title": "Room 1"}])
    booked = rooms.book(rooms.staff[0])
    request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    rooms.salon.do("move_appointment", **request, starts_at="2030-06-04T10:30:00")
    assert rooms.taken() == [(rooms.rooms[0], "08:30")]


def desk_request(rooms: Rooms, **more: Any) -> dict[str, Any]:
    return {
        "location_id": rooms.salon.location_id,
        "staff_id": rooms.staff[2],
        "services": [{"id": rooms.massage}],
        "client": None,
        "starts_at": "2030-06-04T10:00:00",
        **more,
    }


def test_at_the_desk_a_room_is_needed_too_unless_staff_say_otherwise(
    rooms: Rooms, refused: Refused
) -> None:
    rooms.book(rooms.staff[0], client=1)
    rooms.book(rooms.staff[1], client=2)
    staff = rooms.salon.staff()
    with refused("no_resource_free"):
        rooms.salon.do("create_appointment", viewer=staff, **desk_request(rooms))
    made = rooms.salon.do(
        "create_appointment", viewer=staff, **desk_request(rooms, save_if_busy=True)
    )
    assert (made["saved_over_busy"], made["resource_instance_ids"]) == (True, [])
    assert len(rooms.taken()) == 2


def test_what_is_changed_at_the_desk_takes_what_it_needs_then(rooms: Rooms) -> None:
    staff, salon = rooms.salon.staff(), rooms.salon
    request = desk_request(rooms, services=[{"id": salon.haircut}], staff_id=rooms.staff[0])
    made = salon.do("create_appointment", viewer=staff, **request)
    assert rooms.taken() == []
    change = {"location_id": salon.location_id, "appointment_id": made["id"]}
    services = [{"id": rooms.massage}]
    changed = salon.do("update_appointment", viewer=staff, **change, services=services)
    assert changed["resource_instance_ids"] == [rooms.rooms[0]]
    changed = salon.do("update_appointment", viewer=staff, **change, comment="On time")
    assert changed["resource_instance_ids"] == [rooms.rooms[0]]
    back = [{"id": salon.haircut}]
    changed = salon.do("update_appointment", viewer=staff, **change, services=back)
    assert (changed["resource_instance_ids"], rooms.taken()) == ([], [])


def test_resources_are_told_with_what_needs_them(rooms: Rooms) -> None:
    told = rooms.salon.see(
        "list_resources", rooms.salon.staff(), location_id=rooms.salon.location_id
    )
    assert told == {"resources": [rooms.saved]}
    assert rooms.saved["service_ids"] == [rooms.massage]


def test_what_is_not_named_stays(rooms: Rooms) -> None:
    changed = rooms.change(title="Room")
    assert changed == {**rooms.saved, "title": "Room"}
    changed = rooms.change(service_ids=[])
    assert changed["service_ids"] == [] and changed["instances"] == rooms.saved["instances"]


def test_a_room_goes_when_nothing_to_come_is_booked_with_it(rooms: Rooms, refused: Refused) -> None:
    booked = rooms.book(rooms.staff[0])
    kept = [{"id": rooms.rooms[1], "title": "Room 2"}]
    with nothing_changes(rooms.salon), refused("resource_in_use"):
        rooms.change(instances=kept)
    place = {"location_id": rooms.salon.location_id, "resource_id": rooms.saved["id"]}
    with nothing_changes(rooms.salon), refused("resource_in_use"):
        rooms.salon.do("delete_resource", viewer=rooms.salon.staff(), **place)
    rooms.salon.cancel(booked)
    assert [one["id"] for one in rooms.change(instances=kept)["instances"]] == rooms.rooms[1:]
    rooms.salon.do("delete_resource", viewer=rooms.salon.staff(), **place)
    told = [e["sequence"] for e in rooms.salon.events() if e["type"] == "timetable_changed"]
    assert told == [2, 3, 4], "made, changed, taken away"
    assert rooms.salon.slots("2030-06-04", service_ids=[rooms.massage])
    with refused("resource_not_found"):
        rooms.change(title="Again")


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("resource_not_found", {"resource_id": 999, "title": "?"}),
        ("resource_not_found", {"instances": [{"id": 999, "title": "?"}]}),
        ("service_not_found", {"service_ids": [999]}),
        ("validation_failed", {"title": ""}),
        ("validation_failed", {"instances": [{"title": ""}]}),
    ],
)
def test_what_there_is_not_is_refused(
    rooms: Rooms, refused: Refused, code: str, changes: dict[str, Any]
) -> None:
    with nothing_changes(rooms.salon), refused(code):
        rooms.save(**{"resource_id": rooms.saved["id"], **changes})


def test_who_may_not_edit_the_catalogue_edits_no_rooms(rooms: Rooms, refused: Refused) -> None:
    colleague = rooms.salon.staff(role="staff", permissions=[Permission.SCHEDULES_VIEW.value])
    with refused("permission_missing"):
        rooms.save(viewer=colleague, resource_id=rooms.saved["id"], title="Mine")
