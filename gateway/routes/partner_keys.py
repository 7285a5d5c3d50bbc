"""A business's own partner keys, for its owners."""

from typing import Any

from flask import Response

from gateway.context import location_facts, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.routes.sessions import secret
from gateway.wire import partner_keys as wire
from gateway.wire.partner_keys import (
    ChangePartnerKeySchema,
    CreatePartnerKeySchema,
    NewPartnerKeySchema,
    PartnerKeySchema,
    RotatePartnerKeySchema,
)
from gateway.wire.shapes import COUNTED

routes = Routes("partner_keys", __name__, url_prefix="/api/v1", description="Partner keys")


@routes.get("/company/<id:company_id>/partner_keys")
@routes.answers(PartnerKeySchema, many=True, meta=COUNTED)
def partner_keys(company_id: int) -> Response:
    """The keys that are for this location's business alone"""
    found = rpc.call("auth", "list_partner_keys", **_business(company_id))["keys"]
    return answer([wire.key_told(key) for key in found], meta={"count": len(found)})


@routes.post("/company/<id:company_id>/partner_keys")
@routes.arguments(CreatePartnerKeySchema, example=wire.KEY_EXAMPLE)
@routes.answers(NewPartnerKeySchema, status=201)
def create_partner_key(form: dict[str, Any], company_id: int) -> Response:
    """Make a key for this location's business; sent twice, it makes two"""
    made = _do("create_partner_key", company_id, **form)
    return secret(answer(wire.new_key_told(made), status=201))


@routes.put("/company/<id:company_id>/partner_keys/<id:key_id>")
@routes.arguments(ChangePartnerKeySchema, example=wire.KEY_EXAMPLE)
@routes.answers(PartnerKeySchema)
def change_partner_key(form: dict[str, Any], company_id: int, key_id: int) -> Response:
    """Say anew what a key is for and how often it may call"""
    return answer(wire.key_told(_do("change_partner_key", company_id, key_id=key_id, **form)))


@routes.post("/company/<id:company_id>/partner_keys/<id:key_id>/rotate")
@routes.arguments(RotatePartnerKeySchema, example=wire.ROTATE_EXAMPLE)
@routes.answers(NewPartnerKeySchema, status=201)
def rotate_partner_key(form: dict[str, Any], company_id: int, key_id: int) -> Response:
    """Replace a key's secret; the old one is good for some time still"""
    seconds = round(form["overlap_hours"] * 3600)
    made = _do("rotate_partner_key", company_id, key_id=key_id, overlap_seconds=seconds)
    return secret(answer(wire.new_key_told(made), status=201))


@routes.delete("/company/<id:company_id>/partner_keys/<id:key_id>")
@routes.answers_nothing(status=204)
def revoke_partner_key(company_id: int, key_id: int) -> Response:
    """End a key with all its secrets; the gateways notice within a second"""
    _do("revoke_partner_key", company_id, key_id=key_id)
    return done(204)


def _business(company_id: int) -> dict[str, int]:
    return {"business_id": location_facts(company_id)["business_id"]}


def _do(method: str, company_id: int, **request: Any) -> Any:
    return rpc.command("auth", method, request={**_business(company_id), **request})
