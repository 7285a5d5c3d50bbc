"""Visits, the history of appointments and the clients of chains, for staff."""

from typing import Any

from flask import Response

from gateway.context import expected_version, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, warned
from gateway.wire import desk as desk_wire
from gateway.wire import visits as wire
from gateway.wire.desk_records import DeskRecordSchema, desk_record
from gateway.wire.pages import page_wanted
from gateway.wire.shapes import COUNTED, DAY_CURSOR, TAGGED, WARNED
from gateway.wire.visits import (
    ChainClientSchema,
    ChainClientsQuerySchema,
    ChangeSchema,
    ClientVisitsFoundSchema,
    ClientVisitsSchema,
    MarkVisitSchema,
    VisitDetailsSchema,
    VisitSchema,
)

routes = Routes("visits", __name__, url_prefix="/api/v1", description="Visits, for staff")
LARGEST_PAGE_SIZE = 200


@routes.post("/company/<id:company_id>/clients/visits/search")
@routes.arguments(ClientVisitsSchema, example=wire.VISITS_EXAMPLE)
@routes.answers(ClientVisitsFoundSchema, meta=DAY_CURSOR)
def client_visits(form: dict[str, Any], company_id: int) -> Response:
    """A client's appointments, the newest first, whole days on a page"""
    wanted = wire.visits_wanted(form)
    found = rpc.call("booking", "list_client_visits", location_id=company_id, **wanted)
    data = {
        "goods_transactions": [],
        "records": [desk_record(one, public_base()) for one in found["items"]],
    }
    return answer(data, meta={"dateCursor": wire.day_cursor(found["pages"])})


@routes.get("/visits/<id:visit_id>")
@routes.answers(VisitSchema)
def visit(visit_id: int) -> Response:
    """One visit, with its appointments"""
    return answer(
        wire.visit_told(rpc.call("booking", "get_visit", visit_id=visit_id), public_base())
    )


@routes.put("/visits/<id:visit_id>/<id:record_id>")
@routes.takes_version
@routes.arguments(MarkVisitSchema, example=wire.MARK_EXAMPLE)
@routes.answers(DeskRecordSchema, meta=WARNED, headers=TAGGED)
def mark_visit(form: dict[str, Any], visit_id: int, record_id: int) -> Response:
    """Say who came and what was done; payments are refused, for they are not here yet"""
    currency = ""
    if desk_wire.names_money(form):
        seen = rpc.call("booking", "get_visit", visit_id=visit_id)["appointments"]
        currency = seen[0]["location"]["currency"] if seen else ""
    changed = rpc.command(
        "booking",
        "mark_visit",
        request={
            "visit_id": visit_id,
            "appointment_id": record_id,
            "version": expected_version(),
            **wire.mark_wanted(form, currency),
        },
    )
    return answer(
        desk_record(changed, public_base()), meta=warned(changed), version=changed["version"]
    )


@routes.get("/visit/details/<id:company_id>/<id:record_id>/<id:visit_id>")
@routes.answers(VisitDetailsSchema)
def visit_details(company_id: int, record_id: int, visit_id: int) -> Response:
    """What was done at an appointment of a visit"""
    found = rpc.call(
        "booking",
        "get_visit_details",
        location_id=company_id,
        appointment_id=record_id,
        visit_id=visit_id,
    )
    return answer(wire.visit_details(found))


@routes.get("/record/<id:company_id>/<id:record_id>/history")
@routes.answers(ChangeSchema, many=True, meta=COUNTED)
def record_history(company_id: int, record_id: int) -> Response:
    """Who changed what of an appointment, and when; the first entry is its making"""
    found = rpc.call(
        "booking", "get_appointment_history", location_id=company_id, appointment_id=record_id
    )
    told = [
        wire.change_told(one, zone=found["timezone"], currency=found["currency"])
        for one in found["changes"]
    ]
    return answer(told, meta={"count": len(told)})


@routes.get("/group/<id:group_id>/clients")
@routes.arguments(ChainClientsQuerySchema, location="query")
@routes.answers(ChainClientSchema, many=True, meta=COUNTED)
def group_clients(query: dict[str, Any], group_id: int) -> Response:
    """The clients of a chain, by some digits of their phone"""
    wanted = page_wanted(query, largest=LARGEST_PAGE_SIZE)
    found = rpc.call(
        "booking",
        "list_chain_clients",
        business_id=group_id,
        phone=query["phone"] or None,
        **wanted,
    )["clients"]
    return answer([wire.chain_client(one) for one in found], meta={"count": len(found)})
