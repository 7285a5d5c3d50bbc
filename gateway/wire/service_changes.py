"""The catalogue as staff write it."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate

from gateway.wire.catalogue import GENDERS
from gateway.wire.fields import (
    INVALID,
    Choice,
    Coded,
    Flag,
    Id,
    Inner,
    Money,
    Percent,
    Query,
    Request,
    Several,
    Text,
    Whole,
)
from gateway.wire.services import DAY_SECONDS, PRICE_RANGE
from services.common.money import minor_units

MOST_LINKS = 500
MOST_WEIGHT = 10**6
LEAST_SECONDS = 300
SERVICE_EXAMPLE: dict[str, Any] = {
    "title": "Haircut",
    "category_id": 2,
    "price_min": 45.5,
    "price_max": 60,
    "duration": 3600,
    "comment": "With wash",
    "staff": [{"id": 3, "seance_length": 2700, "price": 55}],
}
SERVICE_CHANGE_EXAMPLE: dict[str, Any] = {"price_min": 48, "price_max": 60}
LINK_EXAMPLE: dict[str, Any] = {
    "master_id": 3,
    "seance_length": 2700,
    "price": {"min": 50, "max": 55},
}
LINK_CHANGE_EXAMPLE: dict[str, Any] = {"seance_length": 3600, "price": None}
LINKS_EXAMPLE: dict[str, Any] = {
    "services_links": [
        {"service_id": 11, "master_id": 3, "length": 2700, "price": 55},
        {"service_id": 11, "master_id": 4},
    ]
}


class ServicesQuerySchema(Query):
    staff_id = Id(load_default=0, metadata={"description": "That this person gives; 0 is any"})
    category_id = Id(load_default=0, metadata={"description": "Of this category; 0 is any"})


class Price(Coded, fields.Field[Any]):
    """One amount, or ``{"min": …, "max": …}``; null: that of the service."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        bounds = [value.get("min"), value.get("max")] if isinstance(value, Mapping) else [value] * 2
        lowest, highest = (Money().deserialize(bound) for bound in bounds)
        if lowest is None or highest is None or highest < lowest:
            raise self.make_error("invalid")
        return lowest, highest


def _length(**more: Any) -> Whole:
    return Whole(
        least=LEAST_SECONDS,
        most=DAY_SECONDS,
        load_default=None,
        allow_none=True,
        metadata={"description": "Seconds; null: as long as the service"},
        **more,
    )


def _price() -> Price:
    shapes = [{"type": "null"}, {"type": "number", "minimum": 0}, PRICE_RANGE]
    return Price(load_default=None, allow_none=True, metadata={"oneOf": shapes})


class LinkFactsSchema(Request):
    """At which length and price; what is left out is that of the service."""

    seance_length = _length()
    price = _price()

    def renamed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """In some places the contract calls it ``length``."""
        length = {"seance_length": data["length"]} if "length" in data else {}
        return super().renamed({**length, **data})


class ServiceGiverSchema(LinkFactsSchema):
    id = Whole(least=1, required=True)


class NewLinkSchema(LinkFactsSchema):
    staff_id = Whole(least=1, required=True, data_key="master_id")


class OneOfLinksSchema(NewLinkSchema):
    service_id = Whole(least=1, required=True)


class ServiceLinksSchema(Request):
    """Who gives what, all of it or nothing; the bare array will do."""

    services_links = Several(
        Inner(OneOfLinksSchema),
        required=True,
        validate=validate.Length(1, MOST_LINKS, error=INVALID),
    )

    @pre_load
    def take_array(self, data: Any, **_: Any) -> Any:
        return {"services_links": data} if isinstance(data, list) else data


class ChangeServiceSchema(Request):
    """What is to change; what is left out or null stays as it is."""

    title = Text(allow_none=True)
    booking_title = Text(allow_none=True)
    category_id = Whole(least=1, allow_none=True)
    price_min = Money(allow_none=True)
    price_max = Money(allow_none=True)
    discount = Percent(allow_none=True)
    comment = Text(most=5000, lines=True, allow_none=True)
    weight = Whole(least=-MOST_WEIGHT, most=MOST_WEIGHT, allow_none=True)
    active = Flag(allow_none=True, metadata={"description": "Whether clients can book it"})
    is_online = Flag(allow_none=True, metadata={"description": "Where active is left out"})
    api_id = Text(allow_none=True)
    prepaid = Choice("forbidden", "allowed", "required", allow_none=True)
    duration = Whole(least=LEAST_SECONDS, most=DAY_SECONDS, allow_none=True)
    repeat_visit_days_step = Whole(
        least=0, most=3660, allow_none=True, metadata={"description": "0: never"}
    )
    abonement_restriction_value = Flag(allow_none=True)
    sex = Whole(least=0, most=2, allow_none=True, metadata={"description": "0 any, 1 m, 2 f"})
    technical_break_duration = Whole(
        least=0,
        most=3600,
        allow_none=True,
        metadata={"description": "Our own: seconds that nobody else gets after it"},
    )
    staff = Several(
        Inner(ServiceGiverSchema),
        allow_none=True,
        validate=validate.Length(max=MOST_LINKS, error=INVALID),
        metadata={"description": "Who gives it from now on, and nobody else"},
    )


class NewServiceSchema(ChangeServiceSchema):
    title = Text(required=True)
    category_id = Whole(least=1, required=True)


PLAIN = {
    "title": "title",
    "booking_title": "booking_title",
    "category_id": "category_id",
    "discount": "discount_percent",
    "comment": "comment",
    "weight": "weight",
    "prepaid": "prepayment",
    "duration": "duration_seconds",
    "technical_break_duration": "buffer_seconds",
    "abonement_restriction_value": "is_membership_only",
}
WORDS = {number: word for word, number in GENDERS.items()}


def names_money(form: Mapping[str, Any]) -> bool:
    """Whether amounts are given, which mean nothing without the location's currency."""
    told = [form.get(name) for name in ("price_min", "price_max", "price")]
    inner = [*(form.get("staff") or []), *(form.get("services_links") or [])]
    return any(one is not None for one in told) or any(map(names_money, inner))


def service_wanted(form: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What is said of a service, in our words: only what was given."""
    given = {name: value for name, value in form.items() if value is not None}
    wanted = {ours: given[theirs] for theirs, ours in PLAIN.items() if theirs in given}
    if "title" in wanted and not wanted["title"]:
        raise ValidationError("field_missing", "title")
    for name in ("price_min", "price_max"):
        if name in given:
            wanted[f"{name}_minor"] = minor_units(given[name], currency)
    if "active" in given or "is_online" in given:
        wanted["is_online"] = given.get("active", given.get("is_online"))
    if "api_id" in given:
        wanted["api_id"] = given["api_id"] or None
    if "repeat_visit_days_step" in given:
        wanted["repeat_after_days"] = given["repeat_visit_days_step"] or None
    if "sex" in given:
        wanted["gender"] = WORDS[given["sex"]]
    if "staff" in given:
        wanted["staff"] = [
            {"staff_id": one["id"], **link_facts(one, currency)} for one in given["staff"]
        ]
    return wanted


def link_facts(form: Mapping[str, Any], currency: str) -> dict[str, Any]:
    lowest, highest = form["price"] or (None, None)
    return {
        "duration_seconds": form["seance_length"],
        "price_min_minor": None if lowest is None else minor_units(lowest, currency),
        "price_max_minor": None if highest is None else minor_units(highest, currency),
    }


def links_wanted(links: Sequence[Mapping[str, Any]], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "service_id": link["service_id"],
            "staff_id": link["staff_id"],
            **link_facts(link, currency),
        }
        for link in links
    ]
