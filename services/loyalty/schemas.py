"""The shapes loyalty reads: its own, tolerant copy of other services' events."""

from datetime import UTC
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate


class Tolerant(Schema):
    """Takes what it needs and passes over the rest, so that publishers may add fields."""

    class Meta:
        unknown = EXCLUDE


class LocationSchema(Tolerant):
    id = fields.Int(required=True)


class ServiceSchema(Tolerant):
    price_minor = fields.Int(required=True)
    currency = fields.Str(required=True)


class AppointmentSchema(Tolerant):
    """An appointment, as far as loyalty cares."""

    appointment_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True)
    location = fields.Nested(LocationSchema, required=True)
    services = fields.List(
        fields.Nested(ServiceSchema), required=True, validate=validate.Length(min=1)
    )
    starts_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    attendance = fields.Str(required=True)
    is_cancelled = fields.Bool(required=True)


def load_appointment(data: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = AppointmentSchema().load(data)
    return loaded
