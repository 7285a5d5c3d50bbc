"""Bookings: requests to make appointments, and what became of them."""

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, pre_load, validate

from gateway.wire import documents as doc
from gateway.wire.fields import (
    INVALID,
    Code,
    Coded,
    Flag,
    Id,
    Ids,
    Inner,
    Request,
    Several,
    Text,
    Whole,
    WishedTime,
)

MOST_VISITS = 20
LONGEST_CUSTOM_FIELDS = 10_000
CHECK_EXAMPLE: dict[str, Any] = {
    "appointments": [
        {"id": 1, "services": [1], "staff_id": 0, "datetime": "2026-11-20T10:00:00+01:00"}
    ]
}
BOOKING_EXAMPLE: dict[str, Any] = {
    "phone": "+33612345678",
    "fullname": "Camille Laurent",
    "email": "camille@example.com",
    "comment": "",
    **CHECK_EXAMPLE,
}


class CustomFields(Coded, fields.Dict):
    """{code: value}, up to a size; an empty array means none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if len(json.dumps(value)) > LONGEST_CUSTOM_FIELDS:
            raise self.make_error("invalid")
        return super()._deserialize(value or {}, attr, data, **kwargs)


class AppointmentSchema(Request):
    """One visit of a request."""

    id = Whole(required=True, metadata={"description": "Your own handle; errors name it"})
    services = Ids(allow_none=True, metadata={"description": "One after the other"})
    staff_id = Id(required=True, allow_none=True, metadata={"description": "0 is anybody"})
    datetime = WishedTime(required=True, metadata={"example": "2026-11-20T10:00:00+01:00"})
    custom_fields = CustomFields(load_default=dict, allow_none=True)


class HoldToken(Text):
    """The secret of a hold."""

    def __init__(self, about: str) -> None:
        super().__init__(
            most=64, load_default=None, allow_none=True, metadata={"description": about}
        )


class BookCheckSchema(Request):
    appointments = Several(
        Inner(AppointmentSchema),
        required=True,
        validate=validate.Length(1, MOST_VISITS, error=INVALID),
    )

    hold = HoldToken("Of POST holds: its time is yours")

    @pre_load
    def take_aliases(self, data: Any, **_: Any) -> Any:
        """Some clients send the array itself."""
        return super().take_aliases({"appointments": data} if isinstance(data, list) else data)


class OnlineSchema(Request):
    """Who books online, and what they say beside what they want."""

    phone = Text(load_default="", allow_none=True, metadata={"example": "+33612345678"})
    fullname = Text(load_default="", allow_none=True, metadata={"example": "Camille Laurent"})
    email = Text(load_default=None, allow_none=True)
    code = Code(load_default="", allow_none=True, metadata={"description": "From the SMS"})
    comment = Text(load_default="", allow_none=True, most=2000, lines=True)
    type = Text(most=50, load_default=None, allow_none=True, metadata={"description": "Source"})
    notify_by_sms = Whole(
        load_default=0, allow_none=True, least=0, most=720, metadata={"description": "Hours"}
    )
    notify_by_email = Whole(
        load_default=0, allow_none=True, least=0, most=720, metadata={"description": "Hours"}
    )
    api_id = Text(load_default=None, allow_none=True)
    bookform_id = Id(load_default=None, allow_none=True)
    is_mobile = Flag(data_key="isMobile", load_default=False, allow_none=True)
    referrer = Text(load_default=None, allow_none=True, most=2000)


class BookRecordSchema(OnlineSchema):
    """A booking of one or several visits: all of them or none."""

    appointments = Several(
        Inner(AppointmentSchema),
        required=True,
        validate=validate.Length(1, MOST_VISITS, error=INVALID),
    )
    hold = HoldToken("Of POST holds: its time becomes the booking's")


class BookedRecordSchema(doc.Answer):
    """What became of one visit of the request."""

    id = doc.whole("The handle that the request gave it", example=1)
    record_id = doc.whole(example=17)
    record_hash = doc.text("Opens the record without signing in: keep it secret")


def wanted_appointments(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The visits of a request, in our words."""
    return [
        {
            "handle": visit["id"],
            "service_ids": visit["services"] or [],
            "staff_id": visit["staff_id"] or 0,
            "starts_at": visit["datetime"],
            "custom_fields": visit["custom_fields"] or {},
        }
        for visit in form["appointments"]
    ]


def booking_request(
    location_id: int, form: Mapping[str, Any], proof: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The request of ``book_appointments``; ``proof`` says that the phone is the client's."""
    return {
        **online_facts(location_id, form, proof),
        "appointments": wanted_appointments(form),
        "hold": form["hold"] or None,
    }


def online_facts(
    location_id: int, form: Mapping[str, Any], proof: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What every request says with which somebody books online."""
    return {
        "location_id": location_id,
        "client": {
            "name": form["fullname"] or "",
            "phone": form["phone"] or "",
            "email": form["email"] or None,
        },
        "proof": proof and {"phone": proof["phone"], "proof_id": proof["proof_id"]},
        "comment": form["comment"] or "",
        "source": form["type"],
        "sms_reminder_hours": form["notify_by_sms"] or 0,
        "email_reminder_hours": form["notify_by_email"] or 0,
        "api_id": form["api_id"],
        "form_id": form["bookform_id"] or None,
        "is_mobile": bool(form["is_mobile"]),
        "referrer": form["referrer"],
    }


def booked_record(booked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": booked["handle"],
        "record_id": booked["appointment_id"],
        "record_hash": booked["hash"],
    }
