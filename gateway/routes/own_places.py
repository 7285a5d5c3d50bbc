"""A client's own places: those they have been to or will, and their favourites."""

from datetime import UTC, datetime
from typing import Any

from flask import Response

from gateway.context import locale, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire.companies import CompanySchema, company
from gateway.wire.own_places import PlacesQuerySchema, places_wanted
from gateway.wire.shapes import PAGED

routes = Routes("own_places", __name__, url_prefix="/api/v1", description="Own places")


@routes.get("/user/places")
@routes.arguments(PlacesQuerySchema, location="query")
@routes.answers(CompanySchema, many=True, meta=PAGED)
def places(query: dict[str, Any]) -> Response:
    """Every location where the client ever had an appointment, the latest first"""
    return _listed("list_own_places", query)


@routes.get("/user/favourites")
@routes.arguments(PlacesQuerySchema, location="query")
@routes.answers(CompanySchema, many=True, meta=PAGED)
def favourites(query: dict[str, Any]) -> Response:
    """The client's favourite locations, the newest first"""
    return _listed("list_favourites", query)


@routes.put("/user/favourites/<id:company_id>")
@routes.answers_nothing(status=200)
def add_favourite(company_id: int) -> Response:
    """Keep a location as a favourite; kept already, it stays one"""
    rpc.command("booking", "add_favourite", request={"location_id": company_id})
    return done(200)


@routes.delete("/user/favourites/<id:company_id>")
@routes.answers_nothing(status=204)
def remove_favourite(company_id: int) -> Response:
    """Keep a location no longer"""
    rpc.command("booking", "remove_favourite", request={"location_id": company_id})
    return done(204)


def _listed(method: str, query: dict[str, Any]) -> Response:
    wanted = places_wanted(query)
    found = rpc.call("booking", method, **wanted)
    now = datetime.now(UTC)
    listed = [
        company(place, locale=locale(), now=now, show_groups=False) for place in found["items"]
    ]
    paging = {"count": len(listed), "page": wanted["page"], "total_count": found["total"]}
    return answer(listed, meta=paging)
