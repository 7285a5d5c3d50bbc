"""What people are asked to accept."""

from typing import Any

from flask import Response

from gateway.addresses import client_address
from gateway.context import location_facts, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import agreements as wire
from gateway.wire.agreements import AgreeSchema, OwnAgreementSchema, PrivacyPolicySchema
from gateway.wire.shapes import COUNTED, CREATED

routes = Routes("agreements", __name__, url_prefix="/api/v1", description="Consent")


@routes.get("/privacy_policy/<id:company_id>")
@routes.answers(PrivacyPolicySchema)
def privacy_policy(company_id: int) -> Response:
    """The privacy policy of a location; empty where there is none to show"""
    return answer(wire.privacy_policy(_documents(company_id)))


@routes.get("/user/agreements/<id:company_id>")
@routes.answers(OwnAgreementSchema, many=True, meta=COUNTED)
def user_agreements(company_id: int) -> Response:
    """What the signed-in client is asked to accept at a location, and has accepted"""
    listed = [wire.own_agreement(document) for document in _documents(company_id)]
    return answer(listed, meta={"count": len(listed)})


@routes.post("/user/agreements/<id:company_id>")
@routes.arguments(AgreeSchema, example=wire.AGREE_EXAMPLE)
@routes.answers_nothing(status=201, meta=CREATED)
def agree(form: dict[str, Any], company_id: int) -> Response:
    """Accept texts as a signed-in client; what is required and not accepted is refused"""
    location_facts(company_id)
    rpc.command(
        "auth",
        "agree",
        request={
            "location_id": company_id,
            "agreements": wire.agreements_given(form),
            "address": client_address(),
        },
    )
    return done(201, meta={"message": "Created"})


def _documents(company_id: int) -> list[dict[str, Any]]:
    location_facts(company_id)
    documents: list[dict[str, Any]] = rpc.call("auth", "list_documents", location_id=company_id)[
        "documents"
    ]
    return documents
