"""Where visits may start, and whose time is taken: for staff."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import documents as doc
from gateway.wire import shapes, times
from gateway.wire import timetables as wire
from gateway.wire.slots import day_of
from gateway.wire.timetables import (
    SetTimeslotsSchema,
    TimeslotsSchema,
    TimetableQuerySchema,
    TimetableSeanceSchema,
)

routes = Routes("timetables", __name__, url_prefix="/api/v1", description="Grids and timetables")


@routes.get("/company/<id:company_id>/settings/timeslots")
@routes.answers(TimeslotsSchema)
def timeslots(company_id: int) -> Response:
    """Where visits may start, on weekdays and dates that have a grid of their own"""
    return answer(wire.timeslots(rpc.call("booking", "get_day_grids", location_id=company_id)))


@routes.patch("/company/<id:company_id>/settings/timeslots")
@routes.arguments(SetTimeslotsSchema, example=wire.EXAMPLE)
@routes.answers(TimeslotsSchema)
def set_timeslots(form: dict[str, Any], company_id: int) -> Response:
    """Replace the grids of all weekdays, of all dates, or both; what is left out stays"""
    request = {"location_id": company_id, **wire.grids_wanted(form)}
    return answer(wire.timeslots(rpc.command("booking", "set_day_grids", request=request)))


@routes.get("/timetable/dates/<id:company_id>/<string(maxlength=40):date>")
@routes.arguments(TimetableQuerySchema, location="query")
@routes.answers_bare({"oneOf": [shapes.envelope(shapes.DAYS, doc.EMPTY_ARRAY), shapes.DAYS]})
def timetable_dates(query: dict[str, Any], company_id: int, date: str) -> Response:
    """Days of that month on which somebody works"""
    first, last = times.month_of(day_of(date))
    found = rpc.call(
        "booking",
        "list_working_days",
        location_id=company_id,
        staff_id=query["staff_id"],
        from_day=first,
        to_day=last,
    )
    return answer(found["days"])


@routes.get("/timetable/seances/<id:company_id>/<id:staff_id>/<string(maxlength=40):date>")
@routes.answers(TimetableSeanceSchema, many=True)
def timetable_seances(company_id: int, staff_id: int, date: str) -> Response:
    """Somebody's day, step by step, each free or taken"""
    found = rpc.call(
        "booking",
        "get_timetable",
        location_id=company_id,
        staff_id=staff_id,
        day=day_of(date),
    )
    return answer([wire.seance(one, found["timezone"]) for one in found["times"]])
