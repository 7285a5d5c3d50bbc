"""What can be booked, and with whom."""

from typing import Any

from flask import Response

from gateway.caching import kept
from gateway.context import public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import catalogue as wire
from gateway.wire.catalogue import (
    BookServicesQuerySchema,
    BookServicesSchema,
    BookStaffQuerySchema,
    BookStaffSchema,
)

routes = Routes("catalogue", __name__, url_prefix="/api/v1", description="Services and staff")

WIDGET = "/b2c/booking/availability"
"""Before the same calls where newer widgets make them."""


@routes.get(f"{WIDGET}/book_services/<id:company_id>", endpoint="widget_services")
@routes.get("/book_services/<id:company_id>")
@kept
@routes.arguments(BookServicesQuerySchema, location="query")
@routes.answers(BookServicesSchema)
def book_services(query: dict[str, Any], company_id: int) -> Response:
    """Services that can be booked"""
    catalogue = rpc.call(
        "booking",
        "list_bookable_services",
        location_id=company_id,
        staff_id=query["staff_id"] or None,
        starts_at=query["datetime"],
        service_ids=query["service_ids"],
    )
    return answer(wire.book_services(catalogue, public_base()))


@routes.get(f"{WIDGET}/book_staff/<id:company_id>", endpoint="widget_staff")
@routes.get("/book_staff/<id:company_id>")
@kept
@routes.arguments(BookStaffQuerySchema, location="query")
@routes.answers(BookStaffSchema, many=True)
def book_staff(query: dict[str, Any], company_id: int) -> Response:
    """Staff who can be booked, with their nearest free time"""
    found = rpc.call(
        "booking",
        "list_bookable_staff",
        location_id=company_id,
        service_ids=query["service_ids"],
        starts_at=query["datetime"],
        staff_id=query["staff_id"] or None,
        with_slots=not query["without_seances"],
    )
    zone, base = found["timezone"], public_base()
    return answer([wire.book_staff(member, zone, base) for member in found["staff"]])
