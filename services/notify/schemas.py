"""The shapes notify reads: requests, and its own tolerant copy of other services' events."""

from datetime import UTC
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate


class ListSentMessagesSchema(Schema):
    to = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=255))
    limit = fields.Int(load_default=100, validate=validate.Range(min=1, max=1000))


class Tolerant(Schema):
    """Takes what it needs and passes over the rest, so that publishers may add fields."""

    class Meta:
        unknown = EXCLUDE


class ContactSchema(Tolerant):
    name = fields.Str(required=True)
    phone = fields.Str(load_default=None, allow_none=True)
    email = fields.Str(load_default=None, allow_none=True)


class LocationSchema(Tolerant):
    title = fields.Str(required=True)
    address = fields.Str(load_default="")
    language = fields.Str(load_default="en")


class StaffSchema(Tolerant):
    name = fields.Str(required=True)


class ServiceSchema(Tolerant):
    title = fields.Str(required=True)


class AppointmentSchema(Tolerant):
    """An appointment, as far as messages about it go."""

    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True)
    location = fields.Nested(LocationSchema, required=True)
    staff = fields.Nested(StaffSchema, required=True)
    services = fields.List(fields.Nested(ServiceSchema), required=True)
    starts_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    wall_start = fields.NaiveDateTime(required=True)
    is_cancelled = fields.Bool(required=True)
    locale = fields.Str(load_default="")
    contact = fields.Nested(ContactSchema, required=True)


def load_appointment(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = AppointmentSchema().load(data)
    return loaded
