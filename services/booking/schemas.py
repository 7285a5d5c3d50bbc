"""The shapes of booking's requests and events."""

from typing import Any

from marshmallow import Schema, fields, validate

BIGGEST_ID = 2**63 - 1
MOST_SERVICES = 50


def Id(**kwargs: Any) -> fields.Integer:  # noqa: N802  (a field, in the manner of fields.Str)
    """An id: a positive 64-bit number."""
    return fields.Integer(strict=True, validate=validate.Range(min=1, max=BIGGEST_ID), **kwargs)


def Staff(**kwargs: Any) -> fields.Integer:  # noqa: N802
    """The id of a staff member; 0 and None mean anybody."""
    limits = validate.Range(min=0, max=BIGGEST_ID)
    return fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=limits, **kwargs
    )


def Ids(**kwargs: Any) -> fields.List[int]:  # noqa: N802
    return fields.List(Id(), validate=validate.Length(max=MOST_SERVICES), **kwargs)


def Wished(**kwargs: Any) -> fields.String:  # noqa: N802
    """A wished day or time: ISO 8601, with an offset or on the location's clock."""
    return fields.String(validate=validate.Length(max=40), **kwargs)


class GetBookingFormSchema(Schema):
    form_id = Id(required=True)


class NearSchema(Schema):
    latitude = fields.Float(required=True, validate=validate.Range(min=-90, max=90))
    longitude = fields.Float(required=True, validate=validate.Range(min=-180, max=180))
    max_km = fields.Float(load_default=None, allow_none=True)


class ListLocationsSchema(Schema):
    location_ids = Ids(load_default=None, allow_none=True)
    business_id = Id(load_default=None, allow_none=True)
    city_id = Id(load_default=None, allow_none=True)
    title = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=255))
    near = fields.Nested(NearSchema, load_default=None, allow_none=True)
    form_id = Id(load_default=None, allow_none=True)
    active = fields.Bool(load_default=None, allow_none=True)
    with_next_slot = fields.Bool(load_default=False)
    with_forms = fields.Bool(load_default=False)
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=50, validate=validate.Range(min=1, max=300))


class AtLocationSchema(Schema):
    location_id = Id(required=True)


class GetLocationSchema(AtLocationSchema):
    with_next_slot = fields.Bool(load_default=False)
    with_forms = fields.Bool(load_default=False)


class OffersSchema(AtLocationSchema):
    """What is asked for at a location: by whom, which services."""

    staff_id = Staff()
    service_ids = Ids(load_default=list)


class ListBookableServicesSchema(OffersSchema):
    starts_at = Wished(load_default=None, allow_none=True)


class ListBookableStaffSchema(OffersSchema):
    starts_at = Wished(load_default=None, allow_none=True)
    with_slots = fields.Bool(load_default=True)


class ListNearestSlotsSchema(OffersSchema):
    on = Wished(load_default=None, allow_none=True)


class ListFreeDaysSchema(OffersSchema):
    from_day = fields.Date(load_default=None, allow_none=True)
    to_day = fields.Date(load_default=None, allow_none=True)


class ListFreeSlotsSchema(OffersSchema):
    day = fields.Date(required=True)


class GetAppointmentSchema(Schema):
    appointment_id = Id(required=True)
    hash = fields.Str(required=True, validate=validate.Length(max=64))
    location_id = Id(load_default=None, allow_none=True)


class ClientDetailsSchema(Schema):
    """Who comes, as they typed it; booking brings the phone into its one form itself."""

    name = fields.Str(load_default="", validate=validate.Length(max=255))
    phone = fields.Str(load_default="", validate=validate.Length(max=40))
    email = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=255))


class WishSchema(Schema):
    """One wished appointment; ``handle`` is the caller's own id of it, staff 0 is anybody."""

    handle = fields.Int(required=True)
    service_ids = Ids(required=True)
    staff_id = Staff()
    starts_at = Wished(required=True)
    custom_fields = fields.Dict(keys=fields.Str(), load_default=dict)


class CheckAppointmentsSchema(AtLocationSchema):
    appointments = fields.List(
        fields.Nested(WishSchema), required=True, validate=validate.Length(min=1, max=20)
    )


class BookAppointmentsSchema(CheckAppointmentsSchema):
    """Appointments for one client, all or none."""

    client = fields.Nested(ClientDetailsSchema, required=True)
    comment = fields.Str(load_default="", validate=validate.Length(max=5000))
    sms_reminder_hours = fields.Int(load_default=0, validate=validate.Range(min=0, max=720))
    email_reminder_hours = fields.Int(load_default=0, validate=validate.Range(min=0, max=720))
    api_id = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=255))
    form_id = Id(load_default=None, allow_none=True)
    source = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=50))
    is_mobile = fields.Bool(load_default=False)
    referrer = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=2000))


class CancelAppointmentSchema(Schema):
    appointment_id = Id(required=True)
    hash = fields.Str(required=True, validate=validate.Length(max=64))


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


class AppointmentEventSchema(Schema):
    """An appointment after the change: everything a subscriber may need to know about it."""

    appointment_id = fields.Int(required=True)
    visit_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True)
    location = fields.Nested(EventLocationSchema, required=True)
    staff = fields.Nested(EventStaffSchema, required=True)
    services = fields.List(fields.Nested(EventServiceSchema), required=True)
    starts_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    ends_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    wall_start = fields.Str(required=True, metadata={"description": "on the location's clock"})
    attendance = fields.Str(required=True)
    is_cancelled = fields.Bool(required=True)
    is_online = fields.Bool(required=True)
    staff_requested = fields.Bool(required=True)
    sms_reminder_hours = fields.Int(required=True)
    email_reminder_hours = fields.Int(required=True)
    locale = fields.Str(required=True)
    contact = fields.Nested(ContactSchema, required=True)
