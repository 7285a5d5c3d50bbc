"""What staff ask of appointments: to write them, to change them, to list them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validate, validates, validates_schema

from gateway.wire.bookings import CustomFields
from gateway.wire.fields import (
    INVALID,
    Flag,
    Id,
    IdsOfThings,
    Inner,
    Length,
    Money,
    Percent,
    Query,
    Request,
    Several,
    Text,
    Whole,
    WishedDay,
    WishedMoment,
    WishedTime,
)
from gateway.wire.pages import PAGE_SIZE, PagedQuerySchema, page_wanted
from gateway.wire.records import ATTENDANCES
from services.common.money import minor_units

MOST_SERVICES = 50
WORDS = {number: word for word, number in ATTENDANCES.items()}
DESK_EXAMPLE: dict[str, Any] = {
    "staff_id": 3,
    "services": [{"id": 11, "first_cost": 45.5, "discount": 0, "cost": 45.5}],
    "client": {"name": "Camille Laurent", "phone": "+33612345678", "email": ""},
    "datetime": "2026-11-20T10:00:00+01:00",
    "seance_length": 3600,
    "save_if_busy": False,
    "comment": "",
}
OF_A_CLASS = (
    "client",
    "seats",
    "comment",
    "sms_reminder_hours",
    "email_reminder_hours",
    "attendance",
    "api_id",
    "custom_fields",
    "label_ids",
)
OF_THE_EVENT = ("staff_id", "services", "datetime")
CHANGE_EXAMPLE: dict[str, Any] = {"attendance": 1}


class DeskServiceSchema(Request):
    """A service; without costs of its own at the price of the catalogue."""

    id = Whole(least=1, required=True)
    first_cost = Money(
        load_default=None, allow_none=True, metadata={"description": "Before the discount"}
    )
    discount = Percent(load_default=None, allow_none=True, metadata={"description": "Per cent"})
    cost = Money(load_default=None, allow_none=True, metadata={"description": "After it"})


class DeskClientSchema(Request):
    name = Text(load_default="", allow_none=True)
    phone = Text(load_default="", allow_none=True)
    email = Text(load_default=None, allow_none=True)


class SomeClient(Inner):
    """A client; an empty object, array or text means none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DeskClientSchema, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any
    ) -> Any:
        return super()._deserialize(value, attr, data, partial, **kwargs) if value else None


class RecordColor(Text):
    """A colour, with or without its sign, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=20, metadata={"example": "f44336"}, **kwargs)
        self.validators.append(validate.Regexp(r"(#?[0-9a-fA-F]{3,8})?\Z", error=INVALID))


def some_services(**more: Any) -> Several:
    return Several(
        Inner(DeskServiceSchema), validate=validate.Length(max=MOST_SERVICES, error=INVALID), **more
    )


def marked(about: str = "-1 no-show, 0 waiting, 1 came, 2 confirmed") -> Whole:
    return Whole(
        least=-1, most=2, load_default=None, allow_none=True, metadata={"description": about}
    )


class ChangeDeskRecordSchema(Request):
    """What is to change; what is left out or null stays as it is."""

    staff_id = Whole(least=0, load_default=None, allow_none=True)
    services = some_services(load_default=None, allow_none=True)
    client = SomeClient(load_default=None, allow_none=True)
    datetime = WishedTime(
        load_default=None, allow_none=True, metadata={"example": "2026-11-20T10:00:00+01:00"}
    )
    seance_length = Length(
        metadata={"description": "Seconds, 300 at least; 0 or none: as long as the services take"}
    )
    technical_break_duration = Whole(
        least=0,
        most=3_600,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Seconds behind the visit that nobody else gets; five minutes or"
            " several; left out: as long as the services need",
            "multipleOf": 300,
        },
    )
    save_if_busy = Flag(
        load_default=None,
        allow_none=True,
        metadata={"description": "Write it down even if the time is taken or outside hours"},
    )
    comment = Text(load_default=None, allow_none=True, most=2000, lines=True)
    custom_color = RecordColor(load_default=None, allow_none=True)
    sms_remain_hours = Whole(least=0, most=720, load_default=None, allow_none=True)
    email_remain_hours = Whole(least=0, most=720, load_default=None, allow_none=True)
    attendance = marked()
    visit_attendance = marked("Where attendance is left out")
    confirmed = Flag(load_default=None, allow_none=True)
    clients_count = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"description": "Seats, of a record of a group event"},
    )
    api_id = Text(load_default=None, allow_none=True)
    custom_fields = CustomFields(load_default=None, allow_none=True)
    record_labels = IdsOfThings(
        load_default=None, allow_none=True, metadata={"description": "Ids of labels"}
    )

    @validates("technical_break_duration")
    def refuse_odd_minutes(self, value: int | None, data_key: str) -> None:
        if (value or 0) % 300:
            raise ValidationError(INVALID)


class NewDeskRecordSchema(ChangeDeskRecordSchema):
    """An appointment as staff write it down; with ``activity_id`` one of a group event."""

    activity_id = Id(
        load_default=0,
        allow_none=True,
        metadata={"description": "Then staff, services and time are those of the event"},
    )
    staff_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"description": "Required without activity_id, as services and datetime are"},
    )
    client = SomeClient(
        required=True,
        allow_none=True,
        metadata={"description": "Null, or an empty object: nobody in particular"},
    )

    @validates_schema(skip_on_field_errors=False)
    def refuse_half_a_visit(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("activity_id"):
            return
        missing = [name for name in OF_THE_EVENT if data.get(name, name) is None]
        if missing:
            raise ValidationError({name: ["field_missing"] for name in missing})


class DeskRecordsQuerySchema(PagedQuerySchema):
    staff_id = Id(load_default=0)
    client_id = Id(load_default=0)
    created_user_id = Id(load_default=0)
    start_date = WishedDay(load_default=None, metadata={"description": "First day of visits"})
    end_date = WishedDay(load_default=None, metadata={"description": "Last day of visits"})
    c_start_date = WishedMoment(load_default=None, metadata={"description": "Created since"})
    c_end_date = WishedMoment(load_default=None, metadata={"description": "Created until"})
    changed_after = WishedMoment(load_default=None)
    changed_before = WishedMoment(load_default=None)
    with_deleted = Flag(load_default=False, metadata={"description": "Cancelled ones, too"})


class PartnerRecordsQuerySchema(Query):
    page = Whole(load_default=1, metadata={"description": "From 1"})
    editable_length = Whole(load_default=PAGE_SIZE, metadata={"description": "How many on a page"})


def partner_records_wanted(query: Mapping[str, Any]) -> dict[str, int]:
    return page_wanted({"page": query["page"], "count": query["editable_length"]})


def desk_records_wanted(location_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``list_appointments`` for a query."""
    return {
        "location_id": location_id,
        "staff_id": query["staff_id"] or None,
        "client_id": query["client_id"] or None,
        "created_by_user_id": query["created_user_id"] or None,
        "from_day": query["start_date"],
        "to_day": query["end_date"],
        "created_from": query["c_start_date"],
        "created_to": query["c_end_date"],
        "changed_after": query["changed_after"],
        "changed_before": query["changed_before"],
        "with_cancelled": query["with_deleted"],
        **page_wanted(query),
    }


def names_money(form: Mapping[str, Any]) -> bool:
    """Whether amounts are given, which mean nothing without the location's currency."""
    return any(
        line[cost] is not None for line in form["services"] or [] for cost in ("first_cost", "cost")
    )


def new_appointment(form: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What ``create_appointment`` is to write down."""
    written = changes_wanted(form, currency)
    for name in ("confirmed", "seats"):
        written.pop(name, None)
    return {"client": None, **written}


def new_appointment_of_class(form: Mapping[str, Any]) -> dict[str, Any]:
    """What ``write_into_class`` is to write down."""
    written = changes_wanted({**form, "services": None}, "")
    told = {name: written[name] for name in OF_A_CLASS if name in written}
    return {"class_id": form["activity_id"], "client": None, **told}


def changes_wanted(form: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What ``update_appointment`` is to change: only what was given."""
    marked = form["visit_attendance"] if form["attendance"] is None else form["attendance"]
    given = {
        "staff_id": form["staff_id"] or None,
        "services": form["services"],
        "client": form["client"] and _client(form["client"]),
        "starts_at": form["datetime"],
        "duration_seconds": form["seance_length"] or None,
        "buffer_seconds": form["technical_break_duration"],
        "save_if_busy": form["save_if_busy"],
        "comment": form["comment"],
        "color": form["custom_color"],
        "sms_reminder_hours": form["sms_remain_hours"],
        "email_reminder_hours": form["email_remain_hours"],
        "attendance": None if marked is None else WORDS[marked],
        "confirmed": form["confirmed"],
        "custom_fields": form["custom_fields"],
        "label_ids": form["record_labels"],
        "seats": form["clients_count"],
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if "services" in changes:
        changes["services"] = [_line(line, currency) for line in changes["services"]]
    if form["api_id"] is not None:
        changes["api_id"] = form["api_id"] or None
    return changes


def _client(client: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": client["name"] or "",
        "phone": client["phone"] or "",
        "email": client["email"] or None,
    }


def _line(line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    def minor(name: str) -> int | None:
        return None if line[name] is None else minor_units(line[name], currency)

    return {
        "id": line["id"],
        "first_cost_minor": minor("first_cost"),
        "discount_percent": line["discount"] or 0,
        "cost_minor": minor("cost"),
    }
