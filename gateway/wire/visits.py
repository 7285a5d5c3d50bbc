"""Visits, what became of appointments, and chains, in the contract's words for staff."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.desk import WORDS, ChangeDeskRecordSchema, changes_wanted, marked
from gateway.wire.desk_records import DeskRecordSchema, desk_record
from gateway.wire.fields import Id, Request, Text, WishedDay
from gateway.wire.money import plain_amount
from gateway.wire.pages import PagedQuerySchema
from gateway.wire.records import ATTENDANCES
from services.common.errors import Invalid

PAYMENTS = (
    "payments",
    "fast_payment",
    "new_transactions",
    "deleted_transaction_ids",
    "goods_transactions",
    "payment_statuses",
)
"""What belongs to paying, which is not here yet."""

VISITS_EXAMPLE: dict[str, Any] = {"client_id": 5, "from": "2026-01-01", "to": "2026-12-31"}
MARK_EXAMPLE: dict[str, Any] = {"attendance": 1, "comment": ""}


class Paying(Request):
    """Takes what is said of paying, in order to refuse it."""

    payments = fields.Raw(load_default=None, allow_none=True)
    fast_payment = fields.Raw(load_default=None, allow_none=True)
    new_transactions = fields.Raw(load_default=None, allow_none=True)
    deleted_transaction_ids = fields.Raw(load_default=None, allow_none=True)
    goods_transactions = fields.Raw(load_default=None, allow_none=True)
    payment_statuses = fields.Raw(load_default=None, allow_none=True)


class MarkVisitSchema(ChangeDeskRecordSchema, Paying):
    """Who came, what was done, what is to be noted. Payments are not taken yet."""


class ClientVisitsSchema(Paying):
    """Of whom: ``client_id``, or ``client_phone``. The days of a cursor lead to that page."""

    client_id = Id(load_default=0, allow_none=True)
    client_phone = Text(most=40, load_default="", allow_none=True)
    since = WishedDay(data_key="from", load_default=None, allow_none=True)
    until = WishedDay(data_key="to", load_default=None, allow_none=True)
    attendance = marked()


class VisitSchema(doc.Answer):
    """One coming of one client, with its appointments."""

    id = doc.whole()
    attendance = doc.whole("Of the first appointment", enum=[-1, 0, 1, 2])
    datetime = doc.text("Its start", example="2026-11-20T10:00:00+01:00")
    comment = doc.text("Of the first appointment")
    records = doc.many(DeskRecordSchema)


class VisitItemSchema(doc.Answer):
    id = doc.whole("From 1, in the order in which things are done")
    item_id = doc.whole("The service")
    item_type = doc.text("service")
    record_id = doc.whole()
    item_title = doc.text()
    amount = doc.whole()
    master_id = doc.whole()
    first_cost = doc.number("Before the discount")
    discount = doc.number("Per cent")
    cost = doc.number("After it")


class VisitDetailsSchema(doc.Answer):
    """What was done at a visit. What was paid is not kept here."""

    visit_id = doc.whole()
    record_id = doc.whole()
    attendance = doc.whole(enum=[-1, 0, 1, 2])
    items = doc.many(VisitItemSchema)
    payment_transactions = doc.either(doc.EMPTY_ARRAY, about=doc.NOT_KEPT)
    loyalty_transactions = doc.either(doc.EMPTY_ARRAY, about=doc.NOT_KEPT)
    kkm_transaction_details_container = doc.either(doc.EMPTY_ARRAY, about=doc.NOT_KEPT)


class ClientVisitsFoundSchema(doc.Answer):
    goods_transactions = doc.either(doc.EMPTY_ARRAY, about=doc.NOT_KEPT)
    records = doc.many(DeskRecordSchema, "The newest first")


class ChangeSchema(doc.Answer):
    version = doc.whole("What it led to")
    kind = doc.text("created, moved, changed, confirmed, marked or cancelled")
    changed_by = doc.text("client, staff or import")
    user_id = doc.whole("0: a guest")
    date = doc.text(example="2026-11-20T10:00:00+01:00")
    before = doc.mapping("What was different before")
    after = doc.mapping("The same after the change")


class ChainClientsQuerySchema(PagedQuerySchema):
    phone = Text(load_default="", metadata={"description": "Some of its digits"})


class ChainClientSchema(doc.Answer):
    id = doc.whole()
    name = doc.text()
    surname = doc.text()
    phone = doc.text("E.164, or empty")
    email = doc.text()


def refuse_payments(form: Mapping[str, Any]) -> None:
    """``payments_unavailable``: nothing is half done."""
    for name in PAYMENTS:
        if form[name] not in (None, 0, "0", "", [], {}, False):
            raise Invalid("payments_unavailable", fields={name: "not here yet"})


def mark_wanted(form: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What ``mark_visit`` is to change."""
    refuse_payments(form)
    return changes_wanted(form, currency)


def visits_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    refuse_payments(form)
    return {
        "client_id": form["client_id"] or None,
        "phone": form["client_phone"] or None,
        "from_day": form["since"],
        "to_day": form["until"],
        "attendance": None if form["attendance"] is None else WORDS[form["attendance"]],
    }


def visit_told(visit: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    records = [desk_record(one, base) for one in visit["appointments"]]
    first = records[0] if records else None
    made = times.iso(visit["created_at"], visit["timezone"])
    return {
        "id": visit["id"],
        "attendance": first["attendance"] if first else 0,
        "datetime": first["datetime"] if first else made,
        "comment": first["comment"] if first else "",
        "records": records,
    }


def visit_details(appointment: Mapping[str, Any]) -> dict[str, Any]:
    currency = appointment["location"]["currency"]
    return {
        "visit_id": appointment["visit_id"],
        "record_id": appointment["id"],
        "attendance": ATTENDANCES[appointment["attendance"]],
        "items": [
            {
                "id": number,
                "item_id": line["id"],
                "item_type": "service",
                "record_id": appointment["id"],
                "item_title": line["title"],
                "amount": line["amount"],
                "master_id": appointment["staff"]["id"],
                "first_cost": plain_amount(line["price_min_minor"], currency),
                "discount": line["discount_percent"] or 0,
                "cost": plain_amount(line["price_minor"], currency),
            }
            for number, line in enumerate(appointment["services"], 1)
        ],
        "payment_transactions": [],
        "loyalty_transactions": [],
        "kkm_transaction_details_container": [],
    }


def day_cursor(pages: Mapping[str, Any]) -> dict[str, Any]:
    """Where to read on; null where there is nothing."""
    return {
        name: page and {"from": page["from_day"], "to": page["to_day"], "count": page["count"]}
        for name, page in pages.items()
    }


def change_told(change: Mapping[str, Any], *, zone: str, currency: str) -> dict[str, Any]:
    return {
        "version": change["version"],
        "kind": change["kind"],
        "changed_by": change["changed_by"],
        "user_id": change["user_id"] or 0,
        "date": times.iso(change["changed_at"], zone),
        "before": _state(change["before"], zone, currency),
        "after": _state(change["after"], zone, currency),
    }


def _state(state: Mapping[str, Any], zone: str, currency: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in state.items():
        if name in ("starts_at", "ends_at"):
            told["datetime" if name == "starts_at" else "end_datetime"] = times.iso(value, zone)
        elif name == "attendance":
            told[name] = ATTENDANCES[value]
        elif name == "is_cancelled":
            told["deleted"] = value
        elif name == "seats":
            told["clients_count"] = value
        elif name == "confirmed":
            told[name] = int(value)
        elif name == "services":
            told[name] = [
                {
                    "id": line["id"],
                    "title": line["title"],
                    "cost": plain_amount(line["price_minor"], currency),
                }
                for line in value
            ]
        else:
            told[name] = value
    return told


def chain_client(client: Mapping[str, Any]) -> dict[str, Any]:
    return {name: client[name] or "" for name in ("name", "surname", "phone", "email")} | {
        "id": client["id"]
    }
