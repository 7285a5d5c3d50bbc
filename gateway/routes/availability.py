"""Free time."""

from typing import Any

from flask import Response

from gateway.caching import kept
from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.routes.catalogue import WIDGET
from gateway.wire import slots as wire
from gateway.wire.slots import (
    BookDatesQuerySchema,
    BookDatesSchema,
    NearestSeancesSchema,
    NearestSlotsQuerySchema,
    ReasonSchema,
    SeanceSchema,
    SlotsQuerySchema,
)

routes = Routes("availability", __name__, url_prefix="/api/v1", description="Free time")

TIMES = "/book_times/<id:company_id>/<id(min=0):staff_id>/<string(maxlength=40):date>"


@routes.get("/book_staff_seances/<id:company_id>/<id(min=0):staff_id>")
@kept
@routes.arguments(NearestSlotsQuerySchema, location="query")
@routes.answers(NearestSeancesSchema)
def book_staff_seances(query: dict[str, Any], company_id: int, staff_id: int) -> Response:
    """Free times of the nearest day that has any"""
    nearest = rpc.call(
        "booking",
        "list_nearest_slots",
        location_id=company_id,
        staff_id=staff_id,
        service_ids=query["service_ids"],
        on=query["datetime"],
    )
    return answer(wire.nearest_seances(nearest, nearest["timezone"]))


@routes.get(f"{WIDGET}/book_dates/<id:company_id>", endpoint="widget_dates")
@routes.get("/book_dates/<id:company_id>")
@kept
@routes.arguments(BookDatesQuerySchema, location="query")
@routes.answers(BookDatesSchema)
def book_dates(query: dict[str, Any], company_id: int) -> Response:
    """Days with free time: of a month, of a period, or of the next month"""
    first, last = wire.period(query)
    days = rpc.call(
        "booking",
        "list_free_days",
        location_id=company_id,
        staff_id=query["staff_id"] or None,
        service_ids=query["service_ids"],
        from_day=first,
        to_day=last,
    )
    return answer(wire.book_dates(days))


@routes.get(f"{WIDGET}{TIMES}", endpoint="widget_times")
@routes.get(TIMES)
@kept
@routes.arguments(SlotsQuerySchema, location="query")
@routes.answers(SeanceSchema, many=True)
def book_times(query: dict[str, Any], company_id: int, staff_id: int, date: str) -> Response:
    """Free times of a day; staff 0 is anybody"""
    free = rpc.call(
        "booking",
        "list_free_slots",
        location_id=company_id,
        staff_id=staff_id or None,
        service_ids=query["service_ids"],
        day=wire.day_of(date),
    )
    return answer([wire.seance(slot, free["timezone"]) for slot in free["slots"]])


@routes.get(f"{TIMES}/reasons")
@kept
@routes.arguments(SlotsQuerySchema, location="query")
@routes.answers(ReasonSchema, many=True)
def book_times_reasons(
    query: dict[str, Any], company_id: int, staff_id: int, date: str
) -> Response:
    """Why a day is empty: what stands in the way, for each person"""
    found = rpc.call(
        "booking",
        "explain_days",
        location_id=company_id,
        staff_id=staff_id or None,
        service_ids=query["service_ids"],
        day=wire.day_of(date),
    )
    return answer(found["staff"])
