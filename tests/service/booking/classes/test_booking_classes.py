"""Classes at the desk: made, changed, moved with everybody in them, called off."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.booking.models import AppointmentChange, Reservation, Service, StaffMember
from services.booking.service import BookingService
from services.common.rights import Permission
from tests.factories import a_client, a_wish
from tests.service.booking.classes.group_classes import AT, Yoga
from tests.service.booking.conftest import Refused, Salon
from tests.service.booking.rooms import Rooms
from tests.service.conftest import NOW, a_worker


def test_a_class_is_told_as_it_was_made(yoga: Yoga) -> None:
    [label] = [yoga.do("create_label", entity="class", title="Beginners")]
    made = yoga.open(
        "2030-06-05T18:00:00+02:00",
        length_seconds=5400,
        comment="Bring water",
        instructions="Come early",
        stream_link="https://live.example/1",
        color="#fff",
        font_color="#000",
        label_ids=[label["id"]],
    )
    expected = {
        "location_id": yoga.salon.location_id,
        "version": 1,
        "series_id": None,
        "starts_at": "2030-06-05T16:00:00Z",
        "timezone": "Europe/Paris",
        "length_seconds": 5400,
        "capacity": 4,
        "seats_taken": 0,
        "saved_over_busy": False,
        "comment": "Bring water",
        "instructions": "Come early",
        "stream_link": "https://live.example/1",
        "color": "#fff",
        "font_color": "#000",
        "resource_instances": [],
        "currency": "EUR",
    }
    assert {name: made[name] for name in expected} == expected
    assert [one["title"] for one in made["labels"]] == ["Beginners"]
    assert (made["service"]["title"], made["service"]["category"]["title"]) == ("Yoga", "Hair")
    assert made["staff"]["name"] == "Olga"
    assert yoga.see(made["id"]) == made


def test_the_world_is_told_that_other_times_are_free(yoga: Yoga) -> None:
    def told() -> list[list[int]]:
        found = [one for one in yoga.salon.events() if one["type"] == "timetable_changed"]
        return [one["data"]["staff_ids"] for one in found]

    olga, ines = yoga.salon.olga, yoga.salon.add_staff()
    yoga.change(comment="Bring water")
    assert told() == [[olga]]
    yoga.change(staff_id=ines)
    yoga.repeat(starts=["2030-06-11T10:00:00"])
    yoga.do("delete_class", class_id=yoga.id)
    assert told() == [[olga], [olga, ines], [ines], [ines]]


def test_a_class_is_as_long_as_its_service_if_nothing_else_is_said(yoga: Yoga) -> None:
    assert yoga.made["length_seconds"] == 3600


def test_hours_need_not_cover_it(yoga: Yoga) -> None:
    assert yoga.open("2030-06-04T21:00:00")["saved_over_busy"] is False
    assert yoga.salon.count(Reservation) == 2


def test_nobody_is_in_two_places(yoga: Yoga, refused: Refused) -> None:
    with refused("slot_taken", kind="Conflict"):
        yoga.open("2030-06-04T10:30:00")
    yoga.open("2030-06-04T11:00:00")
    yoga.salon.book(a_wish(starts_at="2030-06-04T15:00:00"))
    with refused("slot_taken"):
        yoga.open("2030-06-04T14:30:00")


def test_over_a_busy_time_a_class_takes_only_what_is_free(yoga: Yoga) -> None:
    yoga.salon.book(a_wish(starts_at="2030-06-04T15:00:00"))
    made = yoga.open("2030-06-04T14:30:00", save_if_busy=True)
    assert made["saved_over_busy"] is True
    assert (yoga.salon.olga, 0, "06-04 12:30", "06-04 13:00") in yoga.reserved()
    assert yoga.salon.overlapping() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"service_id": 999}, "service_not_found"),
        ({"staff_id": 999}, "staff_not_found"),
        ({"starts_at": "noon"}, "time_malformed"),
        ({"starts_at": "2030-03-31T02:30:00"}, "time_does_not_exist"),
        ({"capacity": 0}, "validation_failed"),
        ({"capacity": 501}, "validation_failed"),
        ({"length_seconds": 60}, "validation_failed"),
        ({"label_ids": [9]}, "label_not_found"),
        ({"resource_instance_ids": [9]}, "resource_not_found"),
    ],
)
def test_what_makes_no_class_is_refused(
    yoga: Yoga, refused: Refused, changes: dict[str, Any], code: str
) -> None:
    with refused(code):
        yoga.open(**({"starts_at": "2030-06-05T10:00:00"} | changes))
    with refused(code):
        yoga.change(**changes)


def test_what_is_in_the_catalogue_no_longer_gets_no_class(yoga: Yoga, refused: Refused) -> None:
    yoga.salon.change(Service, yoga.service, archived_at=NOW)
    with refused("service_not_found"):
        yoga.open("2030-06-05T10:00:00")
    assert yoga.change(capacity=9)["capacity"] == 9


def test_who_works_there_no_longer_gives_no_class(yoga: Yoga, refused: Refused) -> None:
    yoga.salon.change(StaffMember, yoga.salon.olga, last_day=NOW.date())
    with refused("staff_not_found"):
        yoga.open("2030-06-05T10:00:00")
    yoga.salon.change(StaffMember, yoga.salon.olga, fired_at=NOW)
    with refused("staff_not_found"):
        yoga.open("2030-06-03T10:00:00")
    assert yoga.change(comment="Ask Inès")["comment"] == "Ask Inès"


def test_capacity_is_never_below_what_is_taken(yoga: Yoga, refused: Refused) -> None:
    yoga.book(1, seats=2)
    with refused("capacity_below_seats", kind="Conflict"):
        yoga.change(capacity=1)
    assert yoga.change(capacity=2)["capacity"] == 2
    with refused("class_full"):
        yoga.book(2)


def test_a_class_in_which_somebody_sits_stays_of_its_service(yoga: Yoga, refused: Refused) -> None:
    booked = yoga.book()
    with refused("class_booked", kind="Conflict"):
        yoga.change(service_id=yoga.salon.haircut)
    yoga.salon.cancel(booked)
    assert yoga.change(service_id=yoga.salon.haircut)["service"]["title"] == "Haircut"


def test_a_class_takes_its_appointments_along(yoga: Yoga) -> None:
    booked, gone = yoga.book(1, seats=2), yoga.book(2)
    yoga.salon.cancel(gone)
    told = len(yoga.told())
    ines = yoga.salon.add_staff(yoga.salon.haircut, name="Inès")
    moved = yoga.change(starts_at="2030-06-06T18:00:00", length_seconds=5400, staff_id=ines)
    assert (moved["starts_at"], moved["version"]) == ("2030-06-06T16:00:00Z", 2)
    read = yoga.salon.read(booked)
    assert (read["starts_at"], read["ends_at"]) == ("2030-06-06T16:00:00Z", "2030-06-06T17:30:00Z")
    assert (read["staff"]["name"], read["version"], read["seats"]) == ("Inès", 2, 2)
    assert read["services"][0]["duration_seconds"] == 5400
    assert yoga.reserved() == [(ines, 0, "06-06 16:00", "06-06 17:30")]
    [event] = yoga.told()[told:]
    assert (event["type"], event["sequence"]) == ("appointment_moved", 2)
    assert event["data"]["wall_start"] == "2030-06-06T18:00:00"
    assert yoga.salon.read(gone)["starts_at"] == "2030-06-04T08:00:00Z"
    with yoga.salon.database.read() as session:
        [change] = session.scalars(
            select(AppointmentChange).where(AppointmentChange.kind == "moved")
        )
    assert (change.changed_by, change.version) == ("staff", 2)


def test_a_class_moves_by_less_than_its_length(yoga: Yoga) -> None:
    yoga.change(starts_at="2030-06-04T10:30:00")
    assert yoga.reserved() == [(yoga.salon.olga, 0, "06-04 08:30", "06-04 09:30")]


def test_where_it_cannot_go_it_and_everybody_in_it_stay(yoga: Yoga, refused: Refused) -> None:
    yoga.book()
    yoga.salon.book(a_wish(starts_at="2030-06-04T15:00:00"))
    with refused("slot_taken"):
        yoga.change(starts_at="2030-06-04T15:30:00")
    moved = yoga.change(starts_at="2030-06-04T15:30:00", save_if_busy=True)
    assert moved["saved_over_busy"] is True
    assert yoga.salon.overlapping() == 0


def test_what_is_not_its_time_moves_nobody(yoga: Yoga) -> None:
    booked = yoga.book()
    told = len(yoga.told())
    changed = yoga.change(
        starts_at=AT, staff_id=yoga.salon.olga, capacity=9, comment="Mats are there"
    )
    assert (changed["version"], changed["capacity"]) == (2, 9)
    assert yoga.salon.read(booked)["version"] == 1
    assert len(yoga.told()) == told


def test_a_change_to_an_older_version_is_refused(yoga: Yoga, refused: Refused) -> None:
    yoga.change(version=1, comment="Newer")
    with refused("version_outdated"):
        yoga.change(version=1, comment="Older")
    with refused("version_outdated"):
        yoga.change(version=0, comment="Of before there was one")


def test_a_class_that_is_called_off_takes_everybody_off(yoga: Yoga, refused: Refused) -> None:
    booked = [yoga.book(1), yoga.write(2)]
    told = len(yoga.told())
    yoga.do("delete_class", class_id=yoga.id)
    yoga.do("delete_class", class_id=yoga.id)
    events = yoga.told()[told:]
    assert [event["type"] for event in events] == ["appointment_cancelled"] * 2
    assert {event["data"]["changed_by"] for event in events} == {"staff"}
    assert yoga.salon.read(booked[0])["is_cancelled"] is True
    assert yoga.reserved() == []
    for command in ("update_class", "repeat_class"):
        with refused("class_not_found"):
            yoga.do(command, class_id=yoga.id, **({"count": 1} if "rep" in command else {}))
    yoga.open()


def test_who_may_not_cannot(yoga: Yoga, refused: Refused) -> None:
    viewer = yoga.salon.staff(role="staff", permissions=[Permission.APPOINTMENTS_EDIT.value])
    yoga.change(viewer=viewer, comment="May")
    with refused("permission_missing", kind="Forbidden"):
        yoga.do("delete_class", class_id=yoga.id, viewer=viewer)
    viewer = yoga.salon.staff(role="staff", permissions=[Permission.APPOINTMENTS_VIEW.value])
    for command, told in {
        "create_class": {
            "service_id": yoga.service,
            "staff_id": yoga.salon.olga,
            "starts_at": "2030-06-05T10:00:00",
            "capacity": 2,
        },
        "update_class": {"class_id": yoga.id},
        "repeat_class": {"class_id": yoga.id, "starts": ["2030-06-05T10:00:00"]},
        "create_series_plan": {"title": "Weekly", "repeat": "weekly"},
    }.items():
        with refused("permission_missing"):
            yoga.do(command, viewer=viewer, **told)
        with refused("forbidden"):
            yoga.do(command, viewer={}, **told)


def test_what_is_elsewhere_is_not_found(yoga: Yoga, refused: Refused) -> None:
    for command in ("update_class", "delete_class"):
        with refused("class_not_found", kind="NotFound"):
            yoga.do(command, class_id=999)


@pytest.fixture
def rooms(salon: Salon) -> Rooms:
    return Rooms(salon)


def test_a_class_takes_the_rooms_that_its_service_needs(rooms: Rooms) -> None:
    yoga = Yoga(rooms.salon, service_id=rooms.massage, staff_id=rooms.staff[0])
    assert [one["id"] for one in yoga.made["resource_instances"]] == [rooms.rooms[0]]
    rooms.book(rooms.staff[1], "10:00")
    assert [room for room, _ in rooms.taken()] == rooms.rooms
    moved = yoga.change(starts_at="2030-06-04T10:30:00")
    assert [one["id"] for one in moved["resource_instances"]] == [rooms.rooms[0]]


def test_a_class_takes_the_rooms_that_are_named(rooms: Rooms, refused: Refused) -> None:
    yoga = Yoga(rooms.salon, resource_instance_ids=rooms.rooms)
    assert rooms.taken() == [(rooms.rooms[0], "08:00"), (rooms.rooms[1], "08:00")]
    with refused("no_resource_free"):
        yoga.open(staff_id=rooms.staff[1], resource_instance_ids=rooms.rooms[1:])
    over = yoga.open(
        staff_id=rooms.staff[1], resource_instance_ids=rooms.rooms[1:], save_if_busy=True
    )
    assert over["saved_over_busy"] is True
    assert len(over["resource_instances"]) == 1
    assert len(rooms.taken()) == 2
    changed = yoga.change(resource_instance_ids=[rooms.rooms[0]])
    assert (changed["version"], rooms.taken()) == (2, [(rooms.rooms[0], "08:00")])
    assert yoga.change(resource_instance_ids=[])["resource_instances"] == []
    assert rooms.taken() == []


def test_a_room_with_a_class_to_come_stays(rooms: Rooms, refused: Refused) -> None:
    Yoga(rooms.salon, resource_instance_ids=rooms.rooms[:1])
    with refused("resource_in_use"):
        rooms.change(instances=[])


def test_a_class_that_is_over_can_change_though_its_room_is_in_use_no_longer(
    rooms: Rooms, refused: Refused
) -> None:
    yoga = Yoga(rooms.salon, starts_at="2020-06-02T10:00:00", resource_instance_ids=rooms.rooms[:1])
    rooms.change(instances=[])
    changed = yoga.change(comment="Full of joy")
    assert [one["id"] for one in changed["resource_instances"]] == rooms.rooms[:1]
    with refused("resource_not_found"):
        yoga.open(resource_instance_ids=rooms.rooms[:1])


def test_who_leaves_or_closes_must_say_what_becomes_of_classes(
    yoga: Yoga, refused: Refused
) -> None:
    booked = yoga.book()
    leaving = {"staff_id": yoga.salon.olga, "last_day": None, "reason": "", "version": None}
    with refused("appointments_to_come"):
        yoga.do("dismiss_staff_member", **leaving, future_appointments="refuse")
    yoga.salon.cancel(booked)
    with refused("appointments_to_come"):
        yoga.do("dismiss_staff_member", **leaving, future_appointments="refuse")
    again = yoga.book(2)
    yoga.do("dismiss_staff_member", **leaving, future_appointments="cancel")
    assert yoga.salon.read(again)["is_cancelled"] is True
    assert yoga.find()["total"] == 0 and yoga.reserved() == []


def test_a_command_sent_twice_makes_one_class(yoga: Yoga) -> None:
    request = {
        "location_id": yoga.salon.location_id,
        "service_id": yoga.service,
        "staff_id": yoga.salon.olga,
        "starts_at": "2030-06-05T10:00:00",
        "capacity": 2,
    }
    answers = [
        a_worker(
            BookingService, yoga.salon.database, viewer=yoga.desk, command_id="key:1"
        ).create_class(request=request)
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert yoga.find()["total"] == 2


def test_a_client_who_is_deleted_is_there_again_with_a_seat(yoga: Yoga) -> None:
    made = yoga.write(1)
    yoga.do("delete_client", client_id=made["client"]["id"])
    again = yoga.write(1)
    assert again["client"]["id"] == made["client"]["id"]
    assert a_client(1)["phone"] == again["client"]["phone"]


def test_a_class_waits_for_a_held_time_as_long_as_it_is_held(yoga: Yoga, refused: Refused) -> None:
    wish = a_wish(starts_at="2030-06-05T10:00:00")
    yoga.do("hold_time", viewer={"partner_id": 1}, appointments=[wish])
    with refused("slot_taken"):
        yoga.open("2030-06-05T10:30:00")
    later = NOW + timedelta(hours=1)
    assert yoga.open("2030-06-05T10:30:00", now=later)["saved_over_busy"] is False
