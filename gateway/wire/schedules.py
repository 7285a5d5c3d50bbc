"""Working hours of staff, day by day."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.wire import documents as doc
from gateway.wire.fields import INVALID, Coded, Flag, Inner, Messages, Request, Several, WishedDay

MOST_DAYS = 366
MOST_SLOTS = 20
MIDNIGHT = 24 * 60
LONGEST_NIGHT = 16 * 60
"""Hours that end on the next day may be so long; longer ones are rather two times mixed up."""
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
WRITTEN_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?", re.ASCII)
SCHEDULE_EXAMPLE: list[dict[str, Any]] = [
    {"date": "2026-11-20", "is_working": True, "slots": [{"from": "10:00", "to": "19:00"}]},
    {"date": "2026-11-21", "is_working": False, "slots": []},
]


class ScheduleSlotSchema(doc.Answer):
    """A stretch of work."""

    class Meta:
        include = {"from": doc.text("HH:MM", example="10:00")}

    to = doc.text("HH:MM; earlier than «from»: on the next day", example="19:00")


class ScheduleDaySchema(doc.Answer):
    date = doc.text("YYYY-MM-DD")
    is_working = doc.flag()
    slots = doc.many(ScheduleSlotSchema)


class Clock(Coded, fields.String):
    """A time of the day, as minutes from midnight."""

    default_error_messages: Messages = {"invalid": "clock_malformed"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        written = WRITTEN_CLOCK.fullmatch(super()._deserialize(value, attr, data, **kwargs))
        if written is None or (minute := int(written[1]) * 60 + int(written[2])) > MIDNIGHT:
            raise self.make_error("invalid")
        return minute


class WrittenDay(WishedDay):
    """A day, ``YYYY-MM-DD`` or ``YYYYMMDD``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and (compact := COMPACT_DAY.fullmatch(value.strip())):
            value = "-".join(compact.groups())
        return super()._deserialize(value, attr, data, **kwargs)


class SetSlotSchema(Request):
    class Meta(Request.Meta):
        include = {"from": Clock(required=True, metadata={"example": "10:00"})}

    to = Clock(
        required=True,
        metadata={
            "example": "19:00",
            "description": f"Earlier than «from»: on the next day, {LONGEST_NIGHT // 60} h at most",
        },
    )

    @validates_schema(skip_on_field_errors=True)
    def refuse_inverted(self, data: Mapping[str, Any], **_: Any) -> None:
        opens, closes = data["from"], data["to"]
        if opens == MIDNIGHT or opens == closes != 0:
            raise ValidationError("schedule_malformed", "to")
        if 0 < closes < opens and closes + MIDNIGHT - opens > LONGEST_NIGHT:
            raise ValidationError("schedule_malformed", "to")


class SetDaySchema(Request):
    """A day to be set; a request is the bare array of them."""

    date = WrittenDay(required=True, metadata={"example": "2026-11-20"})
    is_working = Flag(
        load_default=None, allow_none=True, metadata={"description": "Left out: if there are slots"}
    )
    slots = Several(
        Inner(SetSlotSchema),
        load_default=list,
        allow_none=True,
        validate=validate.Length(max=MOST_SLOTS, error=INVALID),
    )

    @validates_schema(pass_original=True)
    def refuse_silence(self, data: Mapping[str, Any], told: Any, **_: Any) -> None:
        """A day of which nothing is said is not to become a day off by that."""
        if isinstance(told, Mapping) and not {"is_working", "slots"} & told.keys():
            raise ValidationError("field_missing", "slots")


def period(start: str, end: str, *, most_days: int = MOST_DAYS) -> dict[str, str]:
    """``from_day`` and ``to_day``, so many at most; ``period_inverted`` when it is none."""
    first = _day("start_date", start)
    last = _day("end_date", end)
    if last < first:
        raise ValidationError("period_inverted", "end_date")
    longest = date.fromisoformat(first) + timedelta(days=most_days - 1)
    return {"from_day": first, "to_day": min(last, longest.isoformat())}


def _day(name: str, written: str) -> str:
    try:
        found: str = WrittenDay().deserialize(written)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
    return found


def days_wanted(form: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The days of a request, in our words."""
    if not 1 <= len(form) <= MOST_DAYS:
        raise ValidationError("field_invalid", "body")
    return [_day_wanted(day) for day in form]


def _day_wanted(day: Mapping[str, Any]) -> dict[str, Any]:
    """As it will be listed: who has no hours does not work, and who does not work has none."""
    slots = [] if day["is_working"] is False else slots_wanted(day["slots"] or [])
    return {"day": day["date"], "is_working": bool(slots), "slots": slots}


def slots_wanted(slots: Iterable[Mapping[str, int]]) -> list[dict[str, int]]:
    return [_hours(slot) for slot in slots]


def _hours(slot: Mapping[str, int]) -> dict[str, int]:
    opens, closes = slot["from"], slot["to"]
    return {
        "opens_minute": opens,
        "closes_minute": closes if closes > opens else closes + MIDNIGHT,
    }


def schedule_day(day: Mapping[str, Any]) -> dict[str, Any]:
    """A day in the contract's words."""
    return {
        "date": day["day"],
        "is_working": day["is_working"],
        "slots": [
            {"from": _clock(slot["opens_minute"]), "to": _clock(slot["closes_minute"])}
            for slot in day["slots"]
        ],
    }


def _clock(minute: int) -> str:
    """``24:00`` is the end of the day; what is later is on the next."""
    hours, minutes = divmod(minute if minute <= MIDNIGHT else minute - MIDNIGHT, 60)
    return f"{hours:02}:{minutes:02}"
