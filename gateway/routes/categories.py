"""The headings of a catalogue, for staff."""

from typing import Any

from flask import Response

from gateway.context import expected_version, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import categories as wire
from gateway.wire.categories import ChangeCategorySchema, NewCategorySchema, ServiceCategorySchema
from gateway.wire.shapes import COUNTED, TAGGED

routes = Routes("categories", __name__, url_prefix="/api/v1", description="Categories, for staff")

MANY, ONE = "/service_categories/<id:company_id>", "/service_category/<id:company_id>"
NEW = "/company/<id:company_id>/service_categories"
ALL_OR_ONE = "<id(min=0):category_id>"


@routes.get(f"{NEW}/{ALL_OR_ONE}", endpoint="company_category")
@routes.get(NEW, endpoint="company_categories")
@routes.get(f"{MANY}/{ALL_OR_ONE}", endpoint="one_of_categories")
@routes.get(MANY)
@routes.answers(ServiceCategorySchema, many=True, meta=COUNTED)
def categories(company_id: int, category_id: int = 0) -> Response:
    """The headings of the catalogue; with an id that one alone, with 0 all of them"""
    if category_id:
        found = [_one(company_id, category_id)]
    else:
        listed = rpc.call("booking", "list_service_categories", location_id=company_id)
        found = listed["categories"]
    return answer([wire.category(one) for one in found], meta={"count": len(found)})


@routes.post(MANY)
@routes.arguments(NewCategorySchema, example=wire.CATEGORY_EXAMPLE)
@routes.answers(ServiceCategorySchema, status=201, headers=TAGGED)
def create_category(form: dict[str, Any], company_id: int) -> Response:
    """Add a heading"""
    made = _do("create_service_category", company_id, **wire.category_wanted(form))
    return answer(wire.category(made), status=201, version=made["version"])


@routes.get(f"{ONE}/<id:category_id>")
@routes.answers(ServiceCategorySchema, headers=TAGGED)
def category(company_id: int, category_id: int) -> Response:
    """One heading"""
    found = _one(company_id, category_id)
    return answer(wire.category(found), version=found["version"])


@routes.put(f"{ONE}/<id:category_id>")
@routes.takes_version
@routes.arguments(ChangeCategorySchema, example=wire.CATEGORY_CHANGE_EXAMPLE)
@routes.answers(ServiceCategorySchema, headers=TAGGED)
def update_category(form: dict[str, Any], company_id: int, category_id: int) -> Response:
    """Change a heading; what is left out stays as it is"""
    changed = _do(
        "update_service_category",
        company_id,
        category_id=category_id,
        version=expected_version(),
        **wire.category_wanted(form),
    )
    return answer(wire.category(changed), version=changed["version"])


@routes.delete(f"{ONE}/<id:category_id>")
@routes.takes_version
@routes.answers_nothing(status=204)
def delete_category(company_id: int, category_id: int) -> Response:
    """Take a heading away; refused while services stand under it"""
    _do(
        "delete_service_category",
        company_id,
        category_id=category_id,
        version=expected_version(),
    )
    return done(204)


@routes.get("/chain/<id:chain_id>/service_categories")
@routes.answers(ServiceCategorySchema, many=True, meta=COUNTED)
def chain_categories(chain_id: int) -> Response:
    """The headings of every location of a chain"""
    found = rpc.call("booking", "list_categories_of_business", business_id=chain_id)["categories"]
    return answer([wire.category(one) for one in found], meta={"count": len(found)})


def _one(company_id: int, category_id: int) -> dict[str, Any]:
    found: dict[str, Any] = rpc.call(
        "booking", "get_service_category", location_id=company_id, category_id=category_id
    )
    return found


def _do(method: str, company_id: int, **request: Any) -> Any:
    return rpc.command("booking", method, request={"location_id": company_id, **request})
