"""Grids of weekdays and dates, buffers, timetables, and why a day is empty."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import Appointment, Reservation
from services.common.rights import Permission
from tests.factories import a_client, a_wish, create_day_off
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW

LISTED = {"base": "list", "step_seconds": 1800, "start_minutes": [555, 840]}
CLOCK = {"base": "clock", "step_seconds": 3600, "first_minute": 615, "last_minute": 13 * 60}


def set_grids(salon: Salon, *, viewer: dict[str, Any] | None = None, **request: Any) -> Any:
    wanted = {"location_id": salon.location_id, "is_enabled": True, **request}
    return salon.do("set_day_grids", viewer=viewer or salon.staff(), **wanted)


def reasons(salon: Salon, day: str, **arguments: Any) -> dict[int, str | None]:
    told = salon.at_location("explain_days", day=day, **arguments)["staff"]
    return {one["staff_id"]: one["reason"] for one in told}


def test_a_weekday_may_have_starts_of_its_own(salon: Salon) -> None:
    set_grids(salon, weekdays=[{"weekday": 1, **CLOCK}])
    assert salon.slots("2030-06-04") == ["08:15", "09:15", "10:15"]
    assert [e["data"]["staff_ids"] for e in salon.events() if e["type"] == "timetable_changed"] == [
        []
    ]
    assert salon.slots("2030-06-05")[:2] == ["07:00", "07:30"]


def test_a_date_comes_before_its_weekday_and_may_be_closed(salon: Salon) -> None:
    set_grids(
        salon,
        weekdays=[{"weekday": 1, **CLOCK}],
        dates=[
            {"day": "2030-06-04", **LISTED},
            {"day": "2030-06-11", **LISTED | {"start_minutes": []}},
        ],
    )
    assert salon.slots("2030-06-04") == ["07:15", "12:00"]
    assert salon.slots("2030-06-11") == []
    assert salon.slots("2030-06-18") == ["08:15", "09:15", "10:15"]
    days = salon.at_location("list_free_days")["free_days"]
    assert "2030-06-04" in days and "2030-06-11" not in days


def test_what_is_not_on_the_days_grid_is_refused(salon: Salon, refused: Refused) -> None:
    set_grids(salon, weekdays=[{"weekday": 1, **CLOCK}])
    with refused("slot_off_grid", handle=1):
        salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    salon.book(a_wish(starts_at="2030-06-04T10:15:00"))


def test_switched_off_grids_are_kept_and_do_not_count(salon: Salon) -> None:
    set_grids(salon, weekdays=[{"weekday": 1, **CLOCK}])
    told = set_grids(salon, is_enabled=False)
    assert salon.slots("2030-06-04")[0] == "07:00"
    assert (told["is_enabled"], len(told["weekdays"]), told["dates"]) == (False, 1, [])


def test_one_kind_is_replaced_and_the_other_stays(salon: Salon) -> None:
    set_grids(salon, weekdays=[{"weekday": 1, **CLOCK}], dates=[{"day": "2030-06-11", **LISTED}])
    told = set_grids(salon, weekdays=[{"weekday": 2, **LISTED}, {"weekday": 3, **CLOCK}])
    assert [grid["weekday"] for grid in told["weekdays"]] == [2, 3]
    assert [grid["day"] for grid in told["dates"]] == ["2030-06-11"]
    told = salon.see("get_day_grids", salon.staff(), location_id=salon.location_id)
    assert [grid["weekday"] for grid in told["weekdays"]] == [2, 3]


@pytest.mark.parametrize(
    "request_",
    [
        {"weekdays": [{"weekday": 1, **CLOCK}, {"weekday": 1, **LISTED}]},
        {"dates": [{"day": "2030-06-04", **CLOCK}, {"day": "2030-06-04", **LISTED}]},
        {"weekdays": [{"weekday": 1, **CLOCK, "last_minute": 614}]},
    ],
)
def test_grids_that_contradict_each_other_change_nothing(
    salon: Salon, refused: Refused, request_: dict[str, Any]
) -> None:
    before = salon.dump()
    with refused("grid_malformed"):
        set_grids(salon, **request_)
    assert salon.dump() == before


def test_who_may_not_change_settings_sets_no_grids(salon: Salon, refused: Refused) -> None:
    colleague = salon.staff(role="staff", permissions=[Permission.SCHEDULES_VIEW.value])
    with refused("permission_missing"):
        set_grids(salon, viewer=colleague, weekdays=[])
    assert salon.see("get_day_grids", colleague, location_id=salon.location_id)["weekdays"] == []


def test_behind_a_visit_its_buffer_is_taken(salon: Salon, refused: Refused) -> None:
    cleaned = salon.add_service(salon.olga, duration_seconds=3600, buffer_seconds=1200)
    [booked] = salon.book(a_wish(service_ids=[cleaned], starts_at="2030-06-04T10:00:00"))
    told = salon.read(booked)
    assert (told["ends_at"], told["buffer_seconds"]) == ("2030-06-04T09:00:00Z", 1200)
    assert "09:00" not in salon.slots("2030-06-04")
    assert "09:30" in salon.slots("2030-06-04")
    with refused("slot_taken", handle=1):
        salon.book(a_wish(starts_at="2030-06-04T11:00:00"), client=a_client(2))
    # A visit before it must leave room for its own buffer.
    free = salon.slots("2030-06-04", service_ids=[cleaned])
    assert "07:00" not in free and "09:30" in free


def test_a_buffer_needs_no_working_time(salon: Salon) -> None:
    cleaned = salon.add_service(salon.olga, duration_seconds=3600, buffer_seconds=3600)
    [booked] = salon.book(a_wish(service_ids=[cleaned], starts_at="2030-06-04T17:00:00"))
    assert salon.read(booked)["ends_at"] == "2030-06-04T16:00:00Z"


def test_of_several_services_the_longest_buffer_counts(salon: Salon) -> None:
    one = salon.add_service(salon.olga, duration_seconds=1800, buffer_seconds=600)
    two = salon.add_service(salon.olga, duration_seconds=1800, buffer_seconds=900)
    [booked] = salon.book(a_wish(service_ids=[one, two]))
    assert salon.read(booked)["buffer_seconds"] == 900


def test_a_moved_visit_takes_its_buffer_along(salon: Salon) -> None:
    cleaned = salon.add_service(salon.olga, duration_seconds=3600, buffer_seconds=1200)
    [booked] = salon.book(a_wish(service_ids=[cleaned]))
    request = {
        "appointment_id": booked["appointment_id"],
        "hash": booked["hash"],
        "starts_at": "2030-06-05T10:00:00",
    }
    salon.do("move_appointment", **request)
    with salon.database.read() as session:
        [taken] = session.query(Reservation).all()
        appointment = session.get_one(Appointment, booked["appointment_id"])
        assert taken.ends_at == appointment.ends_at + timedelta(seconds=1200)


def test_staff_may_name_a_buffer(salon: Salon) -> None:
    cleaned = salon.add_service(salon.olga, duration_seconds=3600, buffer_seconds=1200)
    request = {
        "location_id": salon.location_id,
        "staff_id": salon.olga,
        "services": [{"id": cleaned}],
        "client": None,
        "starts_at": "2030-06-04T10:00:00",
    }
    made = salon.do("create_appointment", viewer=salon.staff(), **request)
    assert made["buffer_seconds"] == 1200
    change = {
        "location_id": salon.location_id,
        "appointment_id": made["id"],
        "buffer_seconds": 0,
    }
    assert salon.do("update_appointment", viewer=salon.staff(), **change)["buffer_seconds"] == 0
    assert "09:00" in salon.slots("2030-06-04")


def test_a_timetable_shows_what_is_taken(salon: Salon) -> None:
    salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    told = salon.see(
        "get_timetable",
        salon.staff(),
        location_id=salon.location_id,
        staff_id=salon.olga,
        day="2030-06-04",
    )
    taken = [one["starts_at"][11:16] for one in told["times"] if not one["is_free"]]
    assert taken == ["08:00", "08:30"]
    assert (len(told["times"]), told["timezone"]) == (18, "Europe/Paris")


def test_working_days_are_of_somebody_or_of_anybody(salon: Salon) -> None:
    other = salon.add_staff(hours=(10, 12))
    with salon.write() as session:
        create_day_off(session, salon.olga, NOW.date() + timedelta(days=1))
        create_day_off(session, other, NOW.date() + timedelta(days=2))

    def days(staff_id: int) -> list[str]:
        found: list[str] = salon.see(
            "list_working_days",
            salon.staff(),
            location_id=salon.location_id,
            staff_id=staff_id,
            from_day="2030-06-03",
            to_day="2030-06-06",
        )["days"]
        return [day[-2:] for day in found]

    assert days(salon.olga) == ["03", "05", "06"]
    assert days(other) == ["03", "04", "06"]
    assert days(0) == ["03", "04", "05", "06"]


def test_why_a_day_is_empty(salon: Salon) -> None:
    off, other = salon.add_staff(hours=(10, 12)), salon.add_staff(hours=(10, 12))
    with salon.write() as session:
        create_day_off(session, off, NOW.date() + timedelta(days=1))
    salon.book(a_wish(staff_id=other, starts_at="2030-06-04T10:00:00"))
    salon.book(a_wish(staff_id=other, starts_at="2030-06-04T11:00:00"), client=a_client(2))
    asked = {"service_ids": [salon.haircut]}
    assert reasons(salon, "2030-06-04", **asked) == {
        salon.olga: None,
        off: "day_off",
        other: "fully_booked",
    }
    assert reasons(salon, "2030-06-02", **asked)[salon.olga] == "too_soon"
    assert reasons(salon, "2031-07-01", **asked)[salon.olga] == "too_far"
    long = salon.add_service(salon.olga, duration_seconds=10 * 3600)
    assert reasons(salon, "2030-06-04", service_ids=[long]) == {
        salon.olga: "does_not_fit",
        off: "services_not_given",
        other: "services_not_given",
    }
    salon.change_location(paused_at=NOW)
    assert reasons(salon, "2030-06-04", **asked)[salon.olga] == "booking_paused"
