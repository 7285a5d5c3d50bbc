"""Group events as staff write and repeat them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import validate

from gateway.wire import documents as doc
from gateway.wire.activity_titles import repeat_title
from gateway.wire.fields import (
    INVALID,
    Flag,
    Ids,
    IdsOfThings,
    Length,
    Request,
    Several,
    Text,
    WebAddress,
    Whole,
    WishedDay,
    WishedTime,
)
from gateway.wire.labels import Color

MOST_SEATS = 500
MOST_COPIES = 366
REPEATS = {
    1: "daily",
    2: "working_days",
    3: "mon_wed_fri",
    4: "tue_thu",
    5: "weekly",
    6: "monthly",
    7: "yearly",
}
CONTENTS = {1: "class", 2: "appointments"}
OURS = {
    "service_id": "service_id",
    "staff_id": "staff_id",
    "date": "starts_at",
    "length": "length_seconds",
    "capacity": "capacity",
    "resource_instance_ids": "resource_instance_ids",
    "force": "save_if_busy",
    "comment": "comment",
    "instructions": "instructions",
    "stream_link": "stream_link",
    "color": "color",
    "font_color": "font_color",
    "labels": "label_ids",
}
EXAMPLE: dict[str, Any] = {
    "date": "2026-11-20T18:00:00+01:00",
    "service_id": 11,
    "staff_id": 3,
    "capacity": 9,
    "length": 3600,
    "resource_instance_ids": [51],
    "force": False,
}
REPEAT_EXAMPLE: dict[str, Any] = {
    "repeat_mode_id": 5,
    "days": [1, 4],
    "interval": 0,
    "content_type": 1,
    "date_to": "2026-12-31",
}
STRATEGY_EXAMPLE: dict[str, Any] = {
    "title": "Mondays and Thursdays",
    "repeat_mode_id": 5,
    "days": [1, 4],
    "interval": 0,
    "content_type": 1,
}


class ChangeActivitySchema(Request):
    """What is to change; what is left out or null stays as it is."""

    date = WishedTime(
        load_default=None, allow_none=True, metadata={"example": "2026-11-20T18:00:00+01:00"}
    )
    service_id = Whole(least=1, load_default=None, allow_none=True)
    staff_id = Whole(least=1, load_default=None, allow_none=True)
    capacity = Whole(
        least=1,
        most=MOST_SEATS,
        load_default=None,
        allow_none=True,
        metadata={"description": "Seats; never fewer than are taken"},
    )
    length = Length(
        metadata={
            "description": "Seconds, 300 at least; a new event is else as long as its service"
        },
    )
    resource_instance_ids = Ids(
        load_default=None,
        allow_none=True,
        metadata={"description": "Rooms and devices; a new event has else what its service needs"},
    )
    force = Flag(
        load_default=None,
        allow_none=True,
        metadata={"description": "Even if somebody is busy; only what is free is taken then"},
    )
    comment = Text(load_default=None, allow_none=True, most=2000, lines=True)
    instructions = Text(load_default=None, allow_none=True, most=5000, lines=True)
    stream_link = WebAddress(load_default=None, allow_none=True)
    color = Color(load_default=None, allow_none=True)
    font_color = Color(load_default=None, allow_none=True)
    labels = IdsOfThings(
        load_default=None, allow_none=True, metadata={"description": "Ids of labels"}
    )


class NewActivitySchema(ChangeActivitySchema):
    """A group event. Working hours need not cover it."""

    date = WishedTime(required=True, metadata={"example": "2026-11-20T18:00:00+01:00"})
    service_id = Whole(least=1, required=True)
    staff_id = Whole(least=1, required=True)
    capacity = Whole(least=1, most=MOST_SEATS, required=True, metadata={"description": "Seats"})


class StrategySchema(Request):
    """How an event is repeated."""

    repeat_mode_id = Whole(
        least=1,
        most=7,
        required=True,
        metadata={
            "description": "1 every day, 2 Monday to Friday, 3 Mon Wed Fri, 4 Tue Thu, 5 every"
            " week, 6 every month, 7 every year"
        },
    )
    days = Several(
        Whole(least=0, most=6),
        load_default=list,
        allow_none=True,
        validate=validate.Length(max=7, error=INVALID),
        metadata={"description": "With 5: days of the week, 0 is Sunday; none: that of the event"},
    )
    interval = Whole(
        least=0,
        most=365,
        load_default=0,
        allow_none=True,
        metadata={"description": "How many days, weeks, months or years are left out in between"},
    )
    content_type = Whole(
        least=1,
        most=2,
        load_default=None,
        allow_none=True,
        metadata={"description": "1 the event alone, 2 with its records"},
    )


class NamedStrategySchema(StrategySchema):
    title = Text(least=1, required=True)


class DuplicateActivitySchema(StrategySchema):
    """Listed times, or a strategy by its id, or all of one; a strategy needs an end."""

    repeat_mode_id = Whole(least=1, most=7, load_default=None, allow_none=True)
    strategy_id = Whole(least=1, load_default=None, allow_none=True)
    dates = Several(
        WishedTime(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, MOST_COPIES, error=INVALID),
    )
    date_to = WishedDay(load_default=None, allow_none=True, metadata={"description": "Last day"})
    count = Whole(
        least=1,
        most=MOST_COPIES,
        load_default=None,
        allow_none=True,
        metadata={"description": "How many more; what comes first ends it"},
    )
    force = Flag(load_default=False, allow_none=True)


class RepeatModeSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()


class DuplicationStrategySchema(doc.Answer):
    id = doc.whole()
    company_id = doc.whole()
    title = doc.text()
    repeat_mode_id = doc.whole(enum=[*REPEATS])
    repeat_mode = doc.one(RepeatModeSchema)
    days = doc.either({"type": "array", "items": {"type": "integer"}}, about="0 is Sunday")
    interval = doc.whole("Days, weeks, months or years that are left out in between")
    content_type = doc.whole("1 the event alone, 2 with its records", enum=[*CONTENTS])


def activity_changes(form: Mapping[str, Any]) -> dict[str, Any]:
    """What ``create_class`` and ``update_class`` are told: only what was given."""
    told = {ours: form[name] for name, ours in OURS.items() if form[name] is not None}
    return {name: value for name, value in told.items() if value or name != "length_seconds"}


def strategy_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "repeat": REPEATS[form["repeat_mode_id"]],
        "weekdays": sorted({(day - 1) % 7 for day in form["days"] or []}),
        "pause": form["interval"] or 0,
        "content": CONTENTS[form["content_type"] or 1],
    }


def copies_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What ``repeat_class`` is told."""
    content = form["content_type"]
    return {
        "starts": form["dates"],
        "plan_id": form["strategy_id"],
        "plan": None if form["repeat_mode_id"] is None else strategy_wanted(form),
        "last_day": form["date_to"],
        "count": form["count"],
        "content": None if content is None else CONTENTS[content],
        "save_if_busy": bool(form["force"]),
    }


def strategy_told(plan: Mapping[str, Any], locale: str) -> dict[str, Any]:
    mode = next(number for number, word in REPEATS.items() if word == plan["repeat"])
    return {
        "id": plan["id"],
        "company_id": plan["location_id"],
        "title": plan["title"],
        "repeat_mode_id": mode,
        "repeat_mode": {"id": mode, "title": repeat_title(plan["repeat"], locale)},
        "days": sorted((day + 1) % 7 for day in plan["weekdays"]),
        "interval": plan["pause"],
        "content_type": next(n for n, word in CONTENTS.items() if word == plan["content"]),
    }
