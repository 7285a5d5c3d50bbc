"""What is asked of places, catalogue and free time."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.fields import Id, Ids, Staff, Wished


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
    mine = fields.Bool(load_default=False)
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
