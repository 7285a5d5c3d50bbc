"""Searches of newer booking widgets: JSON:API in small, whatever the body version."""

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import ValidationError, validate

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import (
    INVALID,
    MOST_IDS,
    Id,
    Inner,
    Request,
    Several,
    Text,
    Whole,
    WishedDay,
    WishedMoment,
)
from gateway.wire.items import items
from gateway.wire.money import amount

MOST_RECORDS = 20
EXAMPLE: dict[str, Any] = {
    "context": {"location_id": 1},
    "filter": {
        "date": "2026-11-20",
        "records": [{"staff_id": 3, "attendance_service_items": [{"type": "service", "id": 11}]}],
    },
}


class ContextSchema(Request):
    location_id = Whole(least=1, required=True)


class ServiceItemSchema(Request):
    type = Text(load_default="service", metadata={"description": "service"})
    id = Whole(least=1, required=True)


class SearchedRecordSchema(Request):
    staff_id = Id(load_default=0, allow_none=True, metadata={"description": "null: anybody"})
    attendance_service_items = Several(Inner(ServiceItemSchema), load_default=list, allow_none=True)


class FilterSchema(Request):
    """What is chosen already. Services of several records count as one visit."""

    datetime = WishedMoment(load_default=None, allow_none=True)
    date = WishedDay(load_default=None, allow_none=True)
    date_from = WishedDay(load_default=None, allow_none=True)
    date_to = WishedDay(load_default=None, allow_none=True)
    records = Several(
        Inner(SearchedRecordSchema),
        load_default=list,
        allow_none=True,
        validate=validate.Length(max=MOST_RECORDS, error=INVALID),
    )


class SearchSchema(Request):
    context = Inner(ContextSchema, required=True)
    filter = Inner(FilterSchema, load_default=lambda: FilterSchema().load({}))


class FoundServiceSchema(doc.Answer):
    is_bookable = doc.flag()
    bookable_status = doc.text(enum=["bookable", "unbookable"])
    duration = doc.whole("Seconds")
    price_min = doc.number()
    price_max = doc.number()


class FoundPersonSchema(doc.Answer):
    is_bookable = doc.flag()
    price_min = doc.either({"type": "null"}, about=doc.NOT_KEPT)
    price_max = doc.either({"type": "null"}, about=doc.NOT_KEPT)


class FoundDateSchema(doc.Answer):
    date = doc.text("YYYY-MM-DD; a day on which people work")
    is_bookable = doc.flag()


class FoundTimeslotSchema(doc.Answer):
    datetime = doc.text("To be echoed into book_record", example="2026-11-20T10:00:00+01:00")
    time = doc.text(example="10:00")
    is_bookable = doc.flag("Always true: other times are left out")


def offers_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """Where, of what and of whom: the arguments that all searches share."""
    records = form["filter"]["records"] or []
    chosen = [item["id"] for record in records for item in record["attendance_service_items"] or []]
    service_ids = list(dict.fromkeys(chosen))
    if len(service_ids) > MOST_IDS:
        raise ValidationError(INVALID, "filter.records")
    return {
        "location_id": form["context"]["location_id"],
        "staff_id": next((one["staff_id"] for one in records if one["staff_id"]), None),
        "service_ids": service_ids,
    }


def day_wanted(form: Mapping[str, Any]) -> str:
    day = form["filter"]["date"]
    if day is None:
        raise ValidationError("field_missing", "filter.date")
    return str(day)


def found_services(
    everything: Mapping[str, Any], bookable: Mapping[str, Any], chosen: Collection[int]
) -> dict[str, Any]:
    """All services, and which of them are chosen or can be added to those."""
    there = {service["id"]: service for service in bookable["services"]}
    currency = everything["currency"]

    def told(service: Mapping[str, Any]) -> dict[str, Any]:
        shown = there.get(service["id"], service)
        can_be_had = service["id"] in there or service["id"] in chosen
        return {
            "is_bookable": can_be_had,
            "bookable_status": "bookable" if can_be_had else "unbookable",
            "duration": shown["duration_seconds"],
            "price_min": amount(shown["price_min_minor"], currency),
            "price_max": amount(shown["price_max_minor"], currency),
        }

    return items(
        "booking_search_result_services",
        {str(one["id"]): told(one) for one in everything["services"]},
    )


def found_staff(people: Mapping[str, Any]) -> dict[str, Any]:
    return items(
        "booking_search_result_staff",
        {
            str(one["id"]): {
                "is_bookable": one["is_bookable"],
                "price_min": None,
                "price_max": None,
            }
            for one in people["staff"]
        },
    )


def found_dates(days: Mapping[str, Any]) -> dict[str, Any]:
    free = set(days["free_days"])
    return items(
        "booking_search_result_dates",
        {
            day: {"date": day, "is_bookable": day in free}
            for day in sorted(free.union(days["working_days"]))
        },
    )


def found_timeslots(slots: Mapping[str, Any]) -> dict[str, Any]:
    zone = slots["timezone"]
    starts = {times.iso(one["starts_at"], zone): one["starts_at"] for one in slots["slots"]}
    return items(
        "booking_search_result_timeslots",
        {
            moment: {"datetime": moment, "time": times.clock(start, zone), "is_bookable": True}
            for moment, start in starts.items()
        },
    )
