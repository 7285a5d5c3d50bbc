"""The shapes notify reads: requests, and its own tolerant copy of other services' events."""

from datetime import UTC
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

LARGEST_ID = 2**63 - 1


class Id(fields.Int):
    """The id of something: whole, and no larger than a database keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=1, max=LARGEST_ID), **kwargs)


class NothingSchema(Schema):
    """For what is asked without saying more."""


class ListSentMessagesSchema(Schema):
    to = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=255))
    limit = fields.Int(load_default=100, validate=validate.Range(min=1, max=1000))


class OwnMessagesSchema(Schema):
    """Whose list it is about: the clients as which booking knows the person who asks."""

    client_ids = fields.List(Id(), required=True, validate=validate.Length(max=1000))


class ListInboxSchema(OwnMessagesSchema):
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=50, validate=validate.Range(min=1, max=200))
    category = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=30))


class OneMessageSchema(OwnMessagesSchema):
    message_id = Id(required=True)


class Tolerant(Schema):
    """Takes what it needs and passes over the rest, so that publishers may add fields."""

    class Meta:
        unknown = EXCLUDE


class ContactSchema(Tolerant):
    name = fields.Str(load_default="")
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


class TimeSchema(Tolerant):
    """A time of a client's, as far as messages about it go."""

    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True, allow_none=True)
    user_id = fields.Int(load_default=None, allow_none=True)
    location = fields.Nested(LocationSchema, required=True)
    staff = fields.Nested(StaffSchema, required=True)
    services = fields.List(fields.Nested(ServiceSchema), required=True)
    starts_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    wall_start = fields.NaiveDateTime(required=True)
    locale = fields.Str(load_default="")
    contact = fields.Nested(ContactSchema, required=True, allow_none=True)


class AppointmentSchema(TimeSchema):
    """An appointment. The staff may make one without a client."""

    appointment_id = fields.Int(required=True)
    created_by = fields.Str(load_default="client")
    is_silent = fields.Bool(load_default=False)


class OfferSchema(TimeSchema):
    """A time that is kept for somebody who waits; no appointment yet."""

    expires_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    wall_expires = fields.NaiveDateTime(required=True)


class CodeRequestSchema(Tolerant):
    """That somebody wants a code sent. The code itself is not in it."""

    medium = fields.Str(load_default="sms")
    expires_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    locale = fields.Str(load_default="")
    contact = fields.Nested(ContactSchema, required=True)


class UserSchema(Tolerant):
    """What somebody has chosen for their account."""

    user_id = fields.Int(required=True)
    notifications_enabled = fields.Bool(required=True)


class UserMergedSchema(Tolerant):
    user_id = fields.Int(required=True)
    into_user_id = fields.Int(required=True)


_APPOINTMENT, _OFFER, _CODE_REQUEST = AppointmentSchema(), OfferSchema(), CodeRequestSchema()


def load_appointment(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = _APPOINTMENT.load(data)
    return loaded


def load_offer(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = _OFFER.load(data)
    return loaded


def load_user(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = UserSchema().load(data)
    return loaded


def load_merge(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = UserMergedSchema().load(data)
    return loaded


def load_code_request(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = _CODE_REQUEST.load(data)
    return loaded
