"""What is asked of classes: by clients who look for one, and by staff who keep them."""

from marshmallow import Schema, fields, validate

from services.booking.domain.series import LONGEST_SERIES, Repeat
from services.booking.models import SeriesContent
from services.booking.schemas.appointments import ClientDetailsSchema, OnlineFactsSchema
from services.booking.schemas.desk import AppointmentAtDeskSchema
from services.booking.schemas.fields import Id, Ids, Wished
from services.booking.schemas.reading import AtLocationSchema

LONGEST_SECONDS = 86_400
MOST_SEATS = 500
"""In one class: more appointments are not moved or cancelled in one transaction."""


class ClassAtSchema(AtLocationSchema):
    class_id = Id(required=True)


class ClassFilterSchema(AtLocationSchema):
    """Any of these; empty means that it does not matter."""

    service_ids = Ids(load_default=list)
    staff_ids = Ids(load_default=list)
    resource_ids = Ids(load_default=list)


class ListClassDaysSchema(ClassFilterSchema):
    from_day = fields.Date(load_default=None, allow_none=True)
    to_day = fields.Date(required=True)


class ListClassesSchema(ListClassDaysSchema):
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=25, validate=validate.Range(min=1, max=300))


class ListClassServicesSchema(AtLocationSchema):
    staff_id = Id(load_default=None, allow_none=True)
    term = fields.Str(load_default="", validate=validate.Length(max=255))


class BookClassSchema(OnlineFactsSchema):
    """Seats of one class, for one client."""

    class_id = Id(required=True)
    client = fields.Nested(ClientDetailsSchema, required=True)
    seats = fields.Int(load_default=1, validate=validate.Range(min=1, max=MOST_SEATS))


class WriteIntoClassSchema(AppointmentAtDeskSchema):
    """An appointment of a class, as staff write it down; when and what it is, the class says."""

    class Meta:
        exclude = (
            "staff_id",
            "services",
            "starts_at",
            "duration_seconds",
            "buffer_seconds",
            "save_if_busy",
        )

    class_id = Id(required=True)
    client = fields.Nested(ClientDetailsSchema, required=True, allow_none=True)
    seats = fields.Int(load_default=1, validate=validate.Range(min=1, max=MOST_SEATS))


class ClassFactsSchema(AtLocationSchema):
    """What may be said of a class; the keys that are absent say nothing."""

    service_id = Id()
    staff_id = Id()
    starts_at = Wished()
    length_seconds = fields.Int(allow_none=True, validate=validate.Range(300, LONGEST_SECONDS))
    capacity = fields.Int(validate=validate.Range(1, MOST_SEATS))
    resource_instance_ids = Ids(allow_none=True)
    save_if_busy = fields.Bool()
    comment = fields.Str(validate=validate.Length(max=5000))
    instructions = fields.Str(validate=validate.Length(max=5000))
    stream_link = fields.Str(validate=validate.Length(max=2000))
    color = fields.Str(validate=validate.Length(max=20))
    font_color = fields.Str(validate=validate.Length(max=20))
    label_ids = Ids()


class CreateClassSchema(ClassFactsSchema):
    service_id = Id(required=True)
    staff_id = Id(required=True)
    starts_at = Wished(required=True)
    capacity = fields.Int(required=True, validate=validate.Range(1, MOST_SEATS))


class UpdateClassSchema(ClassFactsSchema):
    class_id = Id(required=True)
    version = fields.Int(allow_none=True)


class SeriesSchema(Schema):
    """How a class is repeated; ``weekdays`` count from Monday, 0."""

    repeat = fields.Str(required=True, validate=validate.OneOf([one.value for one in Repeat]))
    weekdays = fields.List(
        fields.Int(validate=validate.Range(0, 6)),
        load_default=list,
        validate=validate.Length(max=7),
    )
    pause = fields.Int(load_default=0, validate=validate.Range(0, 365))
    content = fields.Str(
        load_default=SeriesContent.CLASS.value,
        validate=validate.OneOf([one.value for one in SeriesContent]),
    )


class RepeatClassSchema(ClassAtSchema):
    """Listed starts, a plan by its id, or a plan that is told; a plan needs an end."""

    starts = fields.List(
        Wished(), load_default=None, allow_none=True, validate=validate.Length(1, LONGEST_SERIES)
    )
    plan_id = Id(load_default=None, allow_none=True)
    plan = fields.Nested(SeriesSchema, load_default=None, allow_none=True)
    last_day = fields.Date(load_default=None, allow_none=True)
    count = fields.Int(
        load_default=None, allow_none=True, validate=validate.Range(1, LONGEST_SERIES)
    )
    content = fields.Str(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf([one.value for one in SeriesContent]),
    )
    save_if_busy = fields.Bool(load_default=False)


class CreatePlanSchema(AtLocationSchema, SeriesSchema):
    title = fields.Str(required=True, validate=validate.Length(1, 255))


class UpdatePlanSchema(CreatePlanSchema):
    plan_id = Id(required=True)


class PlanAtSchema(AtLocationSchema):
    plan_id = Id(required=True)
