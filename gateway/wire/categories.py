"""Headings of the catalogue as staff see and write them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from gateway.wire import documents as doc
from gateway.wire.catalogue import GENDERS
from gateway.wire.fields import Request, Text, Whole
from gateway.wire.service_changes import MOST_WEIGHT, WORDS

CATEGORY_EXAMPLE: dict[str, Any] = {"title": "Hair", "weight": 10, "sex": 0}
CATEGORY_CHANGE_EXAMPLE: dict[str, Any] = {"weight": 20}


class ServiceCategorySchema(doc.Answer):
    """A heading of the catalogue."""

    id = doc.whole()
    category_id = doc.whole("The same as id")
    salon_service_id = doc.whole("The same as id")
    title = doc.text()
    booking_title = doc.text("What clients read; the title, unless there is another")
    weight = doc.whole("Greater comes first")
    api_id = doc.text()
    price_min = doc.number(doc.NOT_KEPT)
    price_max = doc.number(doc.NOT_KEPT)
    sex = doc.whole("0 any, 1 male, 2 female", enum=[0, 1, 2])
    is_chain = doc.flag(doc.NOT_KEPT)
    staff = doc.either(
        {"type": "array", "items": {"type": "integer"}}, about="Who gives any of its services"
    )


class ChangeCategorySchema(Request):
    """What is to change; what is left out or null stays as it is."""

    title = Text(allow_none=True)
    booking_title = Text(allow_none=True)
    weight = Whole(least=-MOST_WEIGHT, most=MOST_WEIGHT, allow_none=True)
    api_id = Text(allow_none=True)
    sex = Whole(least=0, most=2, allow_none=True, metadata={"description": "0 any, 1 m, 2 f"})


class NewCategorySchema(ChangeCategorySchema):
    title = Text(required=True)


def category_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a category, in our words: only what was given."""
    given = {name: value for name, value in form.items() if value is not None}
    if "title" in given and not given["title"]:
        raise ValidationError("field_missing", "title")
    if "sex" in given:
        given["gender"] = WORDS[given.pop("sex")]
    if "api_id" in given:
        given["api_id"] = given["api_id"] or None
    return given


def category(category: Mapping[str, Any]) -> dict[str, Any]:
    """A category in the contract's words."""
    return {
        "id": category["id"],
        "category_id": category["id"],
        "salon_service_id": category["id"],
        "title": category["title"],
        "booking_title": category["booking_title"] or category["title"],
        "weight": category["weight"],
        "api_id": category["api_id"] or "",
        "price_min": 0,
        "price_max": 0,
        "sex": GENDERS[category["gender"]],
        "is_chain": False,
        "staff": category["staff_ids"],
    }
