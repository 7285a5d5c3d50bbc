"""What clients ask of their cabinet beside booking: places, calendars, another time of the same."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.reading import AtLocationSchema


class PagedSchema(Schema):
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=50, validate=validate.Range(min=1, max=300))


class FavouriteSchema(AtLocationSchema):
    """The location that is kept, or no longer."""


class NothingSchema(Schema):
    """Whoever asks is all there is to know."""


class GetCalendarSchema(Schema):
    token = fields.Str(required=True, validate=validate.Length(min=1, max=64))
