"""Free time: days, times and the nearest slots."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import Id, Ids, Query, WishedDay, WishedMoment

DAYS = {
    "type": "object",
    "description": 'Days by month: {"11": [20, 21]}; of one that comes twice, the first time',
    "additionalProperties": {"type": "array", "items": {"type": "integer"}},
}


class SeanceSchema(doc.Answer):
    """A time at which a visit can start."""

    time = doc.text("Wall time of the location, HH:MM", example="10:00")
    seance_length = doc.whole("Seconds that the slot takes in the calendar")
    session_length = doc.whole("The same as seance_length")
    sum_length = doc.whole("Seconds of all chosen services together")
    datetime = doc.text("To be echoed into book_record", example="2026-11-20T10:00:00+01:00")


class NearestSeancesSchema(doc.Answer):
    """The slots of the nearest day that has any."""

    seance_date = doc.text("YYYY-MM-DD; null when nothing is free", null=True)
    seances = doc.many(SeanceSchema)
    sessions = doc.many(SeanceSchema, "The same as seances")


class BookDatesSchema(doc.Answer):
    """Days on which a visit can be booked, and days on which people work."""

    booking_days = doc.either(DAYS, doc.EMPTY_ARRAY)
    booking_dates = doc.texts("YYYY-MM-DD")
    working_days = doc.either(DAYS, doc.EMPTY_ARRAY)
    working_dates = doc.texts("YYYY-MM-DD")


class ReasonSchema(doc.Answer):
    """Why somebody has no free time on a day."""

    staff_id = doc.whole()
    reason = doc.text(
        "null: there is free time. "
        "day_off: they do not work. "
        "fully_booked: what would fit is taken. "
        "too_soon: what is left of the day is over or too near. "
        "too_far: the day cannot be booked yet. "
        "does_not_fit: no stretch of work is long enough, or the day has no starts. "
        "no_resource_free: a room or device that is needed is taken. "
        "services_not_given: not by this person. "
        "booking_paused: by nobody here at present.",
        null=True,
    )


class SlotsQuerySchema(Query):
    service_ids = Ids(metadata={"description": "Chosen services"})


class NearestSlotsQuerySchema(SlotsQuerySchema):
    datetime = WishedMoment(
        load_default=None, metadata={"description": "Not before this day or time"}
    )


class BookDatesQuerySchema(SlotsQuerySchema):
    staff_id = Id(load_default=0, metadata={"description": "0 is anybody"})
    date = WishedDay(load_default=None, metadata={"description": "Any day of the wanted month"})
    date_from = WishedDay(load_default=None)
    date_to = WishedDay(
        load_default=None, metadata={"description": "With date_from; wins over date"}
    )


def seance(slot: Mapping[str, Any], zone: str) -> dict[str, Any]:
    return {
        "time": times.clock(slot["starts_at"], zone),
        "seance_length": slot["duration_seconds"],
        "session_length": slot["duration_seconds"],
        "sum_length": slot["total_seconds"],
        "datetime": times.iso(slot["starts_at"], zone),
    }


def nearest_seances(nearest: Mapping[str, Any], zone: str) -> dict[str, Any]:
    seances = [seance(slot, zone) for slot in nearest["slots"]]
    return {"seance_date": nearest["day"], "seances": seances, "sessions": seances}


def book_dates(days: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "booking_days": _by_month(days["free_days"]),
        "booking_dates": days["free_days"],
        "working_days": _by_month(days["working_days"]),
        "working_dates": days["working_days"],
    }


def period(query: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The first and last day asked for; None leaves that end to the service."""
    if query["date_from"] and query["date_to"]:
        return query["date_from"], query["date_to"]
    if query["date"]:
        return times.month_of(query["date"])
    return query["date_from"], query["date_to"]


def day_of(path: str) -> str:
    """The day in a path, or ``day_malformed``."""
    try:
        found: str = WishedDay().deserialize(path)
    except ValidationError as error:
        raise ValidationError({"date": error.messages}) from error
    return found


def _by_month(days: list[str]) -> dict[str, list[int]] | list[Any]:
    """An empty array when there are none, as the contract has it.

    Its months have no year: next year's November is not to be read as this one's.
    """
    years: dict[str, str] = {}
    months: dict[str, list[int]] = {}
    for day in days:
        year, month, number = day.split("-")
        if years.setdefault(month, year) == year:
            months.setdefault(str(int(month)), []).append(int(number))
    return months or []
