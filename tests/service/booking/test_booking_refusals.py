"""Wishes that cannot be had: the right code, the handle of the visit, and nothing changed."""

from datetime import date
from typing import Any

import pytest

from services.booking.models import Service, StaffMember
from tests.factories import (
    a_client,
    a_wish,
    create_break,
    create_day_off,
    create_hours_of_day,
    create_location,
    create_service,
    create_staff_member,
)
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW

AT_TEN = "2030-06-04T10:00:00"


def is_refused(
    salon: Salon, refused: Refused, code: str, *wishes: dict[str, Any], kind: str, handle: int
) -> None:
    """The dry run and the booking give the same answer."""
    with refused(code, kind=kind, handle=handle):
        salon.check(*wishes)
    with refused(code, kind=kind, handle=handle):
        salon.book(*wishes, client=a_client(2))


@pytest.mark.parametrize(
    ("kind", "code", "wish"),
    [
        ("Conflict", "slot_in_the_past", {"starts_at": "2030-06-03T07:30:00"}),
        ("Conflict", "slot_in_the_past", {"starts_at": "1999-12-31T23:00:00Z"}),
        ("Conflict", "slot_off_grid", {"starts_at": "2030-06-04T10:10:00"}),
        ("Conflict", "slot_off_grid", {"starts_at": "2030-06-04T10:00:01"}),
        ("Conflict", "slot_outside_hours", {"starts_at": "2030-06-04T08:30:00"}),
        ("Conflict", "slot_outside_hours", {"starts_at": "2030-06-04T17:30:00"}),
        ("Conflict", "slot_outside_hours", {"starts_at": "2030-06-04T18:00:00"}),
        ("Conflict", "slot_outside_hours", {"starts_at": "2031-07-01T10:00:00"}),
        ("NotFound", "staff_not_found", {"staff_id": 999}),
        ("NotFound", "service_not_found", {"service_ids": [999]}),
        ("NotFound", "service_not_found", {"service_ids": [1, 999]}),
        ("Invalid", "services_missing", {"service_ids": []}),
        ("Invalid", "time_malformed", {"starts_at": ""}),
        ("Invalid", "time_malformed", {"starts_at": "tomorrow at ten"}),
        ("Invalid", "time_malformed", {"starts_at": "2030-06-04"}),
        ("Invalid", "time_malformed", {"starts_at": "2030-02-30T10:00:00"}),
        ("Invalid", "time_malformed", {"starts_at": "2030-06-04T25:00:00"}),
        ("Invalid", "time_malformed", {"starts_at": "9999-12-31T23:59:59"}),
        ("Invalid", "time_does_not_exist", {"starts_at": "2031-03-30T02:30:00"}),
    ],
)
def test_a_wish_that_cannot_be_had_is_refused_and_changes_nothing(
    salon: Salon, refused: Refused, kind: str, code: str, wish: dict[str, Any]
) -> None:
    is_refused(salon, refused, code, a_wish(handle=7, **wish), kind=kind, handle=7)


@pytest.mark.parametrize(
    ("code", "client"),
    [
        ("phone_malformed", {"phone": ""}),
        ("phone_malformed", {"phone": "12"}),
        ("phone_malformed", {"phone": "call me"}),
        ("phone_malformed", {"phone": "+33 6 12"}),
        ("phone_malformed", {"phone": "+99912345678"}),
        ("phone_malformed", {"phone": "+3361234567890"}),
        ("phone_malformed", {"phone": "٠٦١٢٣٤٥٦٧٨"}),
        ("name_missing", {"name": ""}),
        ("name_missing", {"name": " \t\n "}),
        ("email_malformed", {"email": "ann"}),
        ("email_malformed", {"email": "ann@example"}),
        ("email_malformed", {"email": "ann@example.com, bob@example.com"}),
    ],
)
def test_nobody_is_booked_who_cannot_be_reached_or_named(
    salon: Salon, refused: Refused, code: str, client: dict[str, Any]
) -> None:
    with refused(code, kind="Invalid"):
        salon.book(client=a_client(**client))


@pytest.mark.parametrize(
    ("kind", "code", "rule"),
    [
        ("Invalid", "email_required", {"email_required": True}),
        ("Invalid", "comment_required", {"comment_required": True}),
        ("Forbidden", "booking_paused", {"paused_at": NOW}),
        ("NotFound", "location_not_found", {"closed_at": NOW}),
    ],
)
def test_the_rules_of_the_location_hold(
    salon: Salon, refused: Refused, kind: str, code: str, rule: dict[str, Any]
) -> None:
    salon.change_location(**rule)
    with refused(code, kind=kind):
        salon.book(comment="  ")


def test_what_the_location_requires_is_enough_when_it_is_there(salon: Salon) -> None:
    salon.change_location(email_required=True, comment_required=True)
    [booked] = salon.book(client=a_client(email=" ann@example.com "), comment="Short, please")
    assert salon.read(booked)["client"]["email"] == "ann@example.com"


def test_an_unknown_location_is_not_found(salon: Salon, refused: Refused) -> None:
    with refused("location_not_found", kind="NotFound"):
        salon.book(location_id=999)


def test_a_visit_needs_as_much_notice_as_the_location_wants(salon: Salon, refused: Refused) -> None:
    salon.change_location(lead_seconds=3 * 3600)
    too_soon, soon_enough = (
        a_wish(starts_at="2030-06-03T10:30"),
        a_wish(starts_at="2030-06-03T11:00"),
    )
    is_refused(salon, refused, "slot_too_soon", too_soon, kind="Conflict", handle=1)
    assert salon.book(soon_enough)


@pytest.mark.parametrize("starts_at", ["11:00", "11:30", "12:00", "12:30"])
def test_breaks_are_not_given_away(salon: Salon, refused: Refused, starts_at: str) -> None:
    with salon.write() as session:
        create_break(session, salon.olga, 1, 11 * 60 + 45, 12 * 60)
        create_hours_of_day(session, salon.olga, date(2030, 6, 4), 12 * 60, 13 * 60, "break")
    wish = a_wish(starts_at=f"2030-06-04T{starts_at}:00")
    is_refused(salon, refused, "slot_outside_hours", wish, kind="Conflict", handle=1)


def test_nobody_is_booked_on_a_day_off(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        create_day_off(session, salon.olga, date(2030, 6, 4))
    is_refused(salon, refused, "slot_outside_hours", a_wish(), kind="Conflict", handle=1)


@pytest.mark.parametrize("starts_at", ["09:30", "10:00", "10:30"])
def test_a_time_that_overlaps_a_visit_is_taken(
    salon: Salon, refused: Refused, starts_at: str
) -> None:
    salon.book(a_wish(starts_at=AT_TEN))
    wish = a_wish(starts_at=f"2030-06-04T{starts_at}:00")
    is_refused(salon, refused, "slot_taken", wish, kind="Conflict", handle=1)


def test_a_visit_may_start_the_moment_another_ends(salon: Salon) -> None:
    salon.book(a_wish(starts_at=AT_TEN))
    assert salon.book(a_wish(starts_at="2030-06-04T09:00:00"), client=a_client(2))
    assert salon.book(a_wish(starts_at="2030-06-04T11:00:00"), client=a_client(3))


def test_when_everybody_is_taken_nobody_is_free(salon: Salon, refused: Refused) -> None:
    salon.book(a_wish(starts_at=AT_TEN))
    anybody = a_wish(handle=4, staff_id=0, starts_at=AT_TEN)
    is_refused(salon, refused, "no_staff_free", anybody, kind="Conflict", handle=4)


def test_anybody_is_not_taken_but_away_outside_of_everybodys_hours(
    salon: Salon, refused: Refused
) -> None:
    late = a_wish(staff_id=0, starts_at="2030-06-04T22:00:00")
    is_refused(salon, refused, "slot_outside_hours", late, kind="Conflict", handle=1)


@pytest.mark.parametrize("staff_id", [1, 0])
def test_visits_of_one_request_must_not_overlap(
    salon: Salon, refused: Refused, staff_id: int
) -> None:
    wishes = [
        a_wish(handle=1, staff_id=staff_id, starts_at=AT_TEN),
        a_wish(handle=2, staff_id=staff_id, starts_at="2030-06-04T10:30:00"),
    ]
    is_refused(salon, refused, "overlaps_in_request", *wishes, kind="Conflict", handle=2)


@pytest.mark.parametrize("gone", [{"is_online": False}, {"archived_at": NOW}])
def test_a_service_that_is_no_longer_offered_is_unavailable(
    salon: Salon, refused: Refused, gone: dict[str, Any]
) -> None:
    salon.change(Service, salon.haircut, **gone)
    is_refused(salon, refused, "service_unavailable", a_wish(), kind="Invalid", handle=1)


@pytest.mark.parametrize("gone", [{"is_online": False}, {"fired_at": NOW}])
def test_somebody_who_takes_no_clients_is_not_found(
    salon: Salon, refused: Refused, gone: dict[str, Any]
) -> None:
    salon.change(StaffMember, salon.olga, **gone)
    is_refused(salon, refused, "staff_not_found", a_wish(), kind="NotFound", handle=1)
    is_refused(salon, refused, "service_unavailable", a_wish(staff_id=0), kind="Invalid", handle=1)


@pytest.mark.parametrize("staff_id", [1, 0])
def test_a_service_that_the_staff_member_does_not_give_is_unavailable(
    salon: Salon, refused: Refused, staff_id: int
) -> None:
    manicure = salon.add_service()
    wish = a_wish(staff_id=staff_id, service_ids=[salon.haircut, manicure])
    is_refused(salon, refused, "service_unavailable", wish, kind="Invalid", handle=1)


def test_people_and_services_of_another_place_are_not_found_here(
    salon: Salon, refused: Refused
) -> None:
    with salon.write() as session:
        place = create_location(session)
        service = create_service(session, place)
        member = create_staff_member(session, place, service)
        theirs = {"service": service.id, "staff": member.id}
    wish = a_wish(staff_id=theirs["staff"])
    is_refused(salon, refused, "staff_not_found", wish, kind="NotFound", handle=1)
    wish = a_wish(service_ids=[theirs["service"]])
    is_refused(salon, refused, "service_not_found", wish, kind="NotFound", handle=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"location_id": 0},
        {"location_id": "one"},
        {"location_id": 2**63},
        {"appointments": []},
        {"appointments": [a_wish(handle=number) for number in range(21)]},
        {"appointments": "all"},
        {"appointments": [a_wish(service_ids=["cut"])]},
        {"appointments": [a_wish(service_ids=[1] * 51)]},
        {"appointments": [a_wish(staff_id=-1)]},
        {"appointments": [a_wish(starts_at=None)]},
        {"appointments": [a_wish(surprise=1)]},
        {"client": {"name": "n" * 256, "phone": "+33612345678"}},
        {"client": None},
        {"comment": "c" * 5001},
        {"sms_reminder_hours": -1},
        {"surprise": 1},
    ],
)
def test_a_request_of_a_wrong_shape_is_refused(
    salon: Salon, refused: Refused, changes: dict[str, Any]
) -> None:
    with refused("validation_failed", kind="Invalid"):
        salon.book(**changes)
