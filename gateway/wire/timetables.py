"""Grids of days, and timetables: what the contract calls timeslots and seances."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import Choice, Flag, Id, Inner, Query, Request, Several, Whole, WishedDay

MINUTE = 60
DAY = 86_400
BASES = {"schedule": "shift", "predefined": "clock", "timeslots": "list"}
OUR_BASES = {ours: theirs for theirs, ours in BASES.items()}
EXAMPLE: dict[str, Any] = {
    "is_enabled": True,
    "weekdays_settings": [
        {
            "weekday": 1,
            "timeslots": [],
            "setting": {
                "grid_base_type": "predefined",
                "grid_first_timeslot": 36_000,
                "grid_last_timeslot": 64_800,
                "grid_display_step": 1_800,
                "grid_nearest_timeslot_delay": 3_600,
                "is_grid_flexible": False,
            },
        }
    ],
    "dates_settings": [
        {"date": "2026-12-24", "timeslots": [], "setting": {"grid_base_type": "timeslots"}}
    ],
}


class GridSettingSchema(doc.Answer):
    """How starts are found; times are seconds from midnight, past 86400 in the night after."""

    grid_base_type = doc.text(
        "predefined: counted from the first start; schedule: from the start of the shift;"
        " timeslots: just those listed",
        enum=list(BASES),
    )
    grid_first_timeslot = doc.whole("No start is earlier", null=True)
    grid_last_timeslot = doc.whole("No start is later", null=True)
    grid_display_step = doc.whole("Seconds from one start to the next")
    grid_nearest_timeslot_delay = doc.whole("Seconds that lie at least before a start")
    is_grid_flexible = doc.flag("Counted anew from where a visit ends")


class DaySettingSchema(doc.Answer):
    timeslots = fields.List(
        fields.Integer(),
        required=True,
        metadata={
            "description": "The starts of base «timeslots»; if that has none, the day is closed"
        },
    )
    setting = doc.one(GridSettingSchema)


class WeekdaySettingSchema(DaySettingSchema):
    weekday = doc.whole("1 is Monday, 7 Sunday")


class DateSettingSchema(DaySettingSchema):
    date = doc.text("YYYY-MM-DD")


class TimeslotsSchema(doc.Answer):
    """Grids by weekday and date. Other days have the location's usual grid."""

    is_enabled = doc.flag("Whether they count")
    weekdays_settings = doc.many(WeekdaySettingSchema)
    dates_settings = doc.many(DateSettingSchema)


class TimetableSeanceSchema(doc.Answer):
    """A step of somebody's day."""

    time = doc.text("Wall time of the location, HH:MM", example="10:00")
    is_free = doc.flag()


class TimetableQuerySchema(Query):
    staff_id = Id(load_default=0, metadata={"description": "0 is anybody"})


class SetGridSchema(Request):
    grid_base_type = Choice(
        *BASES,
        load_default=None,
        allow_none=True,
        metadata={"description": "Left out: timeslots where those are told, else schedule"},
    )
    grid_first_timeslot = Whole(least=0, most=2 * DAY, load_default=None, allow_none=True)
    grid_last_timeslot = Whole(least=0, most=2 * DAY, load_default=None, allow_none=True)
    grid_display_step = Whole(least=MINUTE, most=DAY, load_default=1_800)
    grid_nearest_timeslot_delay = Whole(least=0, most=366 * DAY, load_default=None, allow_none=True)
    is_grid_flexible = Flag(load_default=False)


class SetDaySettingSchema(Request):
    timeslots = Several(Whole(least=0, most=2 * DAY), load_default=None, allow_none=True)
    setting = Inner(SetGridSchema, load_default=lambda: SetGridSchema().load({}))

    @post_load
    def choose_base(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A date of which an empty list is all that is said is closed, as the contract has it."""
        told = data["timeslots"]
        is_list = told is not None if "date" in data else bool(told)
        if data["setting"]["grid_base_type"] is None:
            data["setting"]["grid_base_type"] = "timeslots" if is_list else "schedule"
        return data

    @validates_schema(skip_on_field_errors=True)
    def refuse_seconds(self, data: Mapping[str, Any], **_: Any) -> None:
        """Starts are whole minutes; a list of them goes with the base that takes one."""
        setting = data["setting"]
        for name in ("grid_first_timeslot", "grid_last_timeslot"):
            if (setting[name] or 0) % MINUTE:
                raise ValidationError("field_invalid", name)
        if any(start % MINUTE for start in data["timeslots"] or ()):
            raise ValidationError("field_invalid", "timeslots")
        if data["timeslots"] and setting["grid_base_type"] not in (None, "timeslots"):
            raise ValidationError("field_invalid", "timeslots")


class SetWeekdaySchema(SetDaySettingSchema):
    weekday = Whole(least=1, most=7, required=True)


class SetDateSchema(SetDaySettingSchema):
    date = WishedDay(required=True)


class SetTimeslotsSchema(Request):
    is_enabled = Flag(load_default=None, allow_none=True)
    weekdays_settings = Several(Inner(SetWeekdaySchema), load_default=None, allow_none=True)
    dates_settings = Several(Inner(SetDateSchema), load_default=None, allow_none=True)


def grids_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What a request wants set, in our words."""
    weekdays, dates = form["weekdays_settings"], form["dates_settings"]
    return {
        "is_enabled": form["is_enabled"],
        "weekdays": weekdays
        and [{"weekday": day["weekday"] - 1, **_grid_wanted(day)} for day in weekdays],
        "dates": dates and [{"day": day["date"], **_grid_wanted(day)} for day in dates],
    }


def _grid_wanted(day: Mapping[str, Any]) -> dict[str, Any]:
    setting = day["setting"]
    return {
        "base": BASES[setting["grid_base_type"]],
        "step_seconds": setting["grid_display_step"],
        "lead_seconds": setting["grid_nearest_timeslot_delay"],
        "first_minute": _minute(setting["grid_first_timeslot"]),
        "last_minute": _minute(setting["grid_last_timeslot"]),
        "start_minutes": sorted({start // MINUTE for start in day["timeslots"] or ()}),
        "is_flexible": setting["is_grid_flexible"],
    }


def timeslots(grids: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "is_enabled": grids["is_enabled"],
        "weekdays_settings": [
            {"weekday": grid["weekday"] + 1, **_day_setting(grid)} for grid in grids["weekdays"]
        ],
        "dates_settings": [{"date": grid["day"], **_day_setting(grid)} for grid in grids["dates"]],
    }


def _day_setting(grid: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "timeslots": [minute * MINUTE for minute in grid["start_minutes"]],
        "setting": {
            "grid_base_type": OUR_BASES[grid["base"]],
            "grid_first_timeslot": _seconds(grid["first_minute"]),
            "grid_last_timeslot": _seconds(grid["last_minute"]),
            "grid_display_step": grid["step_seconds"],
            "grid_nearest_timeslot_delay": grid["lead_seconds"],
            "is_grid_flexible": grid["is_flexible"],
        },
    }


def seance(step: Mapping[str, Any], zone: str) -> dict[str, Any]:
    return {"time": times.clock(step["starts_at"], zone), "is_free": step["is_free"]}


def _minute(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // MINUTE


def _seconds(minute: int | None) -> int | None:
    return None if minute is None else minute * MINUTE
