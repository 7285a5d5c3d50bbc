"""Several visits in one request, and visits for which the client has no preference."""

from typing import Any

import pytest
from sqlalchemy import select

from services.booking.models import Appointment, StaffService
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Refused, Salon

ANYBODY = {"staff_id": 0}


def staff_of(salon: Salon, booked: list[dict[str, Any]]) -> list[int]:
    return [salon.read(one)["staff"]["id"] for one in booked]


def book_anybody(salon: Salon, day: int, hour: int, *, client: int) -> int:
    """Who takes a visit for which nobody was asked by name."""
    wish = a_wish(staff_id=0, starts_at=f"2030-06-{day:02}T{hour:02}:00:00")
    [chosen] = staff_of(salon, salon.book(wish, client=a_client(client)))
    return chosen


def test_one_visit_that_cannot_be_had_keeps_all_from_being_booked(
    salon: Salon, refused: Refused
) -> None:
    wishes = [
        a_wish(handle=1, starts_at="2030-06-04T10:00:00"),
        a_wish(handle=2, starts_at="2030-06-05T10:00:00"),
        a_wish(handle=3, starts_at="2030-06-06T10:10:00"),
    ]
    with refused("slot_off_grid", handle=3):
        salon.book(*wishes)


def test_the_first_visit_that_cannot_be_had_is_named(salon: Salon, refused: Refused) -> None:
    wishes = [
        a_wish(handle=31, starts_at="2030-06-04T10:00:00"),
        a_wish(handle=-5, starts_at="2030-06-04T03:00:00"),
        a_wish(handle=7, starts_at="2030-06-04T10:10:00"),
    ]
    with refused("slot_outside_hours", handle=-5):
        salon.book(*wishes)


def test_the_answers_come_in_the_order_of_the_wishes(salon: Salon) -> None:
    hours = {9: "2030-06-05T12:00:00", 2: "2030-06-04T10:00:00", 5: "2030-06-04T15:00:00"}
    booked = salon.book(*(a_wish(handle=one, starts_at=at) for one, at in hours.items()))
    assert [one["handle"] for one in booked] == [9, 2, 5]
    starts = [salon.read(one)["starts_at"] for one in booked]
    assert starts == ["2030-06-05T10:00:00Z", "2030-06-04T08:00:00Z", "2030-06-04T13:00:00Z"]


def test_the_appointments_of_a_request_are_one_visit_for_each_day_of_the_location(
    salon: Salon,
) -> None:
    salon.set_hours(salon.olga, 0, 24)
    booked = salon.book(
        a_wish(handle=1, starts_at="2030-06-04T23:00:00"),
        a_wish(handle=2, starts_at="2030-06-05T00:00:00"),
        a_wish(handle=3, starts_at="2030-06-05T23:00:00"),
    )
    first, second, third = (salon.read(one)["visit_id"] for one in booked)
    assert first != second
    assert second == third


def test_two_requests_are_two_visits(salon: Salon) -> None:
    [first] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    [second] = salon.book(a_wish(starts_at="2030-06-04T12:00:00"))
    assert salon.read(first)["visit_id"] != salon.read(second)["visit_id"]
    assert salon.read(first)["client"]["id"] == salon.read(second)["client"]["id"]


def test_two_people_can_be_had_at_the_same_time(salon: Salon) -> None:
    pia = salon.add_staff()
    booked = salon.book(a_wish(handle=1), a_wish(handle=2, staff_id=pia))
    assert staff_of(salon, booked) == [salon.olga, pia]


def test_a_request_for_anybody_spreads_over_those_who_are_free(
    salon: Salon, refused: Refused
) -> None:
    salon.add_staff()
    wishes = [a_wish(handle=number, **ANYBODY) for number in (1, 2, 3)]
    assert sorted(staff_of(salon, salon.book(*wishes[:2]))) == [1, 2]
    with refused("no_staff_free", handle=3):
        salon.book(*wishes[2:], client=a_client(2))


def test_what_is_told_about_each_visit_stays_with_it_whatever_its_handle(salon: Salon) -> None:
    salon.book(
        a_wish(handle=1, custom_fields={"for": "Ann"}),
        a_wish(handle=1, custom_fields={"for": "Bob"}, starts_at="2030-06-04T12:00:00"),
    )
    with salon.database.read() as session:
        told = session.scalars(select(Appointment.custom_fields).order_by(Appointment.starts_at))
        assert list(told) == [{"for": "Ann"}, {"for": "Bob"}]


def test_anybody_is_whoever_has_the_fewest_visits_that_day(salon: Salon) -> None:
    pia, lea = salon.add_staff(), salon.add_staff()
    chosen = [book_anybody(salon, 4, hour, client=hour) for hour in range(10, 16)]
    assert chosen == [salon.olga, pia, lea] * 2


def test_visits_of_other_days_do_not_count_against_anybody(salon: Salon) -> None:
    pia = salon.add_staff()
    for hour in (10, 12):
        salon.book(a_wish(starts_at=f"2030-06-04T{hour}:00:00"), client=a_client(hour))
    assert book_anybody(salon, 5, 10, client=1) == salon.olga
    assert book_anybody(salon, 4, 16, client=2) == pia


def test_earlier_visits_of_the_request_count_on_their_own_day_only(salon: Salon) -> None:
    pia = salon.add_staff()
    same_day = salon.book(
        a_wish(handle=1, starts_at="2030-06-04T10:00:00"),
        a_wish(handle=2, starts_at="2030-06-04T12:00:00", **ANYBODY),
    )
    assert staff_of(salon, same_day) == [salon.olga, pia]
    another_day = salon.book(
        a_wish(handle=1, starts_at="2030-06-05T10:00:00"),
        a_wish(handle=2, starts_at="2030-06-06T10:00:00", **ANYBODY),
    )
    assert staff_of(salon, another_day) == [salon.olga, salon.olga]


def test_of_equals_the_heavier_is_chosen_then_the_one_who_was_first(salon: Salon) -> None:
    salon.add_staff()
    heavy = salon.add_staff(weight=5)
    assert book_anybody(salon, 4, 10, client=1) == heavy
    assert book_anybody(salon, 4, 10, client=2) == salon.olga


def test_only_who_gives_all_services_takes_a_visit_for_anybody(salon: Salon) -> None:
    both = salon.add_staff(weight=-1)
    colour = salon.add_service(both)
    wish = a_wish(service_ids=[salon.haircut, colour], **ANYBODY)
    assert staff_of(salon, salon.book(wish)) == [both]


def test_only_who_was_asked_for_by_name_counts_as_requested(salon: Salon) -> None:
    booked = salon.book(
        a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-04T12:00:00", **ANYBODY)
    )
    assert [salon.read(one)["staff_requested"] for one in booked] == [True, False]


@pytest.mark.parametrize("staff_id", [0, None])
def test_no_number_and_no_name_both_mean_anybody(salon: Salon, staff_id: int | None) -> None:
    assert staff_of(salon, salon.book(a_wish(staff_id=staff_id))) == [salon.olga]


def test_anybody_takes_as_long_and_costs_as_much_as_who_was_chosen(salon: Salon) -> None:
    slow = salon.add_staff(weight=5)
    with salon.write() as session:
        link = session.get_one(StaffService, (slow, salon.haircut))
        link.duration_seconds = 7200
        link.price_min_minor = link.price_max_minor = 3000
    [booked] = salon.book(a_wish(**ANYBODY))
    read = salon.read(booked)
    assert (read["staff"]["id"], read["duration_seconds"]) == (slow, 7200)
    assert read["services"][0]["price_minor"] == 3000
