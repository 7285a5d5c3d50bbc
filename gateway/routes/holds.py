"""Keeping a time while its client types."""

from typing import Any

from flask import Response

from gateway.addresses import client_address
from gateway.context import rpc
from gateway.limits import serves_many
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import holds as wire
from gateway.wire.holds import HeldSchema, HoldSchema

routes = Routes("holds", __name__, url_prefix="/api/v1", description="Holds")


@routes.post("/holds/<id:company_id>")
@routes.arguments(HoldSchema, example=wire.EXAMPLE)
@routes.answers(HeldSchema, status=201)
def hold_time(form: dict[str, Any], company_id: int) -> Response:
    """Keep the times of these visits for a few minutes; whoever had a hold has this one instead"""
    address = None if serves_many() else client_address()
    request = wire.hold_request(company_id, form, address)
    return answer(wire.held(rpc.command("booking", "hold_time", request=request)), status=201)


@routes.delete("/holds/<id:company_id>/<string(maxlength=64):token>")
@routes.answers_nothing(status=204)
def release_hold(company_id: int, token: str) -> Response:
    """Give a hold's time back; one that is over is no matter"""
    request = {"location_id": company_id, "token": token}
    rpc.command("booking", "release_hold", request=request)
    return done(204)
