"""What is asked of waitlists."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.appointments import ClientDetailsSchema
from services.booking.schemas.fields import Id, Ids, Staff
from services.booking.schemas.reading import AtLocationSchema


class JoinWaitlistSchema(AtLocationSchema):
    """What the ``client`` leaves empty is what is known of who asks."""

    service_ids = Ids(required=True)
    staff_id = Staff()
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    client = fields.Nested(ClientDetailsSchema, required=True)


class OwnEntrySchema(Schema):
    entry_id = Id(required=True)


class AcceptOfferSchema(OwnEntrySchema):
    comment = fields.Str(load_default="", validate=validate.Length(max=5000))


class EntryAtSchema(AtLocationSchema):
    entry_id = Id(required=True)


class ListWaitlistSchema(AtLocationSchema):
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=50, validate=validate.Range(min=1, max=300))
