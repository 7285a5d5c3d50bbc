"""Locations of the installation."""

from datetime import UTC, datetime
from typing import Any

from flask import Response

from gateway.context import locale, rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import companies as wire
from gateway.wire.companies import CompaniesQuerySchema, CompanyQuerySchema, CompanySchema
from gateway.wire.shapes import PAGED

routes = Routes("locations", __name__, url_prefix="/api/v1", description="Locations")


@routes.get("/locations", endpoint="locations")
@routes.get("/companies")
@routes.arguments(CompaniesQuerySchema, location="query")
@routes.answers(CompanySchema, many=True, meta=PAGED)
def companies(query: dict[str, Any]) -> Response:
    """Locations, of one chain or all; page by page"""
    wanted = wire.locations_wanted(query)
    found = rpc.call("booking", "list_locations", **wanted)
    listed = [_company(location, query) for location in found["items"]]
    paging = {"count": len(listed), "page": wanted["page"], "total_count": found["total"]}
    return answer(listed, meta=paging)


@routes.get("/company/<id:company_id>")
@routes.arguments(CompanyQuerySchema, location="query")
@routes.answers(CompanySchema)
def company(query: dict[str, Any], company_id: int) -> Response:
    """One location"""
    location = rpc.call(
        "booking", "get_location", location_id=company_id, **wire.details_wanted(query)
    )
    return answer(_company(location, query))


def _company(location: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    return wire.company(
        location, locale=locale(), now=datetime.now(UTC), show_groups=query["show_groups"]
    )
