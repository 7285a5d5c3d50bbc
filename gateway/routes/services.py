"""The services of a location, for its staff."""

from typing import Any

from flask import Response

from gateway.context import expected_version, location_facts, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import service_changes as wire
from gateway.wire import services as told
from gateway.wire.service_changes import (
    ChangeServiceSchema,
    LinkFactsSchema,
    NewLinkSchema,
    NewServiceSchema,
    ServiceLinksSchema,
    ServicesQuerySchema,
)
from gateway.wire.services import ServiceLinkSchema, ServiceSchema
from gateway.wire.shapes import COUNTED, TAGGED

routes = Routes("services", __name__, url_prefix="/api/v1", description="Services, for staff")

OLD, NEW = "/services/<id:company_id>", "/company/<id:company_id>/services"
LINKS = f"{NEW}/<id:service_id>/staff"


@routes.get(NEW, endpoint="company_services")
@routes.get(OLD)
@routes.arguments(ServicesQuerySchema, location="query")
@routes.answers(ServiceSchema, many=True, meta=COUNTED)
def services(query: dict[str, Any], company_id: int) -> Response:
    """The catalogue, with what clients cannot book"""
    found = rpc.call(
        "booking",
        "list_services",
        location_id=company_id,
        staff_id=query["staff_id"] or None,
        category_id=query["category_id"] or None,
    )["services"]
    return answer([_told(service) for service in found], meta={"count": len(found)})


@routes.get(f"{NEW}/<id:service_id>", endpoint="company_service")
@routes.get(f"{OLD}/<id:service_id>")
@routes.answers(ServiceSchema, headers=TAGGED)
def service(company_id: int, service_id: int) -> Response:
    """One service"""
    found = rpc.call("booking", "get_service", location_id=company_id, service_id=service_id)
    return answer(_told(found), version=found["version"])


@routes.post(NEW, endpoint="company_create_service")
@routes.post(OLD)
@routes.arguments(NewServiceSchema, example=wire.SERVICE_EXAMPLE)
@routes.answers(ServiceSchema, status=201, headers=TAGGED)
def create_service(form: dict[str, Any], company_id: int) -> Response:
    """Put a service into the catalogue, perhaps with who gives it"""
    wanted = wire.service_wanted(form, _currency(form, company_id))
    made = _do("create_service", company_id, **wanted)
    return answer(_told(made), status=201, version=made["version"])


@routes.patch(f"{NEW}/<id:service_id>", endpoint="company_patch_service")
@routes.put(f"{NEW}/<id:service_id>", endpoint="company_update_service")
@routes.patch(f"{OLD}/<id:service_id>", endpoint="patch_service")
@routes.put(f"{OLD}/<id:service_id>")
@routes.takes_version
@routes.arguments(ChangeServiceSchema, example=wire.SERVICE_CHANGE_EXAMPLE)
@routes.answers(ServiceSchema, headers=TAGGED)
def update_service(form: dict[str, Any], company_id: int, service_id: int) -> Response:
    """Change a service; what is left out stays as it is, and what was booked, too"""
    changed = _do(
        "update_service",
        company_id,
        service_id=service_id,
        version=expected_version(),
        **wire.service_wanted(form, _currency(form, company_id)),
    )
    return answer(_told(changed), version=changed["version"])


@routes.delete(f"{NEW}/<id:service_id>", endpoint="company_delete_service")
@routes.delete(f"{OLD}/<id:service_id>")
@routes.takes_version
@routes.answers_nothing(status=204)
def delete_service(company_id: int, service_id: int) -> Response:
    """Take a service out of the catalogue: nobody gives it any more, what is booked stays booked"""
    _do("delete_service", company_id, service_id=service_id, version=expected_version())
    return done(204)


@routes.post(LINKS)
@routes.arguments(NewLinkSchema, example=wire.LINK_EXAMPLE)
@routes.answers(ServiceLinkSchema, status=201)
def create_link(form: dict[str, Any], company_id: int, service_id: int) -> Response:
    """Let somebody give a service, perhaps at a length and price of their own"""
    links = [{**form, "service_id": service_id}]
    [link] = _link(company_id, links, wire.names_money(form))
    return answer(link, status=201)


@routes.put(f"{LINKS}/<id:staff_id>")
@routes.arguments(LinkFactsSchema, example=wire.LINK_CHANGE_EXAMPLE)
@routes.answers(ServiceLinkSchema)
def update_link(form: dict[str, Any], company_id: int, service_id: int, staff_id: int) -> Response:
    """Say anew at which length and price somebody gives a service"""
    links = [{**form, "service_id": service_id, "staff_id": staff_id}]
    [link] = _link(company_id, links, wire.names_money(form), must_exist=True)
    return answer(link)


@routes.delete(f"{LINKS}/<id:staff_id>")
@routes.answers_nothing(status=204)
def delete_link(company_id: int, service_id: int, staff_id: int) -> Response:
    """Let somebody give a service no longer; what is booked with them stays booked"""
    _do("remove_link", company_id, service_id=service_id, staff_id=staff_id)
    return done(204)


@routes.post(f"{NEW}/links")
@routes.arguments(ServiceLinksSchema, example=wire.LINKS_EXAMPLE)
@routes.answers(ServiceLinkSchema, many=True, status=201, meta=COUNTED)
def set_links(form: dict[str, Any], company_id: int) -> Response:
    """Let several people give several services: all of it, or nothing"""
    links = _link(company_id, form["services_links"], wire.names_money(form))
    return answer(links, status=201, meta={"count": len(links)})


def _told(service: dict[str, Any]) -> dict[str, Any]:
    return told.service(service, public_base())


def _do(method: str, company_id: int, **request: Any) -> Any:
    return rpc.command("booking", method, request={"location_id": company_id, **request})


def _currency(form: dict[str, Any], company_id: int) -> str:
    """The location's currency, if it is needed to read the amounts."""
    return location_facts(company_id)["currency"] if wire.names_money(form) else ""


def _link(
    company_id: int, links: list[dict[str, Any]], with_prices: bool, *, must_exist: bool = False
) -> list[dict[str, Any]]:
    currency = location_facts(company_id)["currency"] if with_prices else ""
    wanted = wire.links_wanted(links, currency)
    made = _do("set_links", company_id, links=wanted, must_exist=must_exist)["links"]
    return [told.service_link(link, currency) for link in made]
