"""The shape of booking's events."""

from marshmallow import EXCLUDE, Schema, fields


class ContactSchema(Schema):
    """The only personal data of an event."""

    name = fields.Str(required=True)
    phone = fields.Str(allow_none=True)
    email = fields.Str(allow_none=True)


class EventLocationSchema(Schema):
    id = fields.Int(required=True)
    title = fields.Str(required=True)
    address = fields.Str(required=True)
    timezone = fields.Str(required=True, metadata={"description": "IANA zone"})
    language = fields.Str(required=True)


class EventStaffSchema(Schema):
    id = fields.Int(required=True)
    name = fields.Str(required=True)


class EventServiceSchema(Schema):
    id = fields.Int(required=True)
    title = fields.Str(required=True)
    duration_seconds = fields.Int(required=True)
    price_minor = fields.Int(required=True, metadata={"description": "smallest unit of currency"})
    currency = fields.Str(required=True, metadata={"description": "ISO 4217"})


class UserMergedSchema(Schema):
    """As much of auth's event as booking needs."""

    class Meta:
        unknown = EXCLUDE

    user_id = fields.Int(required=True)
    into_user_id = fields.Int(required=True)


class ProofEventSchema(Schema):
    """A proof of a phone that has paid for a booking, and the visit that was booked with it."""

    proof_id = fields.Str(required=True)
    visit_id = fields.Int(required=True)


class AppointmentEventSchema(Schema):
    """An appointment after the change: everything a subscriber may need to know about it."""

    appointment_id = fields.Int(required=True)
    visit_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    client_id = fields.Int(
        required=True, allow_none=True, metadata={"description": "null: written down without one"}
    )
    user_id = fields.Int(
        required=True, allow_none=True, metadata={"description": "whose account the client is of"}
    )
    location = fields.Nested(EventLocationSchema, required=True)
    staff = fields.Nested(EventStaffSchema, required=True)
    services = fields.List(fields.Nested(EventServiceSchema), required=True)
    starts_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    ends_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    wall_start = fields.Str(required=True, metadata={"description": "on the location's clock"})
    attendance = fields.Str(
        required=True, metadata={"description": "waiting, confirmed, came or no_show"}
    )
    confirmed = fields.Bool(required=True, metadata={"description": "by the business"})
    is_cancelled = fields.Bool(required=True)
    is_online = fields.Bool(required=True)
    staff_requested = fields.Bool(required=True)
    sms_reminder_hours = fields.Int(required=True)
    email_reminder_hours = fields.Int(required=True)
    created_by = fields.Str(required=True, metadata={"description": "client or staff"})
    changed_by = fields.Str(required=True, metadata={"description": "client or staff"})
    locale = fields.Str(required=True)
    contact = fields.Nested(ContactSchema, required=True, allow_none=True)
