"""What is the same for everybody: countries, cities, telephone numbers."""

from typing import Any

from flask import Response

from gateway.context import locale, rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import reference as wire
from gateway.wire.countries import CODES
from gateway.wire.reference import CitiesQuerySchema, CitySchema, CountrySchema, PhoneSchema
from services.common.errors import Invalid
from services.common.phones import normal_phone

routes = Routes("reference", __name__, url_prefix="/api/v1", description="Reference data")


@routes.get("/countries")
@routes.answers(CountrySchema, many=True)
def countries() -> Response:
    """All countries, by name in the language of the request"""
    return answer(wire.countries(locale()))


@routes.get("/cities")
@routes.arguments(CitiesQuerySchema, location="query")
@routes.answers(CitySchema, many=True)
def cities(query: dict[str, Any]) -> Response:
    """Cities with a location"""
    if query["country_id"] and query["country_id"] not in CODES:
        return answer([])
    found = rpc.call(
        "booking",
        "list_cities",
        country_code=CODES.get(query["country_id"]),
        location_id=query["company_id"] or None,
    )
    return answer([wire.city(row) for row in found["cities"]])


@routes.get("/validation/validate_phone/<string(maxlength=40):phone>")
@routes.answers(PhoneSchema)
def validate_phone(phone: str) -> Response:
    """Whether somebody could have this number; digits with or without the plus"""
    try:
        normal_phone(phone, None)
    except Invalid:
        return answer({"is_valid": False})
    return answer({"is_valid": True})
