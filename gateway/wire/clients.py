"""Clients of a business in the contract's words, for its staff."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.bookings import CustomFields
from gateway.wire.client_words import GENDERS, IMPORTANCES, WORDS
from gateway.wire.fields import (
    INVALID,
    Coded,
    Flag,
    Ids,
    IdsOfThings,
    Messages,
    Money,
    Percent,
    Request,
    Several,
    Text,
    Whole,
    WishedMoment,
)
from gateway.wire.money import plain_amount
from gateway.wire.pages import PagedQuerySchema, page_wanted
from services.common.money import minor_units

FIRST_YEAR = 1850
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
CLIENTS_A_PAGE, MOST_CLIENTS_A_PAGE = 20, 200
MOST_AT_ONCE = 200
CLIENT_EXAMPLE: dict[str, Any] = {
    "name": "Camille",
    "surname": "Laurent",
    "phone": "+33612345678",
    "email": "camille@example.com",
    "sex_id": 2,
    "importance_id": 1,
    "discount": 5,
    "card": "1234",
    "birth_date": "1990-03-21",
    "comment": "Prefers mornings",
    "sms_check": True,
    "sms_not": False,
    "categories": [],
    "custom_fields": {},
}


class BirthDate(Coded, fields.String):
    """A day, however long ago; empty for unknown."""

    default_error_messages: Messages = {"invalid": "day_malformed"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        written = super()._deserialize(value, attr, data, **kwargs).strip()[:40]
        if not written:
            return ""
        try:
            day = date.fromisoformat(written[:10])
        except ValueError as error:
            raise self.make_error("invalid") from error
        if not DAY.fullmatch(written[:10]) or day.year < FIRST_YEAR:
            raise self.make_error("invalid")
        return day.isoformat()


class ChangeClientSchema(Request):
    """What is to be known of a client; what is left out or null stays as it is."""

    name = Text(load_default=None, allow_none=True)
    surname = Text(load_default=None, allow_none=True)
    patronymic = Text(load_default=None, allow_none=True)
    phone = Text(most=40, load_default=None, allow_none=True)
    email = Text(load_default=None, allow_none=True)
    sex_id = Whole(least=0, most=2, load_default=None, allow_none=True)
    importance_id = Whole(least=0, most=3, load_default=None, allow_none=True)
    discount = Percent(load_default=None, allow_none=True)
    card = Text(load_default=None, allow_none=True)
    birth_date = BirthDate(
        load_default=None, allow_none=True, metadata={"description": "YYYY-MM-DD, or empty"}
    )
    comment = Text(most=2000, lines=True, load_default=None, allow_none=True)
    sms_check = Flag(
        load_default=None, allow_none=True, metadata={"description": "Wish a happy birthday"}
    )
    sms_not = Flag(load_default=None, allow_none=True, metadata={"description": "No mailings"})
    categories = IdsOfThings(load_default=None, allow_none=True)
    labels = IdsOfThings(
        load_default=None, allow_none=True, metadata={"description": "The same as categories"}
    )
    custom_fields = CustomFields(load_default=None, allow_none=True)


class NewClientSchema(ChangeClientSchema):
    name = Text(required=True)
    phone = Text(most=40, required=True)


class NewClientsSchema(Request):
    """An array of clients as for one; each is looked at by itself."""

    clients = Several(
        fields.Raw(),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE, error=INVALID),
    )

    @pre_load
    def take_aliases(self, data: Any, **_: Any) -> Any:
        """The contract's clients send the array itself."""
        return super().take_aliases({"clients": data} if isinstance(data, list) else data)


class ClientsQuerySchema(PagedQuerySchema):
    count = Whole(
        load_default=CLIENTS_A_PAGE, metadata={"description": "How many on a page, at most 200"}
    )
    fullname = Text(load_default="")
    phone = Text(load_default="", metadata={"description": "Some of its digits"})
    email = Text(load_default="")
    card = Text(load_default="")
    paid_min = Money(load_default=None)
    paid_max = Money(load_default=None)
    id = Ids()
    changed_after = WishedMoment(load_default=None)
    changed_before = WishedMoment(load_default=None)


class ClientCategorySchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    color = doc.text()


class ClientSchema(doc.Answer):
    """A client as staff see them."""

    id = doc.whole()
    name = doc.text()
    surname = doc.text()
    patronymic = doc.text()
    display_name = doc.text("The names in a row")
    phone = doc.text("E.164, or empty")
    email = doc.text()
    categories = doc.many(ClientCategorySchema)
    sex = doc.text("In the language of the request")
    sex_id = doc.whole(enum=[0, 1, 2])
    importance = doc.text("In the language of the request")
    importance_id = doc.whole(enum=[0, 1, 2, 3])
    discount = doc.whole("Per cent")
    card = doc.text()
    birth_date = doc.text("YYYY-MM-DD, or empty")
    comment = doc.text()
    sms_check = doc.bit()
    sms_bot = doc.bit()
    sms_not = doc.bit()
    spent = doc.number("The same as paid")
    paid = doc.number("What was sold to them, in the location's currency")
    balance = doc.number(doc.NOT_KEPT)
    visits = doc.whole("How often they came")
    first_visit_date = doc.text("Empty: never", example="2026-11-20T10:00:00+01:00")
    last_visit_date = doc.text("Empty: never", example="2026-11-20T10:00:00+01:00")
    create_date = doc.text(example="2026-11-01T10:00:00+0100")
    last_change_date = doc.text(example="2026-11-01T10:00:00+0100")
    custom_fields = doc.either({"type": "object"}, doc.EMPTY_ARRAY, about="{code: value}")
    is_blocked = doc.flag("Cannot book online")
    has_account = doc.flag("Phone and e-mail are the client's own to change")


def client_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a client, in our words: only what was given."""
    labels = form["labels"] if form["categories"] is None else form["categories"]
    given = {
        "name": form["name"],
        "surname": form["surname"],
        "patronymic": form["patronymic"],
        "phone": form["phone"],
        "email": form["email"],
        "gender": None if form["sex_id"] is None else GENDERS[form["sex_id"]],
        "importance": None if form["importance_id"] is None else IMPORTANCES[form["importance_id"]],
        "discount_percent": form["discount"],
        "card": form["card"],
        "comment": form["comment"],
        "wants_birthday_messages": form["sms_check"],
        "wants_mailings": None if form["sms_not"] is None else not form["sms_not"],
        "label_ids": labels,
        "custom_fields": form["custom_fields"],
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    if form["birth_date"] is not None:
        wanted["birth_date"] = form["birth_date"] or None
    return wanted


def each_client_wanted(
    rows: list[Any],
) -> tuple[list[tuple[int, dict[str, Any]]], dict[int, Any]]:
    """Of many clients those that can be read, by row, and what is wrong with the others."""
    schema = NewClientSchema()
    wanted: list[tuple[int, dict[str, Any]]] = []
    wrong: dict[int, Any] = {}
    for row, told in enumerate(rows):
        try:
            wanted.append((row, client_wanted(schema.load(told))))
        except ValidationError as error:
            wrong[row] = error.normalized_messages()
    return wanted, wrong


def clients_wanted(query: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The arguments of ``list_clients`` for a query, without the location."""
    return {
        "ids": query["id"],
        **{name: query[name] for name in ("fullname", "phone", "email", "card")},
        "sold_from_minor": minor(query["paid_min"], currency),
        "sold_to_minor": minor(query["paid_max"], currency),
        "changed_after": query["changed_after"],
        "changed_before": query["changed_before"],
        **page_wanted(query, largest=MOST_CLIENTS_A_PAGE),
    }


def minor(amount: Any, currency: str) -> int | None:
    return None if amount is None else minor_units(amount, currency)


def client_told(client: Mapping[str, Any], *, locale: str) -> dict[str, Any]:
    words, zone = WORDS.get(locale, WORDS["en"]), client["timezone"]
    paid = plain_amount(client["sold_minor"], client["currency"])
    names = (client["name"], client["surname"], client["patronymic"])
    return {
        "id": client["id"],
        "name": client["name"],
        "surname": client["surname"],
        "patronymic": client["patronymic"],
        "display_name": " ".join(filter(None, names)),
        "phone": client["phone"] or "",
        "email": client["email"] or "",
        "categories": [
            {"id": one["id"], "title": one["title"], "color": one["color"]}
            for one in client["labels"]
        ],
        "sex": words[client["gender"]],
        "sex_id": GENDERS.index(client["gender"]),
        "importance": words[client["importance"]],
        "importance_id": IMPORTANCES.index(client["importance"]),
        "discount": client["discount_percent"],
        "card": client["card"],
        "birth_date": client["birth_date"] or "",
        "comment": client["comment"],
        "sms_check": int(client["wants_birthday_messages"]),
        "sms_bot": 0,
        "sms_not": int(not client["wants_mailings"]),
        "spent": paid,
        "paid": paid,
        "balance": 0,
        "visits": client["visits_count"],
        "first_visit_date": _moment(client["first_visit_at"], zone),
        "last_visit_date": _moment(client["last_visit_at"], zone),
        "create_date": times.iso_compact(client["created_at"], zone),
        "last_change_date": times.iso_compact(client["changed_at"], zone),
        "custom_fields": client["custom_fields"] or [],
        "is_blocked": client["is_blocked"],
        "has_account": client["has_account"],
    }


def _moment(instant: str | None, zone: str) -> str:
    return times.iso(instant, zone) if instant else ""
