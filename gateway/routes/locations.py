"""Locations of the installation: for everybody to find, for owners to open, change and close."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, g

from gateway.context import expected_version, gateway, locale, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import companies as wire
from gateway.wire import company_changes as changes
from gateway.wire.companies import CompaniesQuerySchema, CompanyQuerySchema, CompanySchema
from gateway.wire.company_changes import (
    ChangeCompanySchema,
    ClosingQuerySchema,
    GroupSchema,
    NewCompanySchema,
)
from gateway.wire.shapes import COUNTED, PAGED, TAGGED
from services.common.rights import right_at

routes = Routes("locations", __name__, url_prefix="/api/v1", description="Locations")


@routes.get("/locations", endpoint="locations")
@routes.get("/companies")
@routes.arguments(CompaniesQuerySchema, location="query")
@routes.answers(CompanySchema, many=True, meta=PAGED)
def companies(query: dict[str, Any]) -> Response:
    """Locations, of one chain or all; page by page"""
    wanted = wire.locations_wanted(query)
    found: dict[str, Any] = {"items": [], "total": 0}
    if query["moderated"] is not False:
        found = rpc.call("booking", "list_locations", **wanted)
    listed = [_company(location, query) for location in found["items"]]
    paging = {"count": len(listed), "page": wanted["page"], "total_count": found["total"]}
    return answer(listed, meta=paging)


@routes.get("/company/<id:company_id>")
@routes.arguments(CompanyQuerySchema, location="query")
@routes.answers(CompanySchema, headers=TAGGED)
def company(query: dict[str, Any], company_id: int) -> Response:
    """One location"""
    location = rpc.call(
        "booking", "get_location", location_id=company_id, **wire.details_wanted(query)
    )
    return answer(_company(location, query), version=location["version"])


@routes.post("/companies")
@routes.arguments(NewCompanySchema, example=changes.COMPANY_EXAMPLE)
@routes.answers(CompanySchema, status=201, headers=TAGGED)
def create_company(form: dict[str, Any]) -> Response:
    """Open one more location of a business; with the second one it is a chain"""
    wanted = {"business_id": form.get("group_id") or None, **changes.company_wanted(form)}
    made = rpc.command("booking", "create_location", request=wanted)
    return _changed(made, status=201)


@routes.put("/company/<id:company_id>")
@routes.takes_version
@routes.arguments(ChangeCompanySchema, example=changes.COMPANY_CHANGE_EXAMPLE)
@routes.answers(CompanySchema, headers=TAGGED)
def update_company(form: dict[str, Any], company_id: int) -> Response:
    """Change a location; what is left out stays as it is"""
    wanted = {
        "location_id": company_id,
        "version": expected_version(),
        **changes.company_wanted(form),
    }
    changed = rpc.command("booking", "update_location", request=wanted)
    gateway().locations.forget(company_id)
    return _changed(changed)


@routes.delete("/company/<id:company_id>")
@routes.takes_version
@routes.arguments(ClosingQuerySchema, location="query")
@routes.answers_nothing(status=204)
def delete_company(query: dict[str, Any], company_id: int) -> Response:
    """Close a location for good: nobody books there any more, what was booked stays in lists"""
    request = {"location_id": company_id, "version": expected_version(), **query}
    rpc.command("booking", "close_location", request=request)
    gateway().locations.forget(company_id)
    return done(204)


@routes.get("/groups")
@routes.answers(GroupSchema, many=True, meta=COUNTED)
def groups() -> Response:
    """The businesses in which you work, with their locations"""
    found = rpc.call("booking", "list_own_businesses")["businesses"]
    return answer([changes.group(one) for one in found], meta={"count": len(found)})


def _company(location: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    access = None
    if query["my"]:
        place = {"business_id": location["business"]["id"], "location_id": location["id"]}
        access = changes.access_told(right_at(g.viewer["rights"], **place))
    return wire.company(
        location,
        locale=locale(),
        now=datetime.now(UTC),
        show_groups=query["show_groups"],
        access=access,
    )


def _changed(location: dict[str, Any], *, status: int = 200) -> Response:
    shown = _company(location, {"show_groups": True, "my": True})
    return answer(shown, status=status, version=location["version"])
