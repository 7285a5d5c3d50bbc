"""What booking announces: each change once, in order, and no more about a person than needed."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from services.booking.models import StaffMember
from services.booking.schemas import AppointmentEventSchema
from services.common.outbox import next_waiting
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon, a_person

PERSON = a_client(name="Zoë Quill", phone="+33698765432", email="zoe.quill@example.com")


def told(salon: Salon) -> list[tuple[str, str, int]]:
    return [(event["type"], event["subject"], event["sequence"]) for event in salon.events()]


def test_every_appointment_of_a_request_is_announced_once(salon: Salon) -> None:
    booked = salon.book(a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-05T10:00:00"))
    subjects = [f"appointment/{one['appointment_id']}" for one in booked]
    assert told(salon) == [("appointment_created", subject, 1) for subject in subjects]


def test_the_events_of_an_appointment_carry_its_versions_in_order(salon: Salon) -> None:
    one, other = salon.book(a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-05T10:00:00"))
    salon.cancel(other)
    salon.cancel(one)
    assert told(salon)[2:] == [
        ("appointment_cancelled", f"appointment/{other['appointment_id']}", 2),
        ("appointment_cancelled", f"appointment/{one['appointment_id']}", 2),
    ]
    with salon.write() as session:
        leaving = next_waiting(session)
    assert [row.event_type for row in leaving] == ["appointment_created"] * 2


def test_an_event_is_the_appointment_as_it_is_after_the_change(salon: Salon) -> None:
    colour = salon.add_service(salon.olga, title="Colour", duration_seconds=1800)
    [booked] = salon.book(
        a_wish(service_ids=[salon.haircut, colour]),
        client=PERSON,
        sms_reminder_hours=2,
        call={"locale": "fr"},
    )
    salon.change(StaffMember, salon.olga, name="Olga B.")
    salon.cancel(booked)
    created, cancelled = (event["data"] for event in salon.events())
    read = salon.read(booked)
    assert created == {
        "appointment_id": booked["appointment_id"],
        "visit_id": read["visit_id"],
        "business_id": 1,
        "class_id": None,
        "seats": 1,
        "client_id": read["client"]["id"],
        "user_id": None,
        "location": {
            "id": 1,
            "title": "Salon",
            "address": "",
            "timezone": "Europe/Paris",
            "language": "en",
        },
        "staff": {"id": salon.olga, "name": "Olga"},
        "services": [
            {
                "id": salon.haircut,
                "title": "Haircut",
                "duration_seconds": 3600,
                "price_minor": 4500,
                "amount": 1,
                "currency": "EUR",
            },
            {
                "id": colour,
                "title": "Colour",
                "duration_seconds": 1800,
                "price_minor": 4500,
                "amount": 1,
                "currency": "EUR",
            },
        ],
        "starts_at": "2030-06-04T08:00:00Z",
        "ends_at": "2030-06-04T09:30:00Z",
        "wall_start": "2030-06-04T10:00:00",
        "attendance": "waiting",
        "is_cancelled": False,
        "confirmed": False,
        "created_by": "client",
        "changed_by": "client",
        "is_silent": False,
        "is_online": True,
        "staff_requested": True,
        "sms_reminder_hours": 2,
        "email_reminder_hours": 0,
        "locale": "fr",
        "contact": {name: PERSON[name] for name in ("name", "phone", "email")},
    }
    renamed = {"staff": {"id": salon.olga, "name": "Olga B."}}
    assert cancelled == created | renamed | {"is_cancelled": True}
    assert AppointmentEventSchema().validate(cancelled) == {}


def test_an_envelope_is_a_cloud_event(salon: Salon) -> None:
    salon.book()
    [event] = salon.events()
    assert UUID(event["id"]).version == 7
    assert (event["specversion"], event["source"]) == ("1.0", "booking")
    assert event["datacontenttype"] == "application/json"
    assert datetime.fromisoformat(event["time"]).tzinfo is not None


def without_contact(event: dict[str, Any]) -> str:
    data = {name: value for name, value in event["data"].items() if name != "contact"}
    return json.dumps(event | {"data": data}, ensure_ascii=False)


def test_personal_data_stands_in_the_contact_alone_and_no_hash_anywhere(salon: Salon) -> None:
    [booked] = salon.book(
        a_wish(custom_fields={"note": "SECRET-FIELD"}),
        client=PERSON,
        comment="SECRET-COMMENT",
        referrer="https://example.com/SECRET-REFERRER",
        call={"command_id": "key:SECRET-KEY"},
    )
    salon.cancel(booked)
    for event in salon.events():
        public = without_contact(event)
        for personal in ("Zoë", "Quill", "98765432", "zoe.quill", "SECRET"):
            assert personal not in public
        whole = json.dumps(event)
        assert booked["hash"] not in whole
        assert "SECRET" not in whole
        assert set(event["data"]["contact"]) == {"name", "phone", "email"}


def test_reading_and_checking_announce_nothing(salon: Salon) -> None:
    [booked] = salon.book()
    before = salon.events()
    salon.read(booked)
    salon.check(a_wish(starts_at="2030-06-04T12:00:00"))
    assert salon.events() == before


def test_an_event_names_the_account_that_the_client_is_of_by_then(salon: Salon) -> None:
    [booked] = salon.book(a_wish(), client=PERSON)
    me = a_person(7, PERSON["phone"])
    salon.see("list_own_appointments", me)
    salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=PERSON, call={"viewer": me})
    salon.cancel(booked)

    told = [(event["type"], event["data"]["user_id"]) for event in salon.events()]
    assert told == [
        ("appointment_created", None),
        ("appointment_created", 7),
        ("appointment_cancelled", 7),
    ]
