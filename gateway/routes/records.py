"""A client's own appointments, opened by their hash."""

from flask import Response

from gateway.context import locale, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire.records import RecordSchema, record

routes = Routes("records", __name__, url_prefix="/api/v1", description="Own appointments")


@routes.get("/book_record/<id:company_id>/<id:record_id>/<string(maxlength=64):record_hash>")
@routes.answers(RecordSchema)
def read_record(company_id: int, record_id: int, record_hash: str) -> Response:
    """One appointment"""
    appointment = rpc.call(
        "booking",
        "get_appointment",
        location_id=company_id,
        appointment_id=record_id,
        hash=record_hash,
    )
    return answer(record(appointment, locale=locale()))


@routes.delete("/user/records/<id:record_id>/<string(maxlength=64):record_hash>")
@routes.answers_nothing(status=200)
def cancel_record(record_id: int, record_hash: str) -> Response:
    """Cancel an appointment; cancelled before, it stays so"""
    rpc.command(
        "booking",
        "cancel_appointment",
        request={"appointment_id": record_id, "hash": record_hash},
    )
    return done(200)
