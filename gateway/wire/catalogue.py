"""Bookable services and staff."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire.fields import Flag, Id, WishedMoment, WishedTime
from gateway.wire.money import amount
from gateway.wire.pictures import GROUP, image_group, picture_url
from gateway.wire.slots import NearestSeancesSchema, SlotsQuerySchema, nearest_seances

GENDERS = {"any": 0, "male": 1, "female": 2}


class BookServiceSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    category_id = doc.whole()
    price_min = doc.number("Main units of the location's currency")
    price_max = doc.number()
    discount = doc.number("Per cent")
    comment = doc.text()
    image = doc.text("URL, or empty")
    images = doc.either(
        {"type": "array", "items": {"type": "string"}}, {"type": "null"}, about="URLs"
    )
    weight = doc.whole("Greater comes first")
    active = doc.bit()
    gender = doc.whole("0 any, 1 male, 2 female", enum=[0, 1, 2])
    sex = doc.whole("The same as gender", enum=[0, 1, 2])
    prepaid = doc.text(enum=["forbidden", "allowed", "required"])
    seance_length = doc.whole("Seconds; with staff_id: as long as that person takes", null=True)
    session_length = doc.whole("The same as seance_length", null=True)
    abonement_restriction = doc.whole("1: with a membership only", enum=[0, 1])
    prepaid_settings = doc.mapping(doc.NOT_KEPT)
    is_composite = doc.flag(doc.NOT_KEPT)
    is_chain = doc.flag(doc.NOT_KEPT)
    composite_details = doc.either({"type": "null"}, {"type": "object"}, about=doc.NOT_KEPT)


class BookCategorySchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    gender = doc.whole(enum=[0, 1, 2])
    sex = doc.whole(enum=[0, 1, 2])
    api_id = doc.text()
    weight = doc.whole()


class BookServicesSchema(doc.Answer):
    """What can be booked."""

    events = doc.either(doc.EMPTY_ARRAY, about="Legacy promotions: always empty")
    services = doc.many(BookServiceSchema)
    category = doc.many(BookCategorySchema)
    categories = doc.many(BookCategorySchema, "The same as category")


class BookStaffSchema(NearestSeancesSchema):
    """A person who can be booked, with the nearest day's free time."""

    id = doc.whole()
    name = doc.text()
    bookable = doc.flag("Has free time")
    specialization = doc.text()
    position = doc.either(doc.titled("services_binding_type"), doc.EMPTY_ARRAY)
    position_id = doc.whole("0 for none")
    show_rating = doc.bit()
    rating = doc.number()
    votes_count = doc.whole()
    comments_count = doc.whole()
    avatar = doc.text("URL, or empty")
    avatar_big = doc.text("URL, or empty")
    image_group = doc.either(GROUP, doc.EMPTY_ARRAY, about="The picture")
    weight = doc.whole("Greater comes first")
    information = doc.text("May contain HTML")
    schedule_till = doc.text("Last day with working hours; null: every week", null=True)
    api_id = doc.text()
    user_id = doc.whole(doc.NOT_KEPT)
    user = doc.either({"type": "null"}, {"type": "object"}, about=doc.NOT_KEPT)
    has_access_timetable = doc.flag(doc.NOT_KEPT)
    fired = doc.bit()
    status = doc.bit("Deleted")
    hidden = doc.bit()
    prepaid = doc.text(enum=["forbidden", "allowed", "required"])


class BookServicesQuerySchema(SlotsQuerySchema):
    staff_id = Id(load_default=0, metadata={"description": "Services of this person; 0 is anybody"})
    datetime = WishedTime(load_default=None, metadata={"description": "Free at this time"})
    without_seances = Flag(load_default=False, metadata={"description": "Has no effect here"})


class BookStaffQuerySchema(SlotsQuerySchema):
    staff_id = Id(load_default=0, metadata={"description": "Only this person; 0 is anybody"})
    datetime = WishedMoment(
        load_default=None, metadata={"description": "Free at this time, or on this day"}
    )
    without_seances = Flag(
        load_default=False, metadata={"description": "Leave out the nearest slots: faster"}
    )


def book_services(catalogue: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    currency = catalogue["currency"]
    categories = [_category(category) for category in catalogue["categories"]]
    return {
        "events": [],
        "services": [_service(service, currency, base) for service in catalogue["services"]],
        "category": categories,
        "categories": categories,
    }


def _service(service: Mapping[str, Any], currency: str, base: str) -> dict[str, Any]:
    image = picture_url(service.get("image"), service["image_url"], base)
    gender = GENDERS[service["gender"]]
    return {
        "id": service["id"],
        "title": service["title"],
        "category_id": service["category_id"] or 0,
        "price_min": amount(service["price_min_minor"], currency),
        "price_max": amount(service["price_max_minor"], currency),
        "discount": float(service["discount_percent"] or 0),
        "comment": service["comment"] or "",
        "image": image,
        "images": [image] if image else None,
        "weight": service["weight"],
        "active": int(service["is_online"]),
        "gender": gender,
        "sex": gender,
        "prepaid": service["prepayment"],
        "seance_length": service["duration_seconds"],
        "session_length": service["duration_seconds"],
        "abonement_restriction": int(service["is_membership_only"]),
        "prepaid_settings": {},
        "is_composite": False,
        "is_chain": False,
        "composite_details": None,
    }


def _category(category: Mapping[str, Any]) -> dict[str, Any]:
    gender = GENDERS[category["gender"]]
    return {
        "id": category["id"],
        "title": category["title"],
        "gender": gender,
        "sex": gender,
        "api_id": category["api_id"] or "",
        "weight": category["weight"],
    }


def book_staff(member: Mapping[str, Any], zone: str, base: str = "") -> dict[str, Any]:
    """A staff member; without nearest slots the day is null and the list empty."""
    position, person = member["position"], _person(member, base)
    return {
        **person,
        "bookable": member["is_bookable"],
        "position": {**position, "services_binding_type": 0} if position else [],
        "position_id": position["id"] if position else 0,
        "avatar_big": person["avatar"],
        "image_group": image_group(person["avatar"]),
        "weight": member["weight"],
        "information": member["information"] or "",
        **nearest_seances(member["next_slots"] or {"day": None, "slots": []}, zone),
        "schedule_till": member["schedule_until"],
        "api_id": member["api_id"] or "",
        "user_id": 0,
        "user": None,
        "has_access_timetable": False,
        "fired": int(member["is_fired"]),
        "status": 0,
        "hidden": int(member["is_hidden"]),
        "prepaid": member["prepayment"],
    }


def _person(member: Mapping[str, Any], base: str) -> dict[str, Any]:
    return {
        "id": member["id"],
        "name": member["name"],
        "specialization": member["specialization"] or "",
        "show_rating": int(member["rating_shown"]),
        "rating": float(member["rating"] or 0),
        "votes_count": member["votes_count"],
        "comments_count": member["comments_count"],
        "avatar": picture_url(member.get("avatar"), member["avatar_url"], base),
    }


def record_staff(member: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    """The staff member as part of an appointment."""
    return {**_person(member, base), "position": member["position"] or []}
