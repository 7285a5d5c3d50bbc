"""The catalogue as staff see it: the contract's names and nothing beside them."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire.money import plain_amount
from gateway.wire.pictures import GROUP, image_group, picture_url

DAY_SECONDS = 86_400
PRICE_RANGE = {
    "type": "object",
    "required": ["min", "max"],
    "properties": {"min": {"type": "number"}, "max": {"type": "number"}},
}
NO_SERVICE_OF_OURS: dict[str, Any] = {
    "price_prepaid_amount": 0,
    "price_prepaid_percent": 0,
    "is_multi": False,
    "capacity": 0,
    "service_type": 1,
    "tax_variant": -1,
    "vat_id": 0,
    "is_need_limit_date": False,
    "date_from": "",
    "date_to": "",
    "schedule_template_type": 0,
    "online_invoicing_status": 0,
    "is_abonement_autopayment_enabled": 0,
    "autopayment_before_visit_time": 0,
    "is_chain": False,
    "is_price_managed_only_in_chain": False,
    "is_comment_managed_only_in_chain": False,
    "dates": [],
}


class ServiceStaffSchema(doc.Answer):
    id = doc.whole()
    seance_length = doc.whole("Seconds: as long as this person takes")
    technological_card_id = doc.whole(doc.NOT_KEPT)
    image_url = doc.text(doc.NOT_KEPT)
    price = doc.either(
        {"type": "null"}, {"type": "number"}, PRICE_RANGE, about="Of their own; null: the service's"
    )
    name = doc.text()


class NeededResourceSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    salon_id = doc.whole("The location")


class ServiceSchema(doc.Answer):
    """A service of the catalogue."""

    id = doc.whole()
    salon_service_id = doc.whole("The same as id")
    title = doc.text()
    booking_title = doc.text("What clients read; the title, unless there is another")
    print_title = doc.text("The same as title")
    category_id = doc.whole()
    price_min = doc.number("Main units of the location's currency")
    price_max = doc.number()
    discount = doc.number("Per cent")
    comment = doc.text()
    weight = doc.whole("Greater comes first")
    active = doc.bit("Whether clients can book it")
    api_id = doc.text()
    api_service_id = doc.text("The same as api_id")
    prepaid = doc.text(enum=["forbidden", "allowed", "required"])
    price_prepaid_amount = doc.number(doc.NOT_KEPT)
    price_prepaid_percent = doc.number(doc.NOT_KEPT)
    is_multi = doc.flag(doc.NOT_KEPT)
    capacity = doc.whole(doc.NOT_KEPT)
    duration = doc.whole("Seconds")
    is_online = doc.flag("The same as active")
    service_type = doc.whole(doc.NOT_KEPT)
    tax_variant = doc.whole(doc.NOT_KEPT)
    vat_id = doc.whole(doc.NOT_KEPT)
    repeat_visit_days_step = doc.whole("After how many days people come again", null=True)
    seance_search_start = doc.whole("Seconds from midnight: 0")
    seance_search_finish = doc.whole("Seconds from midnight: the end of the day")
    seance_search_step = doc.whole("Seconds from one start to the next, usually")
    step = doc.whole("The same as seance_search_step")
    is_need_limit_date = doc.flag(doc.NOT_KEPT)
    date_from = doc.text(doc.NOT_KEPT)
    date_to = doc.text(doc.NOT_KEPT)
    schedule_template_type = doc.whole(doc.NOT_KEPT)
    online_invoicing_status = doc.whole(doc.NOT_KEPT)
    is_abonement_autopayment_enabled = doc.whole(doc.NOT_KEPT)
    autopayment_before_visit_time = doc.whole(doc.NOT_KEPT)
    abonement_restriction_value = doc.bit("1: with a membership only")
    is_chain = doc.flag(doc.NOT_KEPT)
    is_price_managed_only_in_chain = doc.flag(doc.NOT_KEPT)
    is_comment_managed_only_in_chain = doc.flag(doc.NOT_KEPT)
    image_group = doc.either(GROUP, doc.EMPTY_ARRAY, about="The picture")
    staff = doc.many(ServiceStaffSchema, "Who gives it")
    dates = doc.either({"type": "array"}, about=doc.NOT_KEPT)
    resources = doc.many(NeededResourceSchema, "Rooms and devices that it needs")


class ServiceLinkSchema(doc.Answer):
    """That somebody gives a service."""

    service_id = doc.whole()
    master_id = doc.whole()
    length = doc.whole("Seconds; null: as long as the service", null=True)
    technological_card_id = doc.whole(doc.NOT_KEPT)
    api_id = doc.text(doc.NOT_KEPT)
    is_online = doc.flag(doc.NOT_KEPT)
    is_offline_records_allowed = doc.flag(doc.NOT_KEPT)
    price = doc.either(
        {"type": "null"}, {"type": "number"}, PRICE_RANGE, about="Of their own; null: the service's"
    )


def service(service: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    """A service in the contract's words."""
    currency = service["currency"]
    return {
        "id": service["id"],
        "salon_service_id": service["id"],
        "title": service["title"],
        "booking_title": service["booking_title"] or service["title"],
        "print_title": service["title"],
        "category_id": service["category_id"],
        "price_min": plain_amount(service["price_min_minor"], currency),
        "price_max": plain_amount(service["price_max_minor"], currency),
        "discount": service["discount_percent"],
        "comment": service["comment"],
        "weight": service["weight"],
        "active": int(service["is_online"]),
        "api_id": service["api_id"] or "",
        "api_service_id": service["api_id"] or "",
        "prepaid": service["prepayment"],
        "duration": service["duration_seconds"],
        "is_online": service["is_online"],
        "repeat_visit_days_step": service["repeat_after_days"],
        "abonement_restriction_value": int(service["is_membership_only"]),
        "image_group": image_group(picture_url(service["image"], service["image_url"], base)),
        "staff": [_giver(link, service) for link in service["staff"]],
        **starts_searched(service["grid_step_seconds"]),
        "step": service["grid_step_seconds"],
        "resources": [
            {**resource, "salon_id": service["location_id"]} for resource in service["resources"]
        ],
        **NO_SERVICE_OF_OURS,
    }


def starts_searched(step_seconds: int) -> dict[str, int]:
    """Where starts are looked for on days that have no grid of their own: all day, step by step."""
    return {
        "seance_search_start": 0,
        "seance_search_finish": DAY_SECONDS,
        "seance_search_step": step_seconds,
    }


def _giver(link: Mapping[str, Any], service: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": link["staff_id"],
        "seance_length": link["duration_seconds"] or service["duration_seconds"],
        "technological_card_id": 0,
        "image_url": "",
        "price": price_told(link, service["currency"]),
        "name": link["name"],
    }


def price_told(link: Mapping[str, Any], currency: str) -> Any:
    """Null, an amount, or a range."""
    if link["price_min_minor"] is None:
        return None
    lowest = plain_amount(link["price_min_minor"], currency)
    highest = plain_amount(link["price_max_minor"], currency)
    return lowest if lowest == highest else {"min": lowest, "max": highest}


def service_link(link: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "service_id": link["service_id"],
        "master_id": link["staff_id"],
        "length": link["duration_seconds"],
        "technological_card_id": 0,
        "api_id": "",
        "is_online": True,
        "is_offline_records_allowed": True,
        "price": price_told(link, currency),
    }
