"""Waitlists: our own part of the API, for the contract has none."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import Id, Ids, Request, Text, WishedDay

LARGEST_PAGE_SIZE = 300
EXAMPLE: dict[str, Any] = {
    "service_ids": [1],
    "staff_id": 0,
    "date_from": "2026-11-20",
    "date_to": "2026-11-22",
    "fullname": "Camille Laurent",
}
ACCEPT_EXAMPLE = {"comment": ""}


class JoinWaitlistSchema(Request):
    """What somebody waits for. Who they are is asked for only where it is not known."""

    service_ids = Ids(metadata={"description": "One after the other"})
    staff_id = Id(load_default=0, allow_none=True, metadata={"description": "0 is anybody"})
    date_from = WishedDay(required=True, metadata={"example": "2026-11-20"})
    date_to = WishedDay(
        load_default=None, allow_none=True, metadata={"description": "Without it the same day"}
    )
    fullname = Text(load_default="", allow_none=True)
    phone = Text(load_default="", allow_none=True)
    email = Text(load_default=None, allow_none=True)


class AcceptOfferSchema(Request):
    comment = Text(load_default="", allow_none=True, most=2000, lines=True)


class WaitlistThingSchema(doc.Answer):
    """A location or service."""

    id = doc.whole()
    title = doc.text()


class WaitlistPersonSchema(doc.Answer):
    """One of the staff."""

    id = doc.whole()
    name = doc.text()


class WaitlistOfferSchema(doc.Answer):
    """A time that is kept for them until they answer, or until it is passed on."""

    datetime = doc.text(example="2026-11-20T10:00:00+01:00")
    seance_length = doc.whole("Seconds")
    staff = doc.one(WaitlistPersonSchema)
    expires_at = doc.text(example="2026-11-19T18:15:00+01:00")


class WaitlistEntrySchema(doc.Answer):
    """That somebody waits for a time."""

    id = doc.whole()
    company = doc.one(WaitlistThingSchema)
    services = doc.many(WaitlistThingSchema)
    staff = doc.one(WaitlistPersonSchema, "null: anybody", null=True)
    date_from = doc.text(example="2026-11-20")
    date_to = doc.text(example="2026-11-22")
    create_date = doc.text(example="2026-11-19T09:00:00+0100")
    offer = doc.one(WaitlistOfferSchema, "null: there is none to answer", null=True)


class WaitlistClientSchema(doc.Answer):
    """Who waits; without the permission clients_view no phone and no address."""

    id = doc.whole()
    name = doc.text()
    phone = doc.text(null=True)
    email = doc.text(null=True)


class WaitlistEntryAtDeskSchema(WaitlistEntrySchema):
    """The same for staff."""

    client = doc.one(WaitlistClientSchema)


def join_request(location_id: int, form: Mapping[str, Any]) -> dict[str, Any]:
    """The request of ``join_waitlist``."""
    return {
        "location_id": location_id,
        "service_ids": form["service_ids"],
        "staff_id": form["staff_id"] or None,
        "first_day": form["date_from"],
        "last_day": form["date_to"] or form["date_from"],
        "client": {
            "name": form["fullname"] or "",
            "phone": form["phone"] or "",
            "email": form["email"] or None,
        },
    }


def entry(told: Mapping[str, Any]) -> dict[str, Any]:
    location, zone = told["location"], told["location"]["timezone"]
    return {
        "id": told["id"],
        "company": {"id": location["id"], "title": location["title"]},
        "services": told["services"],
        "staff": told["staff"],
        "date_from": told["first_day"],
        "date_to": told["last_day"],
        "create_date": times.iso_compact(told["created_at"], zone),
        "offer": told["offer"] and _offer(told["offer"], zone),
    }


def entry_at_desk(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry(told), "client": told["client"]}


def _offer(offer: Mapping[str, Any], zone: str) -> dict[str, Any]:
    starts, ends = (times.local(offer[name], zone) for name in ("starts_at", "ends_at"))
    return {
        "datetime": times.iso(offer["starts_at"], zone),
        "seance_length": int((ends - starts).total_seconds()),
        "staff": offer["staff"],
        "expires_at": times.iso(offer["expires_at"], zone),
    }
