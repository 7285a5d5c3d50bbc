"""What is asked of grids and of the timetable."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.fields import Id, Staff
from services.booking.schemas.reading import AtLocationSchema, ListFreeSlotsSchema

MOST_MINUTES = 2_880
MOST_STARTS = 500


def Minute(**kwargs: object) -> fields.Integer:  # noqa: N802
    """A minute from midnight; past 1440 it is in the night after."""
    limits = validate.Range(min=0, max=MOST_MINUTES)
    return fields.Integer(strict=True, validate=limits, **kwargs)  # type: ignore[arg-type]


class GridSchema(Schema):
    """Where visits may start on a day: see ``domain/grids.py``."""

    base = fields.Str(required=True, validate=validate.OneOf(("shift", "clock", "list")))
    step_seconds = fields.Int(required=True, validate=validate.Range(min=60, max=86_400))
    lead_seconds = fields.Int(
        load_default=None, allow_none=True, validate=validate.Range(min=0, max=31_622_400)
    )
    first_minute = Minute(load_default=None, allow_none=True)
    last_minute = Minute(load_default=None, allow_none=True)
    start_minutes = fields.List(
        Minute(), load_default=list, validate=validate.Length(max=MOST_STARTS)
    )
    is_flexible = fields.Bool(load_default=False)


class WeekdayGridSchema(GridSchema):
    weekday = fields.Int(required=True, validate=validate.Range(min=0, max=6))


class DateGridSchema(GridSchema):
    day = fields.Date(required=True)


class SetDayGridsSchema(AtLocationSchema):
    """What is None stays as it is."""

    is_enabled = fields.Bool(load_default=None, allow_none=True)
    weekdays = fields.List(fields.Nested(WeekdayGridSchema), load_default=None, allow_none=True)
    dates = fields.List(
        fields.Nested(DateGridSchema),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=1_000),
    )


class ListWorkingDaysSchema(AtLocationSchema):
    staff_id = Staff()
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True)


class GetTimetableSchema(AtLocationSchema):
    staff_id = Id(required=True)
    day = fields.Date(required=True)


class ExplainDaysSchema(ListFreeSlotsSchema):
    """The same question as for free times."""
