"""People and positions as staff see and write them: the contract's names and nothing beside."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from gateway.wire import documents as doc
from gateway.wire.fields import Choice, Flag, Id, Query, Request, Text, Whole, WishedDay
from gateway.wire.pictures import picture_url
from gateway.wire.service_changes import MOST_WEIGHT
from gateway.wire.services import ServiceLinkSchema, service_link, starts_searched
from gateway.wire.timetables import TimeslotsSchema, timeslots

STAFF_EXAMPLE: dict[str, Any] = {
    "name": "Inès",
    "specialization": "Colourist",
    "position_id": 9,
    "is_online": True,
    "weight": 10,
}
STAFF_CHANGE_EXAMPLE: dict[str, Any] = {"is_rating_shown": False, "weight": 20}
POSITION_EXAMPLE: dict[str, Any] = {"title": "Senior stylist", "description": ""}
POSITION_OF_NONE: dict[str, Any] = {
    "services_binding_type": 0,
    "rules_required_fields": [],
    "only_chain_appointment": False,
}
NO_PERSON_OF_OURS: dict[str, Any] = {
    "prepaid": "forbidden",
    "is_chain": False,
    "is_timetable_off": False,
    "is_fullness_accounting": True,
    "google_clients": "",
    "google_link": "",
    "timetable_markup_divider_interval": 0,
    "employee": {},
    "domain": "",
}


class PositionSchema(doc.Answer):
    """What somebody is by contract."""

    id = doc.whole()
    chain_id = doc.whole(doc.NOT_KEPT)
    title = doc.text()
    description = doc.text()
    services_binding_type = doc.whole(doc.NOT_KEPT)
    rules_required_fields = doc.either({"type": "array"}, about=doc.NOT_KEPT)
    only_chain_appointment = doc.flag(doc.NOT_KEPT)


class StaffUserLinkSchema(doc.Answer):
    """The user who signs in as this person; more is told by `company/{id}/users`."""

    id = doc.whole()
    name = doc.text(doc.NOT_KEPT)
    phone = doc.text(doc.NOT_KEPT)
    email = doc.text(doc.NOT_KEPT)
    avatar = doc.text(doc.NOT_KEPT)
    is_approved = doc.flag(doc.NOT_KEPT)


class ChainOfStaffSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()


class StaffSchema(doc.Answer):
    """Somebody who works at the location."""

    id = doc.whole()
    api_id = doc.text()
    name = doc.text()
    specialization = doc.text()
    company_id = doc.whole()
    information = doc.text("May contain HTML")
    fired = doc.bit()
    is_fired = doc.flag("The same as fired")
    dismissal_date = doc.text("The last day of work, YYYY-MM-DD", null=True)
    dismissal_reason = doc.text()
    hidden = doc.bit("Not to be chosen by clients")
    is_online = doc.flag("To be chosen by clients")
    status = doc.bit("The same as fired")
    is_deleted = doc.flag("The same as fired")
    user_id = doc.whole("0: nobody signs in as this person")
    rating = doc.number()
    prepaid = doc.text(doc.NOT_KEPT)
    is_chain = doc.flag(doc.NOT_KEPT)
    weight = doc.whole("Greater comes first")
    is_rating_shown = doc.flag()
    is_online_random_choice_allowed = doc.flag("Who asks for anybody may get this person")
    seance_step = doc.whole("The same as seance_search_step")
    seance_search_step = doc.whole("Seconds from one start to the next, usually")
    seance_search_start = doc.whole("Seconds from midnight: 0")
    seance_search_finish = doc.whole("Seconds from midnight: the end of the day")
    is_timetable_off = doc.flag(doc.NOT_KEPT)
    is_fullness_accounting = doc.flag(doc.NOT_KEPT)
    google_clients = doc.text(doc.NOT_KEPT)
    google_link = doc.text(doc.NOT_KEPT)
    timetable_markup_divider_interval = doc.whole(doc.NOT_KEPT)
    avatar = doc.text("URL, or empty")
    avatar_big = doc.text("The same as avatar")
    position = doc.either(
        {"$ref": "#/components/schemas/Position"}, doc.EMPTY_ARRAY, about="An empty array for none"
    )
    user = doc.one(StaffUserLinkSchema, null=True)
    is_bookable = doc.flag("To be chosen by clients, and not gone")
    services_links = doc.many(ServiceLinkSchema)
    schedule_till = doc.text("Last day with working hours; null: every week", null=True)
    employee = doc.mapping(doc.NOT_KEPT)
    chain = doc.one(ChainOfStaffSchema)
    grid_settings = doc.one(TimeslotsSchema, "Of the location")
    domain = doc.text(doc.NOT_KEPT)


class StaffQuerySchema(Query):
    with_deleted = Flag(load_default=False, metadata={"description": "Those who have gone, too"})


class ChangeStaffSchema(Request):
    """What is to change; what is left out or null stays as it is."""

    name = Text(allow_none=True)
    specialization = Text(allow_none=True)
    information = Text(most=20_000, lines=True, allow_none=True)
    position_id = Id(allow_none=True, metadata={"description": "0 for none"})
    weight = Whole(least=-MOST_WEIGHT, most=MOST_WEIGHT, allow_none=True)
    is_online = Flag(allow_none=True, metadata={"description": "To be chosen by clients"})
    hidden = Flag(allow_none=True, metadata={"description": "Where is_online is left out"})
    is_online_random_choice_allowed = Flag(allow_none=True)
    is_rating_shown = Flag(allow_none=True)
    user_id = Id(
        allow_none=True,
        metadata={"description": "A user who works here, for who may edit users; 0 for nobody"},
    )
    api_id = Text(allow_none=True)


class NewStaffSchema(ChangeStaffSchema):
    name = Text(required=True)


class UpdateStaffSchema(ChangeStaffSchema):
    """Somebody may also be sent back as they were told, with what is to change."""

    is_fired = Flag(
        allow_none=True,
        metadata={
            "description": "True lets them go, if they have no appointments to come (else DELETE); "
            "false takes a dismissal back"
        },
    )
    fired = Flag(allow_none=True, metadata={"description": "Where is_fired is left out"})
    dismissal_date = WishedDay(allow_none=True, metadata={"description": "The last day of work"})
    dismissal_reason = Text(allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def refuse_both(self, data: Mapping[str, Any], **_: Any) -> None:
        told = {data[name] for name in ("is_fired", "fired") if data.get(name) is not None}
        if len(told) > 1:
            raise ValidationError("field_invalid", "fired")


class DismissalQuerySchema(Query):
    dismissal_date = WishedDay(
        load_default=None, metadata={"description": "The last day of work; without: at once"}
    )
    dismissal_reason = Text(load_default="")
    future_appointments = Choice(
        "refuse",
        "keep",
        "cancel",
        load_default="refuse",
        metadata={"description": "What to do about appointments after that"},
    )


class ChangePositionSchema(Request):
    title = Text(allow_none=True)
    description = Text(most=5000, lines=True, allow_none=True)


class NewPositionSchema(ChangePositionSchema):
    title = Text(required=True)


PLAIN = {
    "name": "name",
    "specialization": "specialization",
    "information": "information",
    "weight": "weight",
    "is_online": "is_online",
    "is_online_random_choice_allowed": "random_choice_allowed",
    "is_rating_shown": "rating_shown",
}


def staff_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of somebody, in our words: only what was given."""
    given = {name: value for name, value in form.items() if value is not None}
    wanted = {ours: given[theirs] for theirs, ours in PLAIN.items() if theirs in given}
    if "name" in wanted and not wanted["name"]:
        raise ValidationError("field_missing", "name")
    if "hidden" in given:
        wanted.setdefault("is_online", not given["hidden"])
    for name in ("position_id", "user_id", "api_id"):
        if name in given:
            wanted[name] = given[name] or None
    return wanted


def dismissal_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is said about going and coming back."""
    is_fired = form.get("fired") if form.get("is_fired") is None else form["is_fired"]
    return {
        "rehired": is_fired is False,
        "dismissed": is_fired is True,
        "last_day": form.get("dismissal_date"),
        "reason": form.get("dismissal_reason") or "",
    }


def position_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in form.items() if value is not None}
    if "title" in given and not given["title"]:
        raise ValidationError("field_missing", "title")
    return given


def staff_member(member: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    """Somebody who works there, in the contract's words."""
    avatar = picture_url(member["avatar"], member["avatar_url"], base)
    is_fired = member["is_fired"]
    rating = member["rating"]
    return {
        "id": member["id"],
        "api_id": member["api_id"] or "",
        "name": member["name"],
        "specialization": member["specialization"],
        "company_id": member["location_id"],
        "information": member["information"],
        "fired": int(is_fired),
        "is_fired": is_fired,
        "dismissal_date": member["last_day"],
        "dismissal_reason": member["dismissal_reason"],
        "hidden": int(not member["is_online"]),
        "is_online": member["is_online"],
        "status": int(is_fired),
        "is_deleted": is_fired,
        "user_id": member["user_id"] or 0,
        "rating": int(rating) if rating == int(rating) else rating,
        "weight": member["weight"],
        "is_rating_shown": member["rating_shown"],
        "is_online_random_choice_allowed": member["random_choice_allowed"],
        "avatar": avatar,
        "avatar_big": avatar,
        "position": position(member["position"]) if member["position"] else [],
        "user": _user(member["user_id"]),
        "schedule_till": member["schedule_until"],
        "is_bookable": member["is_online"] and not is_fired,
        "services_links": [
            service_link({**link, "staff_id": member["id"]}, member["currency"])
            for link in member["links"]
        ],
        "chain": member["business"],
        "seance_step": member["grid_step_seconds"],
        **starts_searched(member["grid_step_seconds"]),
        "grid_settings": timeslots(member["day_grids"]),
        **NO_PERSON_OF_OURS,
    }


def _user(user_id: int | None) -> dict[str, Any] | None:
    if user_id is None:
        return None
    unknown = dict.fromkeys(("name", "phone", "email", "avatar"), "")
    return {"id": user_id, **unknown, "is_approved": True}


def position(position: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": position["id"],
        "chain_id": 0,
        "title": position["title"],
        "description": position["description"],
        **POSITION_OF_NONE,
    }
