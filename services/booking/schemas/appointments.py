"""What clients ask to be done with appointments."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.fields import HoldToken, Id, Ids, Staff, Wished
from services.booking.schemas.reading import AtLocationSchema


class ClientDetailsSchema(Schema):
    """Who comes, as they typed it; booking brings the phone into its one form itself."""

    name = fields.Str(load_default="", validate=validate.Length(max=255))
    phone = fields.Str(load_default="", validate=validate.Length(max=40))
    email = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=255))


class ProofSchema(Schema):
    """That the phone was proven by a code, as auth has told the gateway."""

    phone = fields.Str(required=True, validate=validate.Length(max=20))
    proof_id = fields.Str(required=True, validate=validate.Length(min=1, max=64))


class WishSchema(Schema):
    """One wished appointment; ``handle`` is the caller's own id of it, staff 0 is anybody."""

    handle = fields.Int(required=True)
    service_ids = Ids(required=True)
    staff_id = Staff()
    starts_at = Wished(required=True)
    custom_fields = fields.Dict(keys=fields.Str(), load_default=dict)


class WishesSchema(AtLocationSchema):
    appointments = fields.List(
        fields.Nested(WishSchema), required=True, validate=validate.Length(min=1, max=20)
    )


class HoldTimeSchema(WishesSchema):
    """``replaces`` is the token of the hold that this one is instead of."""

    replaces = HoldToken()
    address = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=100))


class ReleaseHoldSchema(AtLocationSchema):
    token = fields.Str(required=True, validate=validate.Length(min=1, max=64))


class CheckAppointmentsSchema(WishesSchema):
    """``hold`` is the token of a hold, whose time is theirs."""

    hold = HoldToken()


class OnlineFactsSchema(AtLocationSchema):
    """What who books online says beside who comes, when and what for."""

    proof = fields.Nested(ProofSchema, load_default=None, allow_none=True)
    comment = fields.Str(load_default="", validate=validate.Length(max=5000))
    sms_reminder_hours = fields.Int(load_default=0, validate=validate.Range(min=0, max=720))
    email_reminder_hours = fields.Int(load_default=0, validate=validate.Range(min=0, max=720))
    api_id = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=255))
    form_id = Id(load_default=None, allow_none=True)
    source = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=50))
    is_mobile = fields.Bool(load_default=False)
    referrer = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=2000))


class BookAppointmentsSchema(CheckAppointmentsSchema, OnlineFactsSchema):
    """Appointments for one client, all or none."""

    client = fields.Nested(ClientDetailsSchema, required=True)


class OwnAppointmentSchema(Schema):
    """An appointment of one's own: known by its hash, or by being signed in."""

    appointment_id = Id(required=True)
    hash = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=64))


class GetAppointmentSchema(OwnAppointmentSchema):
    location_id = Id(load_default=None, allow_none=True)


class CancelAppointmentSchema(OwnAppointmentSchema):
    """``version``, where given, must be the newest."""

    version = fields.Int(load_default=None, allow_none=True)


class MoveAppointmentSchema(CancelAppointmentSchema):
    """What is not given stays as it is."""

    location_id = Id(load_default=None, allow_none=True)
    starts_at = Wished(load_default=None, allow_none=True)
    staff_id = Staff()
    comment = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=5000))


class GetAppointmentOwnerSchema(Schema):
    appointment_id = Id(required=True)
    hash = fields.Str(required=True, validate=validate.Length(min=1, max=64))


class OwnClientsSchema(Schema):
    business_id = Id(load_default=None, allow_none=True)


class ListOwnAppointmentsSchema(OwnClientsSchema):
    """One's own appointments: of one business or location, or everywhere."""

    location_id = Id(load_default=None, allow_none=True)
    kind = fields.Str(
        load_default="all",
        validate=validate.OneOf(["all", "upcoming", "past", "cancelled"]),
    )
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=50, validate=validate.Range(min=1, max=300))
