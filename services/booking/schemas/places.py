"""What administrators ask about the places of a business."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.schemas.administration import Text, Title, Version, Weight, WithFutureSchema
from services.booking.schemas.desk import DAY_SECONDS
from services.booking.schemas.fields import Id, zones
from services.booking.schemas.reading import AtLocationSchema


class LocationFactsSchema(Schema):
    """What may be said of a location; the keys that are absent say nothing."""

    title = Title()
    public_title = Text()
    short_description = Text(5000)
    description = Text(20_000)
    logo_url = Text(2000)
    photo_urls = fields.List(Text(2000), validate=validate.Length(max=50))
    phones = fields.List(Text(40), validate=validate.Length(max=10))
    email = Text()
    site = Text(2000)
    postal_code = Text(20)
    address = Text(1000)
    opening_hours_text = Text(1000)
    city_id = Id()
    city = Title()
    country_code = fields.Str(validate=validate.Regexp(r"[A-Z]{2}\Z"))
    latitude = fields.Float(allow_none=True, validate=validate.Range(min=-90, max=90))
    longitude = fields.Float(allow_none=True, validate=validate.Range(min=-180, max=180))
    timezone = fields.Str(validate=validate.Length(max=64))
    social = fields.Dict(keys=fields.Str(), values=Text(2000))
    business_type_id = fields.Int(validate=validate.Range(min=0, max=10_000))
    weight = Weight()
    promo_text = fields.Str(allow_none=True, validate=validate.Length(max=5000))
    phone_confirmation_required = fields.Bool()
    comment_required = fields.Bool()
    comment_label = fields.Str(allow_none=True, validate=validate.Length(max=255))
    email_required = fields.Bool()
    booking_notice = fields.Str(allow_none=True, validate=validate.Length(max=5000))
    move_allowed = fields.Bool()
    move_notice_seconds = fields.Int(validate=validate.Range(min=0, max=366 * DAY_SECONDS))
    cancel_allowed = fields.Bool()
    cancel_notice_seconds = fields.Int(validate=validate.Range(min=0, max=366 * DAY_SECONDS))
    sms_reminders_enabled = fields.Bool()
    default_sms_reminder_hours = fields.Int(validate=validate.Range(min=0, max=720))

    @validates_schema(skip_on_field_errors=True)
    def refuse_unknown_zones(self, data: dict[str, str], **_: object) -> None:
        if data.get("timezone", "UTC") not in zones():
            raise ValidationError("not an IANA zone", "timezone")


class CreateLocationSchema(LocationFactsSchema):
    """Without a business: the only one whose settings the viewer may change."""

    business_id = Id(load_default=None, allow_none=True)
    title = Title(required=True)
    currency = fields.Str(validate=validate.Regexp(r"[A-Z]{3}\Z"))


class UpdateLocationSchema(LocationFactsSchema, AtLocationSchema):
    version = Version()


class CloseLocationSchema(AtLocationSchema, WithFutureSchema):
    pass


class NoArgumentsSchema(Schema):
    pass
