"""Hours of many people at once, and what of their time is taken."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import INVALID, Choice, Ids, Inner, Query, Request, Several, Whole
from gateway.wire.schedules import (
    MOST_DAYS,
    MOST_SLOTS,
    ScheduleSlotSchema,
    SetSlotSchema,
    WrittenDay,
    period,
    schedule_day,
    slots_wanted,
)

LONGEST_PERIOD = 93
MOST_PEOPLE = 200
BUSY, OFF = "busy_intervals", "off_day_type"
DAY_OFF = 1
SET_EXAMPLE: dict[str, Any] = {
    "schedules_to_set": [
        {
            "team_member_id": 3,
            "dates": ["2026-11-20", "2026-11-21"],
            "slots": [{"from": "10:00", "to": "19:00"}],
        }
    ],
    "schedules_to_delete": [{"team_member_id": 4, "dates": ["2026-11-20"]}],
}


class BusyIntervalSchema(ScheduleSlotSchema):
    """A time that is taken."""

    entity_type = doc.text("record: an appointment; other: something else")
    entity_id = doc.whole("The appointment's; 0 for something else")


class StaffDaySchema(doc.Answer):
    """Somebody's day; days off are told only with `include[]=off_day_type`."""

    staff_id = doc.whole()
    team_member_id = doc.whole("The same as staff_id")
    date = doc.text("YYYY-MM-DD")
    slots = doc.many(ScheduleSlotSchema)
    busy_intervals = fields.List(
        fields.Nested(BusyIntervalSchema), metadata={"description": "With `include[]` of it"}
    )
    off_day_type = fields.Integer(
        allow_none=True,
        metadata={"description": "With `include[]` of it. 1: a day off; null: they work"},
    )


class Words(Several):
    """Several words: an array, or words with commas between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        items = value if isinstance(value, list) else [value]
        apart = [word for item in items for word in str(item).split(",") if word]
        return super()._deserialize(apart, attr, data, **kwargs)


class StaffSchedulesQuerySchema(Query):
    start_date = WrittenDay(required=True, metadata={"example": "2026-11-20"})
    end_date = WrittenDay(
        required=True, metadata={"description": f"At most {LONGEST_PERIOD} days in all"}
    )
    staff_ids = Ids(metadata={"description": "Of these people; none: of all who work there"})
    include = Words(
        Choice(BUSY, OFF), load_default=list, metadata={"description": f"{BUSY}, {OFF}"}
    )


class ClearedDaysSchema(Request):
    """People's dates that are to be off."""

    staff_id = Whole(least=1, required=True, data_key="team_member_id")
    dates = Several(
        WrittenDay(), required=True, validate=validate.Length(1, MOST_DAYS, error=INVALID)
    )


class SetDaysSchema(ClearedDaysSchema):
    slots = Several(
        Inner(SetSlotSchema), required=True, validate=validate.Length(1, MOST_SLOTS, error=INVALID)
    )


class SetSchedulesSchema(Request):
    """All of it or nothing."""

    schedules_to_set = Several(
        Inner(SetDaysSchema),
        load_default=list,
        allow_none=True,
        validate=validate.Length(max=MOST_PEOPLE, error=INVALID),
    )
    schedules_to_delete = Several(
        Inner(ClearedDaysSchema),
        load_default=list,
        allow_none=True,
        validate=validate.Length(max=MOST_PEOPLE, error=INVALID),
    )

    @validates_schema(skip_on_field_errors=True)
    def refuse_nothing(self, data: Mapping[str, Any], **_: Any) -> None:
        if not (data["schedules_to_set"] or data["schedules_to_delete"]):
            raise ValidationError("field_missing", "schedules_to_set")


def schedules_asked(query: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``list_schedules``, without the location."""
    return {
        **period(query["start_date"], query["end_date"], most_days=LONGEST_PERIOD),
        "staff_ids": query["staff_ids"],
        "with_busy": BUSY in query["include"],
    }


def schedules_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What ``set_schedules`` is to set."""
    return {
        "to_set": [
            {**_dates(one), "slots": slots_wanted(one["slots"])}
            for one in form["schedules_to_set"] or []
        ],
        "to_clear": [_dates(one) for one in form["schedules_to_delete"] or []],
    }


def _dates(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"staff_id": one["staff_id"], "dates": one["dates"]}


def staff_days(found: Mapping[str, Any], include: list[str]) -> list[dict[str, Any]]:
    """The days of people who work then; days off, too, where it is asked what kind they are."""
    return [
        staff_day(day, include, found["timezone"])
        for day in found["days"]
        if day["is_working"] or OFF in include
    ]


def staff_day(day: Mapping[str, Any], include: list[str], zone: str) -> dict[str, Any]:
    told = schedule_day(day)
    more: dict[str, Any] = {}
    if BUSY in include:
        more[BUSY] = [_busy(one, zone) for one in day["busy"]]
    if OFF in include:
        more[OFF] = None if day["is_working"] else DAY_OFF
    return {
        "staff_id": day["staff_id"],
        "team_member_id": day["staff_id"],
        "date": told["date"],
        "slots": told["slots"],
        **more,
    }


def days_set(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What has been set, as it would be listed."""
    return [
        staff_day({"staff_id": one["staff_id"], "day": day, "is_working": True, **hours}, [], "")
        for one in form["schedules_to_set"] or []
        for hours in [{"slots": slots_wanted(one["slots"])}]
        for day in one["dates"]
    ]


def _busy(taken: Mapping[str, Any], zone: str) -> dict[str, Any]:
    appointment_id = taken["appointment_id"]
    return {
        "entity_type": "other" if appointment_id is None else "record",
        "entity_id": appointment_id or 0,
        "from": times.clock(taken["starts_at"], zone),
        "to": times.clock(taken["ends_at"], zone),
    }
