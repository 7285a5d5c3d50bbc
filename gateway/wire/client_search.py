"""Searches of the client base: the contract's filters, read into ours."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import ValidationError, validate
from marshmallow.fields import Raw

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.client_words import GENDERS, IMPORTANCES
from gateway.wire.clients import BirthDate
from gateway.wire.fields import INVALID, Choice, Flag, Ids, Request, Several, Text, Whole
from gateway.wire.money import plain_amount
from gateway.wire.pages import LAST_PAGE
from services.common.money import minor_units

PAGE_SIZE, LARGEST_PAGE_SIZE = 25, 200
MOST_FILTERS, DEEPEST = 50, 3
MOST_MONEY = Decimal(10**9)
FIELDS = {
    "id": "id",
    "name": "name",
    "phone": "phone",
    "email": "email",
    "discount": "discount_percent",
    "first_visit_date": "first_visit_at",
    "last_visit_date": "last_visit_at",
    "sold_amount": "sold_minor",
    "visits_count": "visits_count",
}
STATUSES = {1: "no_show", 2: "waiting", 3: "came", 4: "confirmed"}
ELSEWHERE = ("has_passteam_card", "passteam_card_ids", "has_mobile_app", "sale")
"""What is asked of cards, apps and sales, which the client base does not keep."""

SEARCH_EXAMPLE: dict[str, Any] = {
    "page": 1,
    "page_size": 25,
    "fields": ["id", "name", "phone", "visits_count"],
    "order_by": "name",
    "order_by_direction": "ASC",
    "operation": "AND",
    "filters": [
        {"type": "quick_search", "state": {"value": "laurent"}},
        {"type": "record", "state": {"staff": {"value": [3]}, "status": {"value": [3]}}},
    ],
}

Filter = dict[str, Any]
State = Mapping[str, Any]


class SearchClientsSchema(Request):
    page = Whole(load_default=1)
    page_size = Whole(load_default=PAGE_SIZE, metadata={"description": "At most 200"})
    fields = Several(  # type: ignore[assignment]  # marshmallow allows it
        Choice(*FIELDS),
        load_default=lambda: ["id"],
        validate=validate.Length(max=len(FIELDS) * 2, error=INVALID),
        metadata={"description": "Which fields of a client are told"},
    )
    order_by = Choice(*FIELDS, load_default="id")
    order_by_direction = Choice("ASC", "DESC", "asc", "desc", load_default="ASC")
    operation = Choice("AND", "OR", "and", "or", load_default="AND")
    filters = Several(
        Raw(),
        load_default=list,
        validate=validate.Length(max=MOST_FILTERS, error=INVALID),
        metadata={"description": "{type, state}; or {operation, filters}, up to three deep"},
    )


class FoundClientSchema(doc.Answer):
    """Only the fields that were asked for."""

    id = doc.whole()
    name = doc.text()
    phone = doc.text()
    email = doc.text()
    discount = doc.whole()
    first_visit_date = doc.text("Empty: never")
    last_visit_date = doc.text("Empty: never")
    sold_amount = doc.number("In the location's currency")
    visits_count = doc.whole()

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        field_obj.required = False


def search_wanted(form: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The arguments of ``search_clients``, without the location."""
    reader = Reader(currency)
    return {
        "page": min(max(form["page"], 1), LAST_PAGE),
        "page_size": min(max(form["page_size"], 1), LARGEST_PAGE_SIZE),
        "order_by": FIELDS[form["order_by"]],
        "is_descending": form["order_by_direction"].upper() == "DESC",
        "operation": form["operation"].lower(),
        "filters": reader.group(form["filters"], ("filters",), 1),
    }


def found_client(client: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The fields that were asked for, in the order of the contract."""
    return {name: _told(client, name) for name in FIELDS if name in names}


def _told(client: Mapping[str, Any], name: str) -> Any:
    value = client[FIELDS[name]]
    if name == "sold_amount":
        return plain_amount(value, client["currency"])
    if name.endswith("_date"):
        return times.iso(value, client["timezone"]) if value else ""
    return "" if value is None else value


class Reader:
    """Reads filters; ValidationError with the way to what is wrong."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.kinds: Mapping[str, Callable[[State], Filter]] = {
            "id": lambda state: {"kind": "ids", "ids": _ids(state)},
            "quick_search": lambda state: {"kind": "quick", "text": _text(state)},
            "birthday": lambda state: {"kind": "birthday", **_days(state)},
            "gender": lambda state: {"kind": "gender", "words": _words(state, GENDERS)},
            "importance": lambda state: {
                "kind": "importance",
                "words": _words(state, IMPORTANCES),
            },
            "category": lambda state: {"kind": "label", "ids": _ids(state)},
            "sms_notification": lambda state: {"kind": "mailings", "flag": _flag(state)},
            "sold_amount": lambda state: {"kind": "sold", **self.amounts(state)},
            "record": self.appointment,
            "client": self.client,
        }

    def group(self, told: Any, path: tuple[str, ...], depth: int) -> list[Filter]:
        if not isinstance(told, list) or len(told) > MOST_FILTERS or depth > DEEPEST:
            raise _wrong(path)
        return [self.one(each, (*path, str(at)), depth) for at, each in enumerate(told)]

    def one(self, told: Any, path: tuple[str, ...], depth: int) -> Filter:
        if not isinstance(told, Mapping):
            raise _wrong(path)
        if "filters" in told:
            operation = str(told.get("operation", "AND")).lower()
            if operation not in ("and", "or"):
                raise _wrong((*path, "operation"))
            inner = self.group(told["filters"], (*path, "filters"), depth + 1)
            return {"kind": "group", "operation": operation, "filters": inner}
        kind, state = told.get("type"), told.get("state")
        if kind in ELSEWHERE:
            raise _wrong((*path, "type"), "client_filter_unavailable")
        if not isinstance(kind, str) or kind not in self.kinds:
            raise _wrong((*path, "type"))
        if not isinstance(state, Mapping):
            raise _wrong((*path, "state"))
        try:
            read = self.kinds[kind](state)
        except ValidationError as error:
            raise _wrong((*path, "state"), _reason(error)) from error
        except (ValueError, TypeError, InvalidOperation) as error:
            raise _wrong((*path, "state")) from error
        return {**read, "is_inverted": _inverted(state)}

    def appointment(self, state: State) -> Filter:
        def part(name: str) -> State:
            inner = state.get(name) or {}
            if not isinstance(inner, Mapping):
                raise TypeError(name)
            return inner

        statuses = _list(part("status").get("value", []))
        return {
            "kind": "appointment",
            "staff_ids": _ids(part("staff")) if part("staff") else [],
            "service_ids": _ids(part("service")) if part("service") else [],
            "statuses": [STATUSES[_whole(one, 1, 4)] for one in statuses],
            **_days(part("created")),
            **self.amounts(part("sold_amount")),
        }

    def client(self, state: State) -> Filter:
        """Ids of clients, or filters of their own by name: all of them must hold."""
        if "value" in state:
            return {"kind": "ids", "ids": _ids(state)}
        filters: list[Filter] = []
        for name, inner in state.items():
            if name == "invert":
                continue
            if name in ELSEWHERE:
                raise _wrong((), "client_filter_unavailable")
            if name not in self.kinds or name == "client" or not isinstance(inner, Mapping):
                raise ValueError(name)
            filters.append({**self.kinds[name](inner), "is_inverted": _inverted(inner)})
        return {"kind": "group", "operation": "and", "filters": filters}

    def amounts(self, state: State) -> Filter:
        return {
            "least_minor": self._minor(state.get("from")),
            "most_minor": self._minor(state.get("to")),
        }

    def _minor(self, told: Any) -> int | None:
        if told is None or told == "":
            return None
        if isinstance(told, bool) or len(str(told)) > 20:
            raise ValueError("no amount")
        amount = Decimal(str(told))
        if not 0 <= amount <= MOST_MONEY:
            raise ValueError("no amount")
        return minor_units(amount, self.currency)


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _ids(state: State) -> list[int]:
    ids: Any = Ids().deserialize(state.get("value"))
    return list(ids)


def _text(state: State) -> str:
    return str(Text(required=True).deserialize(state.get("value")))


def _whole(told: Any, least: int, most: int) -> int:
    number: int = Whole(least=least, most=most).deserialize(told)
    return number


def _words(state: State, words: tuple[str, ...]) -> list[str]:
    told = _list(state.get("value"))
    if len(told) > len(words):
        raise ValueError("too many")
    return [words[_whole(one, 0, len(words) - 1)] for one in told]


def _flag(state: State) -> bool:
    return bool(Flag().deserialize(state.get("value")))


def _inverted(state: State) -> bool:
    told = state.get("invert", False)
    return told in (True, 1, "1", "true")


def _days(state: State) -> Filter:
    def day(name: str) -> str | None:
        told = state.get(name)
        return BirthDate().deserialize(told) or None if told else None

    return {"first_day": day("from"), "last_day": day("to")}


def _wrong(path: tuple[str, ...], reason: str = INVALID) -> ValidationError:
    return ValidationError({".".join(path) or "_schema": [reason]})


def _reason(error: ValidationError) -> str:
    """The code of what is wrong inside."""
    told: Any = error.normalized_messages()
    while isinstance(told, Mapping):
        told = next(iter(told.values()), None)
    return str(told[0]) if isinstance(told, list) and told else INVALID
