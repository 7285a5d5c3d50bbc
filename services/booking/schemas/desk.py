"""What staff ask: appointments written at the desk, and working hours."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.appointments import ClientDetailsSchema
from services.booking.schemas.fields import Id, Ids, Wished
from services.booking.schemas.reading import AtLocationSchema

DAY_SECONDS = 86_400
MOST_MINOR = 10**12
MOST_DATES = 366
ATTENDANCE = ("waiting", "confirmed", "came", "no_show")


class LineSchema(Schema):
    """A service; without costs of its own at the catalogue's price."""

    id = Id(required=True)
    first_cost_minor = fields.Int(
        load_default=None, allow_none=True, validate=validate.Range(min=0, max=MOST_MINOR)
    )
    discount_percent = fields.Int(
        load_default=None, allow_none=True, validate=validate.Range(min=0, max=100)
    )
    cost_minor = fields.Int(
        load_default=None, allow_none=True, validate=validate.Range(min=0, max=MOST_MINOR)
    )


class AppointmentAtDeskSchema(AtLocationSchema):
    """What may be said of an appointment; the keys that are absent say nothing."""

    staff_id = Id()
    services = fields.List(fields.Nested(LineSchema), validate=validate.Length(max=50))
    client = fields.Nested(ClientDetailsSchema, allow_none=True)
    starts_at = Wished()
    duration_seconds = fields.Int(
        allow_none=True, validate=validate.Range(min=300, max=DAY_SECONDS)
    )
    buffer_seconds = fields.Int(allow_none=True, validate=validate.Range(min=0, max=3600))
    save_if_busy = fields.Bool()
    comment = fields.Str(validate=validate.Length(max=5000))
    color = fields.Str(validate=validate.Length(max=20))
    attendance = fields.Str(validate=validate.OneOf(ATTENDANCE))
    api_id = fields.Str(allow_none=True, validate=validate.Length(max=255))
    custom_fields = fields.Dict(keys=fields.Str())
    label_ids = Ids()
    sms_reminder_hours = fields.Int(validate=validate.Range(min=0, max=720))
    email_reminder_hours = fields.Int(validate=validate.Range(min=0, max=720))


class CreateAppointmentSchema(AppointmentAtDeskSchema):
    staff_id = Id(required=True)
    services = fields.List(
        fields.Nested(LineSchema), required=True, validate=validate.Length(max=50)
    )
    client = fields.Nested(ClientDetailsSchema, required=True, allow_none=True)
    starts_at = Wished(required=True)


class AppointmentAtSchema(AtLocationSchema):
    appointment_id = Id(required=True)


class DeleteAppointmentSchema(AppointmentAtSchema):
    version = fields.Int(load_default=None, allow_none=True)


class UpdateAppointmentSchema(AppointmentAtDeskSchema):
    appointment_id = Id(required=True)
    seats = fields.Int(
        validate=validate.Range(min=1), metadata={"description": "of an appointment of a class"}
    )
    confirmed = fields.Bool()
    version = fields.Int(allow_none=True)


class ListAppointmentsSchema(AtLocationSchema):
    """Days are of the location; ``created_…`` and ``changed_…`` are instants or days of it."""

    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=50, validate=validate.Range(min=1, max=300))
    staff_id = Id(load_default=None, allow_none=True)
    client_id = Id(load_default=None, allow_none=True)
    created_by_user_id = Id(load_default=None, allow_none=True)
    from_day = fields.Date(load_default=None, allow_none=True)
    to_day = fields.Date(load_default=None, allow_none=True)
    created_from = Wished(load_default=None, allow_none=True)
    created_to = Wished(load_default=None, allow_none=True)
    changed_after = Wished(load_default=None, allow_none=True)
    changed_before = Wished(load_default=None, allow_none=True)
    with_cancelled = fields.Bool(load_default=False)


class ListPartnerAppointmentsSchema(Schema):
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=1_000_000))
    page_size = fields.Int(load_default=50, validate=validate.Range(min=1, max=300))


class GetScheduleSchema(AtLocationSchema):
    staff_id = Id(required=True)
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True)


class HoursSchema(Schema):
    """Minutes from midnight; more than 1440 is after the next."""

    opens_minute = fields.Int(required=True, validate=validate.Range(min=0, max=1439))
    closes_minute = fields.Int(required=True, validate=validate.Range(min=1, max=2880))


class DaySchema(Schema):
    day = fields.Date(required=True)
    is_working = fields.Bool(load_default=True)
    slots = fields.List(
        fields.Nested(HoursSchema), load_default=list, validate=validate.Length(max=20)
    )


class SetScheduleSchema(AtLocationSchema):
    staff_id = Id(required=True)
    days = fields.List(
        fields.Nested(DaySchema), required=True, validate=validate.Length(min=1, max=366)
    )


class ListSchedulesSchema(AtLocationSchema):
    staff_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=500))
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True)
    with_busy = fields.Bool(load_default=False)


class ClearedSchema(Schema):
    staff_id = Id(required=True)
    dates = fields.List(
        fields.Date(), required=True, validate=validate.Length(min=1, max=MOST_DATES)
    )


class HoursOfDatesSchema(ClearedSchema):
    slots = fields.List(
        fields.Nested(HoursSchema), load_default=list, validate=validate.Length(max=20)
    )


class SetSchedulesSchema(AtLocationSchema):
    to_set = fields.List(
        fields.Nested(HoursOfDatesSchema), required=True, validate=validate.Length(max=500)
    )
    to_clear = fields.List(
        fields.Nested(ClearedSchema), required=True, validate=validate.Length(max=500)
    )
