"""Booking seats of a class: as many as there are, by whom and when online booking allows it."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import Appointment, Location, Reservation, Service, StaffService
from services.common.errors import Conflict
from tests.factories import a_client, a_wish, create_form, create_location
from tests.service.booking.classes.group_classes import SEATS, Yoga
from tests.service.booking.conftest import Refused, a_person
from tests.service.conftest import NOW

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


def test_a_seat_is_an_appointment_of_the_class(yoga: Yoga) -> None:
    booked = yoga.book(seats=2, comment="A mat, please", email_reminder_hours=3, source="mobile")
    read = yoga.salon.read(booked)
    expected = {
        "class_id": yoga.id,
        "seats": 2,
        "version": 1,
        "starts_at": "2030-06-04T08:00:00Z",
        "ends_at": "2030-06-04T09:00:00Z",
        "comment": "A mat, please",
        "email_reminder_hours": 3,
        "source": "mobile",
        "is_online": True,
        "staff_requested": True,
        "resource_instance_ids": [],
    }
    assert {name: read[name] for name in expected} == expected
    [line] = read["services"]
    assert (line["id"], line["price_minor"], line["amount"]) == (yoga.service, 1500, 2)
    assert read["staff"]["id"] == yoga.salon.olga
    assert yoga.seats() == 2


def test_it_takes_no_time_of_its_own(yoga: Yoga) -> None:
    yoga.book(1)
    yoga.book(2)
    assert yoga.reserved() == [(yoga.salon.olga, 0, "06-04 08:00", "06-04 09:00")]


def test_it_is_announced_as_every_other_appointment(yoga: Yoga) -> None:
    booked = yoga.book(seats=2)
    [event] = yoga.told()
    assert event["type"] == "appointment_created"
    assert event["subject"] == f"appointment/{booked['appointment_id']}"
    assert (event["data"]["class_id"], event["data"]["seats"]) == (yoga.id, 2)
    assert event["data"]["services"][0]["amount"] == 2


def test_seats_cost_what_the_person_takes_less_the_discount(yoga: Yoga) -> None:
    with yoga.salon.write() as session:
        link = session.get_one(StaffService, (yoga.salon.olga, yoga.service))
        link.price_min_minor, link.price_max_minor, link.duration_seconds = 2000, 2500, 600
    yoga.salon.change(Service, yoga.service, discount_percent=25)
    [line] = yoga.salon.read(yoga.book())["services"]
    assert (line["price_minor"], line["price_min_minor"], line["price_max_minor"]) == (
        1500,
        2000,
        2500,
    )
    assert line["duration_seconds"] == 3600


def test_who_gives_the_class_need_not_give_the_service_to_single_clients(yoga: Yoga) -> None:
    other = yoga.salon.add_staff(yoga.salon.haircut)
    made = yoga.open(staff_id=other)
    [line] = yoga.salon.read(yoga.book(class_id=made["id"]))["services"]
    assert line["price_minor"] == 1500


def test_there_are_as_many_seats_as_there_are(yoga: Yoga, refused: Refused) -> None:
    yoga.book(1, seats=3)
    with refused("class_full", kind="Conflict"):
        yoga.book(2, seats=2)
    yoga.book(2, seats=1)
    with refused("class_full"):
        yoga.book(3)
    assert yoga.seats() == SEATS


def test_the_refusal_says_how_many_are_left(yoga: Yoga) -> None:
    yoga.book(1, seats=3)
    with pytest.raises(Conflict) as refusal:
        yoga.book(2, seats=2)
    assert refusal.value.params == {"free": 1}
    assert refusal.value.fields == {"seats": "1 free"}


def test_a_booking_has_as_many_seats_as_the_location_allows(yoga: Yoga, refused: Refused) -> None:
    with refused("too_many_seats", kind="Invalid"):
        yoga.book(seats=4)
    yoga.salon.change_location(class_clients_online_max=1)
    with refused("too_many_seats"):
        yoga.book(seats=2)


def test_who_cancels_gives_the_seats_back(yoga: Yoga) -> None:
    booked = yoga.book(1, seats=3)
    yoga.salon.cancel(booked)
    yoga.salon.cancel(booked)
    assert yoga.seats() == 0
    assert [event["type"] for event in yoga.told()] == [
        "appointment_created",
        "appointment_cancelled",
    ]
    yoga.book(2, seats=3)
    assert yoga.salon.count(Reservation) == 1


def test_the_locations_notice_counts_for_seats_too(yoga: Yoga, refused: Refused) -> None:
    yoga.salon.change_location(cancel_notice_seconds=48 * 3600)
    booked = yoga.book()
    with refused("cancel_too_late"):
        yoga.salon.cancel(booked)


def test_the_same_request_sent_twice_is_one_booking(yoga: Yoga) -> None:
    first = yoga.book(seats=2)
    assert yoga.book(seats=2) == first
    assert yoga.seats() == 2
    yoga.salon.cancel(first)
    assert yoga.book(seats=2) != first


def test_another_number_of_seats_is_another_request(yoga: Yoga) -> None:
    assert yoga.book(seats=1) != yoga.book(seats=2)
    assert yoga.seats() == 3


def test_what_has_begun_is_over_for_bookings(yoga: Yoga, refused: Refused) -> None:
    start = NOW + timedelta(hours=26)
    with refused("slot_in_the_past", kind="Conflict"):
        yoga.book(now=start)
    yoga.book(now=start - timedelta(seconds=1))


def test_the_locations_lead_counts(yoga: Yoga, refused: Refused) -> None:
    yoga.salon.change_location(lead_seconds=27 * 3600)
    with refused("slot_too_soon"):
        yoga.book()
    yoga.book(now=NOW - timedelta(hours=1))


def test_what_is_not_there_is_not_found(yoga: Yoga, refused: Refused) -> None:
    with refused("class_not_found", kind="NotFound"):
        yoga.book(class_id=999)
    with refused("class_not_found"):
        yoga.book(class_id=2**63 - 1)
    yoga.do("delete_class", class_id=yoga.id)
    with refused("class_not_found"):
        yoga.book()


def test_a_class_is_of_one_location(yoga: Yoga, refused: Refused) -> None:
    with yoga.salon.write() as session:
        elsewhere = create_location(session).id
    with refused("class_not_found"):
        yoga.salon.do(
            "book_class", location_id=elsewhere, class_id=yoga.id, client=a_client(), seats=1
        )


def test_while_online_booking_is_paused_nobody_gets_a_seat(yoga: Yoga, refused: Refused) -> None:
    booked = yoga.book()
    yoga.salon.change_location(paused_at=NOW)
    with refused("booking_paused", kind="Forbidden"):
        yoga.book(2)
    yoga.salon.cancel(booked)


def test_a_paused_form_leads_to_no_seat(yoga: Yoga, refused: Refused) -> None:
    with yoga.salon.write() as session:
        business_id = session.get_one(Location, yoga.salon.location_id).business_id
        form_id = create_form(session, business_id, paused_at=NOW).id
    with refused("booking_paused"):
        yoga.book(form_id=form_id)


def test_whom_the_business_has_blocked_gets_no_seat(yoga: Yoga, refused: Refused) -> None:
    yoga.do("block_client", phone=a_client(1)["phone"])
    with refused("client_banned", kind="Forbidden"):
        yoga.book(1)
    yoga.book(2)


def test_a_service_that_clients_cannot_book_has_no_seats(yoga: Yoga, refused: Refused) -> None:
    yoga.salon.change(Service, yoga.service, is_online=False)
    with refused("service_unavailable"):
        yoga.book()


@pytest.mark.parametrize(
    ("location", "request_", "code"),
    [
        ({"comment_required": True}, {}, "comment_required"),
        ({"email_required": True}, {}, "email_required"),
        ({"phone_confirmation_required": True}, {}, "code_incorrect"),
        ({}, {"client": {"name": " ", "phone": "+33612345601"}}, "name_missing"),
        ({}, {"client": {"name": "Ann", "phone": "12"}}, "phone_malformed"),
        ({}, {"seats": 0}, "validation_failed"),
        ({}, {"seats": 501}, "validation_failed"),
        ({}, {"class_id": 0}, "validation_failed"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(
    yoga: Yoga, refused: Refused, location: dict[str, Any], request_: dict[str, Any], code: str
) -> None:
    if location:
        yoga.salon.change_location(**location)
    with refused(code, kind="Invalid"):
        told = {"location_id": yoga.salon.location_id, "class_id": yoga.id, "client": a_client()}
        yoga.salon.do("book_class", **(told | request_))


def test_a_code_is_good_for_one_booking(yoga: Yoga, refused: Refused) -> None:
    yoga.salon.change_location(phone_confirmation_required=True)
    proof = {"phone": a_client(1)["phone"], "proof_id": "challenge-1"}
    yoga.book(1, proof=proof)
    with refused("code_incorrect"):
        yoga.book(1, seats=2, proof=proof)
    with refused("code_incorrect"):
        yoga.book(2, proof={**proof, "proof_id": "challenge-2"})


def test_it_stands_among_the_clients_own_appointments(yoga: Yoga) -> None:
    me = a_person(phone=a_client(1)["phone"])
    yoga.book(1, viewer=me)
    [own] = yoga.salon.see("list_own_appointments", me)["items"]
    assert (own["class_id"], own["seats"]) == (yoga.id, 1)


def test_one_seat_cannot_go_to_another_time(yoga: Yoga, refused: Refused) -> None:
    booked = yoga.book()
    request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    with refused("part_of_a_class", kind="Forbidden"):
        yoga.salon.do("move_appointment", **request, starts_at="2030-06-04T14:00:00")
    other = yoga.salon.add_staff()
    with refused("part_of_a_class"):
        yoga.salon.do(
            "move_appointment", **request, starts_at="2030-06-04T10:00:00", staff_id=other
        )


def test_what_is_sent_back_as_it_was_is_no_move(yoga: Yoga) -> None:
    booked = yoga.book()
    request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    same = yoga.salon.do(
        "move_appointment", **request, starts_at="2030-06-04T10:00:00", comment="A mat, please"
    )
    assert (same["comment"], same["version"], same["class_id"]) == ("A mat, please", 2, yoga.id)


def test_single_visits_and_classes_do_not_meet(yoga: Yoga, refused: Refused) -> None:
    free = yoga.salon.slots(staff_id=yoga.salon.olga, service_ids=[yoga.salon.haircut])
    assert free[:2] == ["07:00", "09:00"]
    with refused("slot_taken", handle=1):
        yoga.salon.book(a_wish(starts_at="2030-06-04T10:30:00"))
    assert yoga.salon.count(Appointment) == 0
