"""Rooms and devices that services need, for staff."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import resources as wire
from gateway.wire.resources import ChangeResourceSchema, NewResourceSchema, ResourceSchema

routes = Routes("resources", __name__, url_prefix="/api/v1", description="Rooms and devices")


@routes.get("/resources/<id:company_id>")
@routes.answers(ResourceSchema, many=True)
def resources(company_id: int) -> Response:
    """Rooms and devices, each with its instances and the services that need one"""
    found = rpc.call("booking", "list_resources", location_id=company_id)
    return answer([wire.resource(one, company_id) for one in found["resources"]])


@routes.post("/resources/<id:company_id>")
@routes.arguments(NewResourceSchema, example=wire.EXAMPLE)
@routes.answers(ResourceSchema, status=201)
def create_resource(form: dict[str, Any], company_id: int) -> Response:
    """A new kind of room or device"""
    request = {"location_id": company_id, **form}
    saved = rpc.command("booking", "save_resource", request=request)
    return answer(wire.resource(saved, company_id), status=201)


@routes.put("/resources/<id:company_id>/<id:resource_id>")
@routes.arguments(ChangeResourceSchema, example=wire.EXAMPLE)
@routes.answers(ResourceSchema)
def change_resource(form: dict[str, Any], company_id: int, resource_id: int) -> Response:
    """Change what is given; instances that are left out of the list go"""
    request = {"location_id": company_id, "resource_id": resource_id, **form}
    return answer(
        wire.resource(rpc.command("booking", "save_resource", request=request), company_id)
    )


@routes.delete("/resources/<id:company_id>/<id:resource_id>")
@routes.answers_nothing(status=204)
def delete_resource(company_id: int, resource_id: int) -> Response:
    """Take it out of use; refused while something to come is booked with it"""
    request = {"location_id": company_id, "resource_id": resource_id}
    rpc.command("booking", "delete_resource", request=request)
    return done(204)
