"""Free days, free slots and the nearest of them, with their filters."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.booking.models import StaffMember, StaffService
from tests.factories import a_client, a_wish, create_day_off, create_hours_of_day
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW

HALF_HOURS = [f"{hour:02}:{minute}" for hour in range(7, 16) for minute in ("00", "30")]
"""9 to 18 in Paris, in UTC."""


def days(salon: Salon, **arguments: Any) -> list[str]:
    found: list[str] = salon.at_location("list_free_days", **arguments)["free_days"]
    return found


def nearest(salon: Salon, **arguments: Any) -> tuple[str | None, int]:
    """The nearest day and how many slots it has."""
    found = salon.at_location("list_nearest_slots", **({"staff_id": 1} | arguments))
    assert found["timezone"] == "Europe/Paris"
    return found["day"], len(found["slots"])


def test_without_services_a_slot_is_one_step_of_the_grid(salon: Salon) -> None:
    found = salon.at_location("list_free_slots", day="2030-06-04")
    assert found["timezone"] == "Europe/Paris"
    assert [slot["starts_at"][11:16] for slot in found["slots"]] == HALF_HOURS
    assert found["slots"][0] == {
        "starts_at": "2030-06-04T07:00:00Z",
        "duration_seconds": 1800,
        "total_seconds": 1800,
    }


def test_several_services_need_room_for_all_of_them(salon: Salon) -> None:
    colour = salon.add_service(salon.olga, duration_seconds=5400)
    found = salon.at_location(
        "list_free_slots", service_ids=[colour, salon.haircut], day="2030-06-04"
    )
    assert found["slots"][-1]["starts_at"] == "2030-06-04T13:30:00Z"
    assert {slot["duration_seconds"] for slot in found["slots"]} == {9000}


def test_a_slot_of_anybody_is_as_long_as_the_quickest_needs(salon: Salon) -> None:
    quick = salon.add_staff(hours=(12, 13))
    with salon.write() as session:
        session.get_one(StaffService, (quick, salon.haircut)).duration_seconds = 1800
    found = salon.at_location("list_free_slots", service_ids=[1], day="2030-06-04")
    lengths = {slot["starts_at"][11:16]: slot["duration_seconds"] for slot in found["slots"]}
    assert lengths.pop("10:00") == lengths.pop("10:30") == 1800
    assert set(lengths.values()) == {3600}


def test_today_offers_what_is_not_over_and_not_too_soon(salon: Salon) -> None:
    assert salon.slots("2030-06-03") == HALF_HOURS
    at_noon = datetime(2030, 6, 3, 10, tzinfo=UTC)
    assert salon.slots("2030-06-03", now=at_noon)[0] == "10:00"
    salon.change_location(lead_seconds=5401)
    assert salon.slots("2030-06-03", now=at_noon)[0] == "12:00"


@pytest.mark.parametrize("day", ["2030-06-02", "0001-01-01", "9998-12-31", "9999-12-31"])
def test_days_that_are_over_or_beyond_all_calendars_have_no_slots(salon: Salon, day: str) -> None:
    assert salon.slots(day) == []


def test_the_night_belongs_to_the_day_on_which_it_began(salon: Salon) -> None:
    salon.set_hours(salon.olga, 22, 26)
    after_midnight = datetime(2030, 6, 4, 22, 45, tzinfo=UTC)
    assert salon.slots("2030-06-04", now=after_midnight) == ["23:00", "23:30"]
    assert salon.slots("2030-06-03", now=after_midnight) == []


def test_the_horizon_ends_what_can_be_booked(salon: Salon) -> None:
    salon.change_location(horizon_days=2)
    assert days(salon) == ["2030-06-03", "2030-06-04"]
    assert salon.slots("2030-06-05") == []


def test_the_days_of_a_month_begin_with_today(salon: Salon) -> None:
    with salon.write() as session:
        create_day_off(session, salon.olga, date(2030, 6, 7))
    june = days(salon, from_day="2030-06-01", to_day="2030-06-30")
    expected = [f"2030-06-{day:02}" for day in range(3, 31) if day != 7]
    assert june == expected


def test_unless_told_otherwise_the_days_are_those_of_the_next_month(salon: Salon) -> None:
    found = days(salon)
    assert (found[0], found[-1]) == ("2030-06-03", "2030-07-04")


@pytest.mark.parametrize("to_day", ["9999-01-01", "9999-12-31"])
def test_a_range_without_end_is_cut_after_a_year(salon: Salon, to_day: str) -> None:
    found = salon.at_location("list_free_days", to_day=to_day)
    assert found["working_days"][-1] == "2031-06-04"
    assert len(found["working_days"]) == 367


@pytest.mark.parametrize(
    "period",
    [
        {"from_day": "9999-12-20"},
        {"from_day": "9998-12-31"},
        {"from_day": "2030-06-10", "to_day": "2030-06-09"},
        {"from_day": "2030-05-01", "to_day": "2030-06-02"},
        {"from_day": "0001-01-01", "to_day": "0001-12-31"},
    ],
)
def test_a_period_without_bookable_days_has_none(salon: Salon, period: dict[str, Any]) -> None:
    assert salon.at_location("list_free_days", **period) == {"free_days": [], "working_days": []}


def test_a_booked_out_day_is_worked_but_not_free(salon: Salon) -> None:
    with salon.write() as session:
        create_hours_of_day(session, salon.olga, date(2030, 6, 4), 600, 660)
    salon.book()
    found = salon.at_location("list_free_days", from_day="2030-06-04", to_day="2030-06-04")
    assert found == {"free_days": [], "working_days": ["2030-06-04"]}


def test_days_are_those_of_who_gives_the_services(salon: Salon) -> None:
    colour = salon.add_service(duration_seconds=3600)
    pia = salon.add_staff(colour, hours=None)
    with salon.write() as session:
        create_hours_of_day(session, pia, date(2030, 6, 8), 600, 720)
    assert days(salon, service_ids=[colour]) == ["2030-06-08"]
    assert days(salon, staff_id=pia) == ["2030-06-08"]
    assert days(salon, service_ids=[colour], staff_id=salon.olga) == []
    assert days(salon, service_ids=[colour, salon.haircut]) == []


def test_the_nearest_day_is_the_first_with_a_slot(salon: Salon) -> None:
    assert nearest(salon) == ("2030-06-03", 18)
    assert nearest(salon, service_ids=[1], on="2030-06-05") == ("2030-06-05", 17)
    assert nearest(salon, service_ids=[1], on="2030-06-05T23:00:00") == ("2030-06-05", 17)
    assert nearest(salon, on="1999-01-01") == ("2030-06-03", 18)


def test_the_nearest_day_is_found_weeks_ahead(salon: Salon) -> None:
    pia = salon.add_staff(hours=None)
    assert nearest(salon, staff_id=pia) == (None, 0)
    with salon.write() as session:
        create_hours_of_day(session, pia, date(2030, 7, 20), 600, 720)
    assert nearest(salon, staff_id=pia) == ("2030-07-20", 4)
    assert nearest(salon, staff_id=0) == ("2030-06-03", 18)


def test_the_nearest_day_of_anybody_has_everybodys_slots(salon: Salon) -> None:
    salon.add_staff(hours=(17, 20))
    assert nearest(salon, staff_id=0) == ("2030-06-03", 22)


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01", "2030-W23-1", "2030-02-30", "soon"])
def test_a_day_that_is_none_is_malformed(salon: Salon, refused: Refused, on: str) -> None:
    with refused("time_malformed", kind="Invalid"):
        salon.at_location("list_nearest_slots", staff_id=1, on=on)


def test_the_last_day_of_the_calendar_has_no_nearest_slot(salon: Salon) -> None:
    assert nearest(salon, on="9998-12-31") == (None, 0)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("list_free_days", {}),
        ("list_free_slots", {"day": "2030-06-04"}),
        ("list_nearest_slots", {}),
    ],
)
def test_unknown_places_people_and_services_are_not_found(
    salon: Salon, refused: Refused, method: str, arguments: dict[str, Any]
) -> None:
    with refused("location_not_found", kind="NotFound"):
        salon.ask(method, location_id=999, **arguments)
    with refused("staff_not_found", kind="NotFound"):
        salon.at_location(method, staff_id=999, **arguments)
    with refused("service_not_found", kind="NotFound"):
        salon.at_location(method, service_ids=[999], **arguments)
    salon.change(StaffMember, salon.olga, fired_at=NOW)
    with refused("staff_not_found", kind="NotFound"):
        salon.at_location(method, staff_id=salon.olga, **arguments)


def test_a_place_on_the_other_side_of_the_date_line_has_its_own_today(salon: Salon) -> None:
    salon.change_location(timezone="Pacific/Kiritimati")
    late = datetime(2030, 6, 3, 20, tzinfo=UTC)
    assert days(salon, now=late)[0] == "2030-06-04"
    assert salon.slots("2030-06-04", now=late)[0] == "20:00"


def test_what_one_client_took_another_is_not_offered(salon: Salon) -> None:
    salon.book(a_wish(starts_at="2030-06-04T10:00:00"), client=a_client(1))
    free = salon.slots(service_ids=[1])
    assert "07:00" in free
    assert not {"07:30", "08:00", "08:30"} & set(free)
    assert "09:00" in free
