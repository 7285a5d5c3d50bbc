"""Group events: what there is to book. (Booking itself is with the other bookings.)"""

from typing import Any

from flask import Response

from gateway.context import locale, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import activities as wire
from gateway.wire.activities import (
    ActivityDaysQuerySchema,
    ActivityFilterQuerySchema,
    ActivityFilterSchema,
    ActivityRangeSchema,
    ActivitySchema,
    ActivitySearchQuerySchema,
    ActivityServiceSchema,
    ActivityServicesQuerySchema,
)
from gateway.wire.shapes import COUNTED, DAYS, envelope

routes = Routes("activities", __name__, url_prefix="/api/v1", description="Group events")


@routes.get("/activity/<id:company_id>/search")
@routes.arguments(ActivitySearchQuerySchema, location="query")
@routes.answers(ActivitySchema, many=True, meta=COUNTED)
def search(query: dict[str, Any], company_id: int) -> Response:
    """Group events, the soonest first; meta.count is of all pages. Clients find what is to come"""
    found = rpc.call("booking", "list_classes", **wire.search_wanted(company_id, query))
    told = [wire.activity(one, public_base()) for one in found["items"]]
    return answer(told, meta={"count": found["total"]})


@routes.get("/activity/<id:company_id>/search_dates")
@routes.arguments(ActivityDaysQuerySchema, location="query")
@routes.answers_bare({"oneOf": [envelope(DAYS, COUNTED), DAYS]})
def search_dates(query: dict[str, Any], company_id: int) -> Response:
    """The days on which there are any"""
    found = rpc.call("booking", "list_class_days", **wire.days_wanted(company_id, query))
    return answer(found["days"], meta={"count": len(found["days"])})


@routes.get("/activity/<id:company_id>/search_dates_range")
@routes.arguments(ActivityFilterQuerySchema, location="query")
@routes.answers(ActivityRangeSchema)
def search_dates_range(query: dict[str, Any], company_id: int) -> Response:
    """The first and the last day with a group event to come"""
    found = rpc.call("booking", "get_class_range", **wire.filters_wanted(company_id, query))
    return answer(wire.activity_range(found))


@routes.get("/activity/<id:company_id>/filters")
@routes.arguments(ActivityFilterQuerySchema, location="query")
@routes.answers(ActivityFilterSchema, many=True)
def filters(query: dict[str, Any], company_id: int) -> Response:
    """What group events to come can be narrowed down by"""
    found = rpc.call("booking", "get_class_filters", **wire.filters_wanted(company_id, query))
    return answer(wire.activity_filters(found, locale()))


@routes.get("/activity/<id:company_id>/services")
@routes.arguments(ActivityServicesQuerySchema, location="query")
@routes.answers(ActivityServiceSchema, many=True, meta=COUNTED)
def services(query: dict[str, Any], company_id: int) -> Response:
    """The services that group events can be of"""
    found = rpc.call(
        "booking",
        "list_class_services",
        location_id=company_id,
        staff_id=query["staff_id"] or None,
        term=query["term"],
    )
    told = [
        wire.activity_service(one, found["currency"], public_base()) for one in found["services"]
    ]
    return answer(told, meta={"count": len(told)})


@routes.get("/activity/<id:company_id>/<id:activity_id>")
@routes.answers(ActivitySchema)
def activity(company_id: int, activity_id: int) -> Response:
    """One group event"""
    found = rpc.call("booking", "get_class", location_id=company_id, class_id=activity_id)
    return answer(wire.activity(found, public_base()), version=found["version"])
