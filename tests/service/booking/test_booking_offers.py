"""The promise of free time: what is offered can be booked, and nothing else can."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.booking.models import StaffService
from services.booking.use_cases.appointments import check_appointments
from services.common.calls import Call
from services.common.errors import Refusal
from tests.factories import a_client, a_wish, create_break, create_hours_of_day
from tests.service.booking.conftest import Salon
from tests.service.conftest import NOW

PARIS = ZoneInfo("Europe/Paris")
TEN_MINUTES = timedelta(minutes=10)


def busy_salon(salon: Salon) -> int:
    """Breaks, a night shift (staff 2), hours by date, own lengths, visits; the other service."""
    owl = salon.add_staff(hours=(20, 26))
    colour = salon.add_service(salon.olga, owl, duration_seconds=1500)
    with salon.write() as session:
        create_break(session, salon.olga, 1, 12 * 60, 13 * 60)
        create_hours_of_day(session, salon.olga, date(2030, 6, 5), 7 * 60 + 10, 11 * 60)
        session.get_one(StaffService, (owl, salon.haircut)).duration_seconds = 4500
    salon.book(a_wish(starts_at="2030-06-04T14:00:00"), a_wish(starts_at="2030-06-04T16:30:00"))
    salon.book(a_wish(starts_at="2030-06-04T22:00:00", staff_id=owl))
    return colour


def acceptable(salon: Salon, service_ids: list[int], staff_id: int, day: date) -> list[str]:
    """Every start of the 24 hours from 3 o'clock in the morning, in steps of 10 minutes, which the
    dry run accepts.
    """
    three = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    found = []
    with salon.database.read() as session:
        for number in range(144):
            start = (three + number * TEN_MINUTES).isoformat().replace("+00:00", "Z")
            wish = a_wish(service_ids=service_ids, staff_id=staff_id, starts_at=start)
            try:
                check_appointments(
                    session, location_id=salon.location_id, appointments=[wish], call=Call(now=NOW)
                )
            except Refusal:
                continue
            found.append(start)
    return found


@pytest.mark.parametrize(
    ("day", "staff_id", "with_colour"),
    [(date(2030, 6, 4), 0, True), (date(2030, 6, 4), 2, False), (date(2030, 6, 5), 1, False)],
)
def test_exactly_what_is_offered_is_accepted(
    salon: Salon, day: date, staff_id: int, with_colour: bool
) -> None:
    colour = busy_salon(salon)
    service_ids = [salon.haircut, colour] if with_colour else [salon.haircut]
    offered = salon.at_location(
        "list_free_slots", staff_id=staff_id, service_ids=service_ids, day=day.isoformat()
    )
    starts = [slot["starts_at"] for slot in offered["slots"]]
    assert starts
    assert starts == acceptable(salon, service_ids, staff_id, day)


def test_a_day_can_be_booked_out_one_offered_slot_after_the_other(salon: Salon) -> None:
    salon.add_staff(hours=(12, 15))
    seen = 0
    while slots := salon.slots(staff_id=0, service_ids=[salon.haircut]):
        starts_at = f"2030-06-04T{slots[0]}:00Z"
        salon.book(a_wish(staff_id=0, starts_at=starts_at), client=a_client(seen))
        seen += 1
    assert seen == 9 + 3
    days = salon.at_location(
        "list_free_days", service_ids=[1], from_day="2030-06-04", to_day="2030-06-05"
    )
    assert days == {
        "free_days": ["2030-06-05"],
        "working_days": ["2030-06-04", "2030-06-05"],
    }


def test_a_cancelled_visit_is_offered_again(salon: Salon) -> None:
    before = salon.slots(service_ids=[salon.haircut])
    [booked] = salon.book()
    assert salon.slots(service_ids=[salon.haircut]) != before
    salon.cancel(booked)
    assert salon.slots(service_ids=[salon.haircut]) == before


def test_a_paused_place_offers_nothing_and_still_says_when_it_works(salon: Salon) -> None:
    salon.change_location(paused_at=NOW)
    assert salon.slots() == []
    assert salon.at_location("list_nearest_slots", staff_id=1)["day"] is None
    days = salon.at_location("list_free_days", from_day="2030-06-04", to_day="2030-06-05")
    assert days == {"free_days": [], "working_days": ["2030-06-04", "2030-06-05"]}
    assert salon.at_location("get_location", with_next_slot=True)["next_slot_at"] is None


NIGHTS = {
    "the clock is put forward": ("2031-03-30", "2031-03-01T12:00:00+00:00"),
    "the clock is put back": ("2030-10-27", "2030-10-01T12:00:00+00:00"),
}


@pytest.mark.parametrize("night", NIGHTS)
def test_what_is_offered_when_the_clock_changes_is_accepted(salon: Salon, night: str) -> None:
    day, now = NIGHTS[night][0], datetime.fromisoformat(NIGHTS[night][1])
    salon.set_hours(salon.olga, 0, 6)
    slots = salon.at_location("list_free_slots", service_ids=[1], day=day, now=now)["slots"]
    hours = 5 if night.endswith("forward") else 7
    assert len(slots) == 2 * hours - 1
    for slot in slots:
        salon.check(a_wish(starts_at=slot["starts_at"]), now=now)
    local = {datetime.fromisoformat(slot["starts_at"]).astimezone(PARIS).date() for slot in slots}
    assert local == {date.fromisoformat(day)}


def test_a_repeated_hour_means_the_earlier_unless_an_offset_is_given(salon: Salon) -> None:
    now = datetime(2030, 10, 1, 12, tzinfo=UTC)
    salon.set_hours(salon.olga, 0, 6)
    [earlier] = salon.book(a_wish(starts_at="2030-10-27T02:00:00"), call={"now": now})
    later_wish = a_wish(starts_at="2030-10-27T02:00:00+01:00")
    [later] = salon.book(later_wish, call={"now": now})
    starts = [salon.read(one)["starts_at"] for one in (earlier, later)]
    assert starts == ["2030-10-27T00:00:00Z", "2030-10-27T01:00:00Z"]


@pytest.mark.parametrize(
    "starts_at",
    [
        "2030-06-04T10:00",
        "2030-06-04 10:00:00",
        "2030-06-04T08:00:00Z",
        "2030-06-04T10:00:00+02:00",
        "2030-06-04T10:00:00+0200",
        "2030-06-04T01:00:00-07:00",
        "2030-06-04T13:30:00.000+05:30",
    ],
)
def test_a_time_is_understood_in_every_usual_spelling(salon: Salon, starts_at: str) -> None:
    [booked] = salon.book(a_wish(starts_at=starts_at))
    assert salon.read(booked)["starts_at"] == "2030-06-04T08:00:00Z"


def test_a_shift_may_end_after_midnight(salon: Salon) -> None:
    salon.set_hours(salon.olga, 22, 26)
    assert salon.slots(service_ids=[1])[-1] == "23:00"
    [booked] = salon.book(a_wish(starts_at="2030-06-05T01:00:00"))
    assert salon.read(booked)["ends_at"] == "2030-06-05T00:00:00Z"
