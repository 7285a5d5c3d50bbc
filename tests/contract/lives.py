"""One life of an appointment, with everything that the services announce about it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from services.auth.models import Kind, User
from services.auth.service import AuthService
from services.auth.use_cases.people import take_phone
from services.booking.domain.reviews import token_of
from services.booking.models import Location
from services.booking.service import BookingService
from services.booking.use_cases.waitlist_offers import offer_free_time
from services.common.db import Database
from services.common.events import unseal
from services.common.migrate import migrate
from services.common.outbox import outbox
from services.loyalty.service import LoyaltyService
from services.loyalty.use_cases.programmes import create_card_type, start_cashback
from tests.callers import a_right
from tests.factories import (
    a_booking,
    a_wish,
    create_location,
    create_service,
    create_staff_member,
)
from tests.service.booking.conftest import a_person
from tests.service.conftest import NOW, a_worker

SECRETS = {
    "review": "She whistles while she works",
    "pen_name": "Annabelle",
    "comment": "a surprise for Tom",
    "custom": "blue hair",
    "referrer": "https://ex.com/ann",
}
CONTACT = {"name": "Ann Clark", "phone": "+33612345678", "email": "ann@example.com"}
REQUEST_ID = "01936d2e-7c1a-7b30-9a41-000000000001"
CLIENT = {"locale": "fr", "viewer": {"partner_id": 1}}

Envelope = dict[str, Any]


def live(folder: Path) -> dict[str, Envelope]:
    """Every event of the life, as it would travel, by its full name."""
    databases = {}
    for service in ("auth", "booking", "loyalty"):
        url = f"sqlite:///{folder}/{service}.db"
        migrate(service, url)
        databases[service] = Database(url, service=service)
    with structlog.contextvars.bound_contextvars(request_id=REQUEST_ID):
        _ask_for_code(databases["auth"])
        _merge(databases["auth"])
        _live_in_booking(databases["booking"])
        _wait(databases["booking"])
        _administer(databases["booking"])
        _earn(databases["loyalty"], _announced(databases["booking"])["booking.attendance_marked"])
    told: dict[str, Envelope] = {}
    for database in databases.values():
        told |= _announced(database)
        database.dispose()
    return told


def _ask_for_code(auth: Database) -> None:
    request = {"phone": CONTACT["phone"], "country_code": "FR", "locale": "fr"}
    a_worker(AuthService, auth, **CLIENT).request_code(request)


def _merge(auth: Database) -> None:
    """Somebody who has signed up by e-mail proves the phone of an account without one."""
    with auth.write() as session:
        with_phone = User(
            kind=Kind.CLIENT, name="", phone="+33612345679", phone_proven_at=NOW, created_at=NOW
        )
        with_email = User(
            kind=Kind.CLIENT,
            name="",
            email=CONTACT["email"],
            email_proven_at=NOW,
            created_at=NOW,
        )
        session.add_all([with_phone, with_email])
        session.flush()
        take_phone(
            session, with_email.id, "+33612345679", recycled_after=timedelta(days=1), now=NOW
        )


def _live_in_booking(booking: Database) -> None:
    """Booked, moved and confirmed by the client; changed and marked by staff; cancelled."""
    with booking.write() as session:
        location = create_location(session, address="12 rue des Archives, 75004 Paris")
        create_staff_member(session, location, create_service(session, location))
    request = a_booking(
        a_wish(custom_fields={"note": SECRETS["custom"]}),
        client=CONTACT,
        proof={"phone": CONTACT["phone"], "proof_id": "proof-1"},
        comment=SECRETS["comment"],
        referrer=SECRETS["referrer"],
        sms_reminder_hours=2,
    )
    [booked] = a_worker(BookingService, booking, **CLIENT).book_appointments(request)[
        "appointments"
    ]
    SECRETS["hash"] = booked["hash"]
    own = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    at_desk = {"location_id": request["location_id"], "appointment_id": own["appointment_id"]}
    client = a_worker(BookingService, booking, **CLIENT)
    client.move_appointment({**own, "starts_at": "2030-06-04T11:00:00"})
    client.confirm_appointment(own)
    with booking.read() as session:
        business_id = session.get_one(Location, request["location_id"]).business_id
    viewer = {"partner_id": 1, "kind": "staff", "rights": [a_right(business_id=business_id)]}
    staff = a_worker(BookingService, booking, locale="fr", viewer={**viewer, "user_id": 1})
    here = {"location_id": request["location_id"]}
    staff.update_client({**here, "client_id": 1, "discount_percent": 5})
    staff.update_appointment({**at_desk, "api_id": "crm-17"})
    staff.update_appointment({**at_desk, "attendance": "came"})
    _review(booking, own)
    staff.delete_appointment(at_desk)


def _wait(booking: Database) -> None:
    """The same client waits for a time, and there is one."""
    viewer = a_person(7, CONTACT["phone"], email=CONTACT["email"])
    day = "2030-06-05"
    a_worker(BookingService, booking, locale="fr", viewer=viewer).join_waitlist(
        {
            "location_id": 1,
            "service_ids": [1],
            "first_day": day,
            "last_day": day,
            "client": {"name": CONTACT["name"]},
        }
    )
    with booking.write() as session:
        offer_free_time(session, lasts=timedelta(minutes=15), now=NOW)


def _administer(booking: Database) -> None:
    """A place is told of anew, and one of its services; somebody else begins to work there."""
    with booking.read() as session:
        location = session.scalars(select(Location)).one()
    viewer = {
        "partner_id": 1,
        "kind": "staff",
        "user_id": 1,
        "rights": [a_right(business_id=location.business_id)],
    }
    owner = a_worker(BookingService, booking, locale="fr", viewer=viewer)
    here = {"location_id": location.id}
    owner.update_location({**here, "public_title": "Salon Marais", "phones": ["+33142720000"]})
    nails = owner.create_service_category({**here, "title": "Nails"})
    position = owner.create_position({**here, "title": "Stylist"})
    lea = owner.create_staff_member({**here, "name": "Lea", "position_id": position["id"]})
    hours = {"slots": [{"opens_minute": 540, "closes_minute": 1020}], "is_working": True}
    owner.set_schedule({**here, "staff_id": lea["id"], "days": [{"day": "2030-06-05", **hours}]})
    price = {"duration_seconds": 2700, "price_min_minor": 3000, "price_max_minor": 3500}
    owner.create_service(
        {
            **here,
            "title": "Manicure",
            "category_id": nails["id"],
            "price_min_minor": 3000,
            "staff": [{"staff_id": lea["id"], **price}],
        }
    )


def _review(booking: Database, own: dict[str, Any]) -> None:
    """After the visit, with words that are nobody else's."""
    later = a_worker(BookingService, booking, **CLIENT, now=NOW + timedelta(days=2))
    SECRETS["review_token"] = token_of(own["appointment_id"], own["hash"])
    said = {"rating": 5, "text": SECRETS["review"], "name": SECRETS["pen_name"]}
    later.review_by_link({"token": SECRETS["review_token"], **said})


def _earn(loyalty: Database, marked: Envelope) -> None:
    with loyalty.write() as session:
        card_type = create_card_type(session, business_id=1, title="Carte Lumière", currency="EUR")
        start_cashback(session, card_type, title="5 % cashback", percent_basis_points=500, now=NOW)
    handle, _source, _type = LoyaltyService.subscriptions["settle_attendance"]
    with loyalty.write() as session:
        handle(a_worker(LoyaltyService, loyalty), session, unseal(marked))


def _announced(database: Database) -> dict[str, Envelope]:
    with database.read() as session:
        envelopes = session.scalars(select(outbox.c.envelope).order_by(outbox.c.position)).all()
    wire = [json.loads(json.dumps(envelope)) for envelope in envelopes]
    return {f"{envelope['source']}.{envelope['type']}": envelope for envelope in wire}
