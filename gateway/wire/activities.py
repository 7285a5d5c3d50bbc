"""Group events as clients find and book them; inside, they are classes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import fields

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.activity_titles import filter_title
from gateway.wire.bookings import OnlineSchema, online_facts
from gateway.wire.catalogue import record_staff
from gateway.wire.desk_records import LABEL, RecordLabelSchema
from gateway.wire.fields import Id, Ids, Query, Text, Whole, WishedDay
from gateway.wire.money import amount
from gateway.wire.pages import page_wanted
from gateway.wire.pictures import picture_url

PAGE_SIZE = 25
FILTERS = {
    "staff": "staff",
    "resource": "resource",
    "service": "service",
    "service_category": "category",
}
BOOKING_EXAMPLE: dict[str, Any] = {
    "fullname": "Camille Laurent",
    "phone": "+33612345678",
    "email": "camille@example.com",
    "clients_count": 2,
}


class ActivityFilterQuerySchema(Query):
    """Any of these; left out, it does not matter."""

    service_ids = Ids()
    staff_ids = Ids()
    resource_ids = Ids()


class ActivityDaysQuerySchema(ActivityFilterQuerySchema):
    from_day = WishedDay(
        data_key="from", load_default=None, metadata={"description": "First day; else from now on"}
    )
    till = WishedDay(required=True, metadata={"description": "Last day"})


class ActivitySearchQuerySchema(ActivityDaysQuerySchema):
    page = Whole(load_default=1, metadata={"description": "From 1"})
    count = Whole(load_default=PAGE_SIZE, metadata={"description": "On a page; 300 at most"})


class ActivityServicesQuerySchema(Query):
    staff_id = Id(load_default=0, metadata={"description": "Those that this person gives"})
    term = Text(load_default="", metadata={"description": "Part of the title"})


class BookActivitySchema(OnlineSchema):
    """Seats of one group event."""

    clients_count = Whole(
        least=1, load_default=1, allow_none=True, metadata={"description": "Seats"}
    )


class BookedActivitySchema(doc.Answer):
    id = doc.whole("The record", example=17)
    hash = doc.text("Opens the record without signing in: keep it secret")


class ActivityServiceSchema(doc.Answer):
    """A service that a group event can be of."""

    id = doc.whole()
    title = doc.text()
    category_id = doc.whole()
    image_url = doc.text("URL, or empty")
    is_category = doc.flag(doc.NOT_KEPT)
    salon_service_id = doc.whole("The same as id")
    comment = doc.text()
    price_min = doc.number("Main units of the location's currency")
    price_max = doc.number()
    prepaid = doc.text(enum=["forbidden", "allowed", "required"])
    abonement_restriction = doc.whole("1: with a membership only", enum=[0, 1])
    category = doc.either(doc.titled())


class ActivityStaffSchema(doc.Answer):
    id = doc.whole()
    name = doc.text()
    company_id = doc.whole()
    specialization = doc.text()
    api_id = doc.text()
    user_id = doc.whole(doc.NOT_KEPT)
    rating = doc.number()
    prepaid = doc.text(doc.NOT_KEPT)
    show_rating = doc.bit()
    comments_count = doc.whole()
    votes_count = doc.whole()
    average_score = doc.number("The same as rating")
    avatar = doc.text("URL, or empty")
    avatar_big = doc.text("The same as avatar")
    position = doc.either(doc.titled(), doc.EMPTY_ARRAY)


class ActivityInstanceSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    resource_id = doc.whole()


class ActivitySchema(doc.Answer):
    """A group event. ``capacity - records_count`` places are free."""

    id = doc.whole()
    company_id = doc.whole()
    salon_id = doc.whole("The same as company_id")
    service_id = doc.whole()
    staff_id = doc.whole()
    date = doc.text("Start", example="2026-11-20T10:00:00+01:00")
    timestamp = doc.whole("Start, in seconds since 1970")
    length = doc.whole("Seconds")
    capacity = doc.whole("Seats")
    records_count = doc.whole("Seats that are taken")
    color = doc.text()
    font_color = doc.text()
    instructions = doc.text()
    stream_link = doc.text()
    notified = doc.flag(doc.NOT_KEPT)
    comment = doc.text()
    prepaid = doc.text(enum=["forbidden", "allowed", "required"])
    labels = doc.many(RecordLabelSchema)
    resource_instances = doc.many(ActivityInstanceSchema)
    service = doc.one(ActivityServiceSchema)
    staff = doc.one(ActivityStaffSchema)
    series_id = doc.whole("Our own: the event that a series began with; 0: of none")


class ActivityRangeSchema(doc.Answer):
    min_date = doc.text("First day with a group event to come", null=True)
    max_date = doc.text("Last one", null=True)


class ActivityFilterValueSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    is_disabled = doc.flag("Nothing would be found with what is chosen already")


class ActivityFilterSchema(doc.Answer):
    code = doc.text(enum=[*FILTERS])
    title = doc.text()
    data: fields.List[Any] = doc.many(ActivityFilterValueSchema)


def filters_wanted(location_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``get_class_filters`` and ``get_class_range``."""
    names = ("service_ids", "staff_ids", "resource_ids")
    return {"location_id": location_id, **{name: query[name] for name in names}}


def days_wanted(location_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **filters_wanted(location_id, query),
        "from_day": query["from_day"],
        "to_day": query["till"],
    }


def search_wanted(location_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    return {**days_wanted(location_id, query), **page_wanted(query)}


def seats_wanted(
    location_id: int,
    activity_id: int,
    form: Mapping[str, Any],
    proof: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The request of ``book_class``."""
    return {
        **online_facts(location_id, form, proof),
        "class_id": activity_id,
        "seats": form["clients_count"] or 1,
    }


def booked_activity(booked: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": booked["appointment_id"], "hash": booked["hash"]}


def activity(found: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    location_id, starts_at = found["location_id"], found["starts_at"]
    return {
        "id": found["id"],
        "company_id": location_id,
        "salon_id": location_id,
        "service_id": found["service"]["id"],
        "staff_id": found["staff"]["id"],
        "date": times.iso(starts_at, found["timezone"]),
        "timestamp": int(datetime.fromisoformat(starts_at).timestamp()),
        "length": found["length_seconds"],
        "capacity": found["capacity"],
        "records_count": found["seats_taken"],
        "color": found["color"],
        "font_color": found["font_color"],
        "instructions": found["instructions"],
        "stream_link": found["stream_link"],
        "notified": False,
        "comment": found["comment"],
        "prepaid": found["service"]["prepayment"],
        "labels": [{name: label[name] for name in LABEL} for label in found["labels"]],
        "resource_instances": found["resource_instances"],
        "service": activity_service(found["service"], found["currency"], base),
        "staff": _staff(found["staff"], location_id, base),
        "series_id": found["series_id"] or 0,
    }


def activity_service(service: Mapping[str, Any], currency: str, base: str = "") -> dict[str, Any]:
    return {
        "id": service["id"],
        "title": service["title"],
        "category_id": service["category_id"],
        "image_url": picture_url(service.get("image"), service["image_url"], base),
        "is_category": False,
        "salon_service_id": service["id"],
        "comment": service["comment"] or "",
        "price_min": amount(service["price_min_minor"], currency),
        "price_max": amount(service["price_max_minor"], currency),
        "prepaid": service["prepayment"],
        "abonement_restriction": int(service["is_membership_only"]),
        "category": service["category"],
    }


def activity_filters(found: Mapping[str, Any], locale: str) -> list[dict[str, Any]]:
    return [
        {"code": code, "title": filter_title(ours, locale), "data": found[ours]}
        for code, ours in FILTERS.items()
    ]


def activity_range(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"min_date": found["first_day"], "max_date": found["last_day"]}


def _staff(member: Mapping[str, Any], location_id: int, base: str) -> dict[str, Any]:
    person = record_staff(member, base)
    return {
        **person,
        "company_id": location_id,
        "api_id": member["api_id"] or "",
        "user_id": 0,
        "prepaid": "forbidden",
        "average_score": person["rating"],
        "avatar_big": person["avatar"],
    }
