"""Appointments of a location, for its staff."""

from typing import Any

from flask import Response

from gateway.context import expected_version, location_facts, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done, page, warned
from gateway.wire import desk as wire
from gateway.wire.desk import (
    ChangeDeskRecordSchema,
    DeskRecordsQuerySchema,
    NewDeskRecordSchema,
    PartnerRecordsQuerySchema,
)
from gateway.wire.desk_records import DeskRecordSchema, desk_record
from gateway.wire.shapes import RECORDS, TAGGED, WARNED

routes = Routes("desk", __name__, url_prefix="/api/v1", description="Appointments, for staff")


@routes.get("/records/<id:company_id>")
@routes.arguments(DeskRecordsQuerySchema, location="query")
@routes.answers_page(DeskRecordSchema, RECORDS)
def records(query: dict[str, Any], company_id: int) -> Response:
    """Appointments of a location, page by page; cancelled ones only when asked for"""
    wanted = wire.desk_records_wanted(company_id, query)
    found = rpc.call("booking", "list_appointments", **wanted)
    return page(
        [desk_record(appointment, public_base()) for appointment in found["items"]],
        page=wanted["page"],
        total=found["total"],
    )


@routes.get("/records/partner")
@routes.arguments(PartnerRecordsQuerySchema, location="query")
@routes.answers_page(DeskRecordSchema, RECORDS)
def partner_records(query: dict[str, Any]) -> Response:
    """Appointments made with the key of this call, the newest first, wherever one may see them"""
    wanted = wire.partner_records_wanted(query)
    found = rpc.call("booking", "list_partner_appointments", **wanted)
    return page(
        [desk_record(appointment, public_base()) for appointment in found["items"]],
        page=wanted["page"],
        total=found["total"],
    )


@routes.post("/records/<id:company_id>")
@routes.arguments(NewDeskRecordSchema, example=wire.DESK_EXAMPLE)
@routes.answers(DeskRecordSchema, status=201, meta=WARNED, headers=TAGGED)
def create_record(form: dict[str, Any], company_id: int) -> Response:
    """Write an appointment down, or somebody into a group event"""
    if form["activity_id"]:
        method, request = "write_into_class", wire.new_appointment_of_class(form)
    else:
        method, request = (
            "create_appointment",
            wire.new_appointment(form, _currency(form, company_id)),
        )
    written = rpc.command("booking", method, request={"location_id": company_id, **request})
    return answer(
        desk_record(written, public_base()),
        meta=warned(written),
        status=201,
        version=written["version"],
    )


@routes.get("/record/<id:company_id>/<id:record_id>")
@routes.answers(DeskRecordSchema, headers=TAGGED)
def record(company_id: int, record_id: int) -> Response:
    """One appointment"""
    appointment = rpc.call(
        "booking",
        "get_appointment_for_staff",
        location_id=company_id,
        appointment_id=record_id,
    )
    return answer(desk_record(appointment, public_base()), version=appointment["version"])


@routes.put("/record/<id:company_id>/<id:record_id>")
@routes.takes_version
@routes.arguments(ChangeDeskRecordSchema, example=wire.CHANGE_EXAMPLE)
@routes.answers(DeskRecordSchema, meta=WARNED, headers=TAGGED)
def update_record(form: dict[str, Any], company_id: int, record_id: int) -> Response:
    """Change an appointment, or say who came; what is left out stays as it is"""
    changed = rpc.command(
        "booking",
        "update_appointment",
        request={
            "location_id": company_id,
            "appointment_id": record_id,
            "version": expected_version(),
            **wire.changes_wanted(form, _currency(form, company_id)),
        },
    )
    return answer(
        desk_record(changed, public_base()), meta=warned(changed), version=changed["version"]
    )


@routes.delete("/record/<id:company_id>/<id:record_id>")
@routes.takes_version
@routes.answers_nothing(status=204)
def delete_record(company_id: int, record_id: int) -> Response:
    """Cancel an appointment, whatever clients are allowed; cancelled before, it stays so"""
    rpc.command(
        "booking",
        "delete_appointment",
        request={
            "location_id": company_id,
            "appointment_id": record_id,
            "version": expected_version(),
        },
    )
    return done(204)


def _currency(form: dict[str, Any], company_id: int) -> str:
    """The location's currency, if it is needed to read the amounts."""
    return location_facts(company_id)["currency"] if wire.names_money(form) else ""
