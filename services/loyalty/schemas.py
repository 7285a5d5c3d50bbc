"""The shapes of loyalty's requests and events, and its own tolerant copy of booking's."""

from datetime import UTC
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

BIGGEST_ID = 2**63 - 1
MOST_CLIENTS = 1000


def Id(**kwargs: Any) -> fields.Integer:  # noqa: N802  (a field, in the manner of fields.Str)
    """An id: a positive 64-bit number."""
    return fields.Integer(strict=True, validate=validate.Range(min=1, max=BIGGEST_ID), **kwargs)


class ListCardsSchema(Schema):
    """Whose cards; with ``business_id`` only those of one business."""

    client_ids = fields.List(Id(), required=True, validate=validate.Length(max=MOST_CLIENTS))
    business_id = Id(load_default=None, allow_none=True)


class EventCardTypeSchema(Schema):
    id = fields.Int(required=True)
    title = fields.Str(required=True)


class EventTransferSchema(Schema):
    id = fields.Int(required=True)
    amount_minor = fields.Int(
        required=True, metadata={"description": "below zero: it has left the card"}
    )
    reason = fields.Str(required=True)
    subject = fields.Str(required=True)


class CardEventSchema(Schema):
    """A loyalty card after the change."""

    card_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True)
    card_type = fields.Nested(EventCardTypeSchema, required=True)
    currency = fields.Str(required=True, metadata={"description": "ISO 4217"})
    balance_minor = fields.Int(required=True, metadata={"description": "smallest unit of currency"})
    last_transfer = fields.Nested(EventTransferSchema, required=True, allow_none=True)


class Tolerant(Schema):
    """Takes what it needs and passes over the rest, so that publishers may add fields."""

    class Meta:
        unknown = EXCLUDE


class LocationSchema(Tolerant):
    id = fields.Int(required=True)


class ServiceSchema(Tolerant):
    price_minor = fields.Int(required=True)
    amount = fields.Int(load_default=1)
    currency = fields.Str(required=True, validate=validate.Length(equal=3))


class AppointmentSchema(Tolerant):
    """An appointment, as far as loyalty cares. The staff may make one without a client."""

    appointment_id = fields.Int(required=True)
    visit_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True, allow_none=True)
    location = fields.Nested(LocationSchema, required=True)
    services = fields.List(fields.Nested(ServiceSchema), required=True)
    starts_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    attendance = fields.Str(required=True)
    is_cancelled = fields.Bool(required=True)


_APPOINTMENT = AppointmentSchema()


def load_appointment(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = _APPOINTMENT.load(data)
    return loaded
