"""Loyalty cards of a client."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from gateway.wire import documents as doc
from gateway.wire.money import plain_amount

PER_CENT = 1
ANYTHING = 0


class ProgramKind(NamedTuple):
    number: int
    title: str
    is_discount: bool = False
    is_cashback: bool = False
    is_static: bool = False
    is_accumulative: bool = False


# The contract publishes 1, 3, 6, 7, 8 and 13 only; 101 is our own.
PROGRAM_KINDS = {
    "cashback_static_paid": ProgramKind(
        101, "Cashback on what was paid", is_cashback=True, is_static=True
    ),
}


class CardGroupSchema(doc.Answer):
    id = doc.whole()
    title = doc.text("May be empty")


class CardTypeSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    salon_group_id = doc.whole()


class ProgramKindSchema(doc.Answer):
    id = doc.whole("Ours are above 100")
    title = doc.text()
    is_discount = doc.flag()
    is_cashback = doc.flag()
    is_static = doc.flag()
    is_accumulative = doc.flag()


class ProgramRuleSchema(doc.Answer):
    id = doc.whole()
    loyalty_program_id = doc.whole()
    loyalty_type_id = doc.whole()
    value = doc.number("How much")
    parameter = doc.number("From which sum or number of visits")


class ProgramSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    value = doc.number("How much: per cent")
    loyalty_type_id = doc.whole()
    loyalty_type = doc.one(ProgramKindSchema)
    item_type_id = doc.whole("0: it applies to everything")
    value_unit_id = doc.whole("1 per cent, 2 an amount", enum=[1, 2])
    group_id = doc.whole()
    rules = doc.many(ProgramRuleSchema)


class LoyaltyCardSchema(doc.Answer):
    """A card on which a client collects."""

    id = doc.whole()
    number = doc.text(example="0000000000012345")
    balance = doc.number("Main units of the card's currency")
    points = doc.whole()
    paid_amount = doc.number()
    sold_amount = doc.number()
    visits_count = doc.whole()
    max_discount_percent = doc.number(doc.NOT_KEPT)
    max_discount_amount = doc.number(doc.NOT_KEPT)
    type_id = doc.whole()
    type = doc.one(CardTypeSchema)
    salon_group_id = doc.whole("The business")
    salon_group = doc.one(CardGroupSchema)
    programs = doc.many(ProgramSchema)


def loyalty_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """A loyalty card in the contract's words."""
    currency, group = card["currency"], card["business"]
    return {
        "id": card["id"],
        "number": card["number"],
        "balance": plain_amount(card["balance_minor"], currency),
        "points": card["points"],
        "paid_amount": plain_amount(card["paid_minor"], currency),
        "sold_amount": plain_amount(card["sold_minor"], currency),
        "visits_count": card["visits_count"],
        "max_discount_percent": 0,
        "max_discount_amount": 0,
        "type_id": card["type"]["id"],
        "type": {**card["type"], "salon_group_id": group["id"]},
        "salon_group_id": group["id"],
        "salon_group": {"id": group["id"], "title": group["title"] or ""},
        "programs": [_program(programme, group["id"]) for programme in card["programmes"]],
    }


def _program(programme: Mapping[str, Any], group_id: int) -> dict[str, Any]:
    kind = PROGRAM_KINDS[programme["kind"]]
    percent = programme["percent_basis_points"] / 100
    value = int(percent) if percent == int(percent) else percent
    rule = {
        "id": programme["id"],
        "loyalty_program_id": programme["id"],
        "loyalty_type_id": kind.number,
        "value": value,
        "parameter": 0,
    }
    return {
        "id": programme["id"],
        "title": programme["title"],
        "value": value,
        "loyalty_type_id": kind.number,
        "loyalty_type": {
            "id": kind.number,
            "title": kind.title,
            "is_discount": kind.is_discount,
            "is_cashback": kind.is_cashback,
            "is_static": kind.is_static,
            "is_accumulative": kind.is_accumulative,
        },
        "item_type_id": ANYTHING,
        "value_unit_id": PER_CENT,
        "group_id": group_id,
        "rules": [rule],
    }
