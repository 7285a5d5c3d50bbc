"""Booking one visit: what is stored, what it costs and how long it takes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.booking.models import Appointment, Reservation, Service, StaffService
from tests.factories import a_client, a_wish, create_form
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW

FREE_TEXT = "Ça va? — 日本 💇 '; DROP TABLE clients; --"


def test_a_booking_can_be_read_back_as_it_was_made(salon: Salon) -> None:
    [booked] = salon.book(
        a_wish(handle=5, custom_fields={"pet": {"name": "Rex"}}),
        client=a_client(name=" Ann \n  Clark ", phone="06 12 34 56 78", email="ann@example.com"),
        comment=FREE_TEXT,
        sms_reminder_hours=2,
        email_reminder_hours=24,
        api_id="crm-17",
        source="mobile",
        call={"viewer": {"partner_id": 3}, "locale": "fr"},
    )
    assert booked["handle"] == 5
    read = salon.read(booked)
    expected = {
        "id": booked["appointment_id"],
        "hash": booked["hash"],
        "version": 1,
        "starts_at": "2030-06-04T08:00:00Z",
        "ends_at": "2030-06-04T09:00:00Z",
        "duration_seconds": 3600,
        "created_at": "2030-06-03T06:00:00Z",
        "changed_at": "2030-06-03T06:00:00Z",
        "comment": FREE_TEXT,
        "is_cancelled": False,
        "cancelled_at": None,
        "attendance": "waiting",
        "sms_reminder_hours": 2,
        "email_reminder_hours": 24,
        "staff_requested": True,
        "is_online": True,
        "api_id": "crm-17",
        "prepayment": "forbidden",
        "is_prepaid": False,
        "seats": 1,
        "source": "mobile",
    }
    assert {name: read[name] for name in expected} == expected
    assert read["client"] | {"id": 0} == {
        "id": 0,
        "name": "Ann Clark",
        "phone": "+33612345678",
        "email": "ann@example.com",
    }
    assert read["staff"]["name"] == "Olga"
    assert read["location"]["timezone"] == "Europe/Paris"


def test_what_only_the_business_may_know_is_stored_with_the_appointment(salon: Salon) -> None:
    salon.book(
        a_wish(custom_fields={"pet": {"name": "Rex"}}),
        referrer="https://example.com/?q=hair",
        is_mobile=True,
        call={"viewer": {"partner_id": 3}, "locale": "fr"},
    )
    with salon.database.read() as session:
        stored = session.scalars(select(Appointment)).one()
    assert stored.custom_fields == {"pet": {"name": "Rex"}}
    assert (stored.partner_id, stored.locale) == (3, "fr")
    assert (stored.is_mobile, stored.referrer) == (True, "https://example.com/?q=hair")
    assert stored.wall_start.isoformat() == "2030-06-04T10:00:00"
    assert stored.timezone == "Europe/Paris"


def test_every_hash_is_new_and_long(salon: Salon) -> None:
    wishes = [a_wish(handle=hour, starts_at=f"2030-06-04T{hour}:00:00") for hour in range(10, 17)]
    hashes = {booked["hash"] for booked in salon.book(*wishes)}
    assert len(hashes) == len(wishes)
    assert all(len(bytes.fromhex(one)) == 16 for one in hashes)


@pytest.mark.parametrize(
    "typed",
    ["+33 6 12 34 56 78", "0612345678", "06.12.34.56.78", "33612345678", "0033612345678"],
)
def test_a_phone_is_understood_as_people_write_it(salon: Salon, typed: str) -> None:
    [booked] = salon.book(client=a_client(phone=typed))
    assert salon.read(booked)["client"]["phone"] == "+33612345678"


def test_services_follow_each_other_at_the_length_and_price_of_the_staff_member(
    salon: Salon,
) -> None:
    colour = salon.add_service(
        salon.olga,
        title="Colour",
        duration_seconds=1800,
        price_min_minor=0,
        price_max_minor=9900,
        discount_percent=10,
        prepayment="required",
    )
    with salon.write() as session:
        link = session.get_one(StaffService, (salon.olga, salon.haircut))
        link.duration_seconds, link.price_min_minor, link.price_max_minor = 5400, 6000, 7000
    [booked] = salon.book(a_wish(service_ids=[colour, salon.haircut]))
    read = salon.read(booked)
    lines = [
        (line["title"], line["duration_seconds"], line["price_min_minor"], line["price_max_minor"])
        for line in read["services"]
    ]
    assert lines == [("Colour", 1800, 0, 9900), ("Haircut", 5400, 6000, 7000)]
    assert [line["price_minor"] for line in read["services"]] == [0, 6000]
    assert (read["starts_at"], read["ends_at"]) == ("2030-06-04T08:00:00Z", "2030-06-04T10:00:00Z")
    assert read["prepayment"] == "required"


def test_the_lines_of_an_appointment_do_not_follow_the_price_list(salon: Salon) -> None:
    [booked] = salon.book()
    before = salon.read(booked)["services"]
    salon.change(
        Service,
        salon.haircut,
        title="Haircut de luxe",
        price_min_minor=9900,
        price_max_minor=9900,
        duration_seconds=60,
    )
    assert salon.read(booked)["services"] == before


def test_the_time_between_start_and_end_is_reserved_and_no_more(salon: Salon) -> None:
    salon.book()
    with salon.database.read() as session:
        [row] = session.scalars(select(Reservation))
    assert row.staff_id == salon.olga
    assert (row.starts_at - NOW, row.ends_at - NOW) == (timedelta(hours=26), timedelta(hours=27))


def test_a_visit_longer_than_a_day_sees_what_is_taken_at_its_end(
    salon: Salon, refused: Refused
) -> None:
    retreat = salon.add_service(salon.olga, duration_seconds=36 * 3600)
    salon.set_hours(salon.olga, 0, 24)
    salon.book(a_wish(starts_at="2030-06-06T02:00:00"))
    long = a_wish(service_ids=[retreat], starts_at="2030-06-04T15:00:00")
    with refused("slot_taken", handle=1):
        salon.check(long)
    assert salon.check(long | {"starts_at": "2030-06-04T14:00:00"}) == {}


def test_a_paused_form_books_nothing(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        open_form = create_form(session, 1).id
        paused = create_form(session, 1, paused_at=NOW).id
    with refused("booking_paused", kind="Forbidden"):
        salon.book(form_id=paused)
    [booked] = salon.book(form_id=open_form)
    assert salon.read(booked)["form_id"] == open_form


def test_a_visit_that_is_checked_is_not_booked(salon: Salon) -> None:
    before = salon.dump()
    assert salon.check(a_wish()) == {}
    assert salon.dump() == before
