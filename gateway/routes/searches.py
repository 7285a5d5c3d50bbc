"""What newer booking widgets search for: services, staff, days and times that can be booked."""

from typing import Any

from flask import Response, jsonify

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.wire import searches as wire
from gateway.wire.items import item_list
from gateway.wire.searches import SearchSchema

routes = Routes(
    "searches",
    __name__,
    url_prefix="/api/v1/b2c/booking/availability",
    description="Searches of newer booking widgets",
)


@routes.post("/search-services")
@routes.arguments(SearchSchema, example=wire.EXAMPLE)
@routes.answers_bare(item_list(wire.FoundServiceSchema))
def search_services(form: dict[str, Any]) -> Response:
    """All services, and which can be booked, or added to those that are chosen"""
    wanted = wire.offers_wanted(form)
    everything = rpc.call(
        "booking",
        "list_bookable_services",
        location_id=wanted["location_id"],
        staff_id=None,
        starts_at=None,
        service_ids=[],
    )
    asked = {**wanted, "starts_at": form["filter"]["datetime"]}
    bookable = rpc.call("booking", "list_bookable_services", **asked)
    return jsonify(wire.found_services(everything, bookable, wanted["service_ids"]))


@routes.post("/search-staff")
@routes.arguments(SearchSchema, example=wire.EXAMPLE)
@routes.answers_bare(item_list(wire.FoundPersonSchema))
def search_staff(form: dict[str, Any]) -> Response:
    """All who take bookings, and who can be had for what is chosen"""
    asked = {**wire.offers_wanted(form), "staff_id": None, "with_slots": False}
    people = rpc.call(
        "booking", "list_bookable_staff", starts_at=form["filter"]["datetime"], **asked
    )
    return jsonify(wire.found_staff(people))


@routes.post("/search-dates")
@routes.arguments(SearchSchema, example=wire.EXAMPLE)
@routes.answers_bare(item_list(wire.FoundDateSchema))
def search_dates(form: dict[str, Any]) -> Response:
    """Days on which people work, and whether there is free time"""
    days = rpc.call(
        "booking",
        "list_free_days",
        **wire.offers_wanted(form),
        from_day=form["filter"]["date_from"],
        to_day=form["filter"]["date_to"],
    )
    return jsonify(wire.found_dates(days))


@routes.post("/search-timeslots")
@routes.arguments(SearchSchema, example=wire.EXAMPLE)
@routes.answers_bare(item_list(wire.FoundTimeslotSchema))
def search_timeslots(form: dict[str, Any]) -> Response:
    """Free times of a day"""
    day = wire.day_wanted(form)
    free = rpc.call("booking", "list_free_slots", **wire.offers_wanted(form), day=day)
    return jsonify(wire.found_timeslots(free))
