"""What staff ask of visits and their history."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.desk import ATTENDANCE, AppointmentAtSchema, UpdateAppointmentSchema
from services.booking.schemas.fields import Id
from services.booking.schemas.reading import AtLocationSchema


class VisitSchema(Schema):
    visit_id = Id(required=True)


class VisitAtSchema(AppointmentAtSchema):
    visit_id = Id(required=True)


class MarkVisitSchema(UpdateAppointmentSchema):
    """The visit says at which location."""

    class Meta:
        exclude = ("location_id",)

    visit_id = Id(required=True)


class ListClientVisitsSchema(AtLocationSchema):
    client_id = Id(load_default=None, allow_none=True)
    phone = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=40))
    attendance = fields.Str(load_default=None, allow_none=True, validate=validate.OneOf(ATTENDANCE))
    from_day = fields.Date(load_default=None, allow_none=True)
    to_day = fields.Date(load_default=None, allow_none=True)
    page_size = fields.Int(load_default=25, validate=validate.Range(min=1, max=100))


class ListChainClientsSchema(Schema):
    business_id = Id(required=True)
    phone = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=40))
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=25, validate=validate.Range(min=1, max=200))
