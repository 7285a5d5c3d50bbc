"""A client's own appointments: opened by their hash, or by being signed in."""

from typing import Any

from flask import Response

from gateway.context import expected_version, locale, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import records as wire
from gateway.wire.records import (
    MovedRecordSchema,
    MoveRecordSchema,
    RecordSchema,
    UserRecordsQuerySchema,
)
from gateway.wire.repeats import RepeatSchema
from gateway.wire.repeats import repeat as repeat_told
from gateway.wire.shapes import PAGED, TAGGED

routes = Routes("records", __name__, url_prefix="/api/v1", description="Own appointments")

HASH = "<string(maxlength=64):record_hash>"


@routes.get(f"/book_record/<id:company_id>/<id:record_id>/{HASH}")
@routes.get("/book_record/<id:company_id>/<id:record_id>", endpoint="read_own_record")
@routes.answers(RecordSchema, headers=TAGGED)
def read_record(company_id: int, record_id: int, record_hash: str | None = None) -> Response:
    """One appointment"""
    appointment = rpc.call(
        "booking",
        "get_appointment",
        location_id=company_id,
        appointment_id=record_id,
        hash=record_hash,
    )
    return answer(_told(appointment), version=appointment["version"])


@routes.put(f"/book_record/<id:company_id>/<id:record_id>/{HASH}")
@routes.put("/book_record/<id:company_id>/<id:record_id>", endpoint="move_own_record")
@routes.takes_version
@routes.arguments(MoveRecordSchema, example=wire.MOVE_EXAMPLE)
@routes.answers(MovedRecordSchema, headers=TAGGED)
def move_record(
    form: dict[str, Any], company_id: int, record_id: int, record_hash: str | None = None
) -> Response:
    """Move an appointment, or change its comment, as far as the location allows it"""
    moved = rpc.command(
        "booking",
        "move_appointment",
        request={
            "location_id": company_id,
            "appointment_id": record_id,
            "hash": record_hash,
            "version": expected_version(),
            **wire.move_wanted(form),
        },
    )
    return answer(
        wire.moved_record(moved, locale=locale(), base=public_base()), version=moved["version"]
    )


@routes.get("/user/records")
@routes.arguments(UserRecordsQuerySchema, location="query")
@routes.answers(RecordSchema, many=True, meta=PAGED)
def user_records(query: dict[str, Any]) -> Response:
    """The signed-in client's appointments, whoever made them"""
    wanted = wire.records_wanted(query)
    found = rpc.call("booking", "list_own_appointments", **wanted)
    listed = [_told(appointment) for appointment in found["items"]]
    paging = {"count": len(listed), "page": wanted["page"], "total_count": found["total"]}
    return answer(listed, meta=paging)


@routes.get(f"/user/records/<id:record_id>/{HASH}", endpoint="user_record_by_hash")
@routes.get("/user/records/<id:record_id>")
@routes.answers(RecordSchema, many=True, headers=TAGGED)
def user_record(record_id: int, record_hash: str | None = None) -> Response:
    """One appointment, in an array"""
    appointment = rpc.call("booking", "get_appointment", appointment_id=record_id, hash=record_hash)
    return answer([_told(appointment)], version=appointment["version"])


@routes.delete(f"/user/records/<id:record_id>/{HASH}")
@routes.delete("/user/records/<id:record_id>", endpoint="cancel_own_record")
@routes.takes_version
@routes.answers_nothing(status=200)
def cancel_record(record_id: int, record_hash: str | None = None) -> Response:
    """Cancel an appointment, as far as the location allows it; cancelled before, it stays so"""
    rpc.command(
        "booking",
        "cancel_appointment",
        request={
            "appointment_id": record_id,
            "hash": record_hash,
            "version": expected_version(),
        },
    )
    return done(200)


@routes.post(f"/user/records/<id:record_id>/{HASH}/confirm")
@routes.post("/user/records/<id:record_id>/confirm", endpoint="confirm_own_record")
@routes.answers(RecordSchema, headers=TAGGED)
def confirm_record(record_id: int, record_hash: str | None = None) -> Response:
    """Say that one will come"""
    confirmed = rpc.command(
        "booking",
        "confirm_appointment",
        request={"appointment_id": record_id, "hash": record_hash},
    )
    return answer(_told(confirmed), version=confirmed["version"])


@routes.get(f"/user/records/<id:record_id>/{HASH}/repeat")
@routes.get("/user/records/<id:record_id>/repeat", endpoint="repeat_own")
@routes.answers(RepeatSchema)
def repeat(record_id: int, record_hash: str | None = None) -> Response:
    """A past appointment to book again: what to prefill, and what is no longer offered"""
    found = rpc.call("booking", "get_repeat", appointment_id=record_id, hash=record_hash)
    return answer(repeat_told(found))


def _told(appointment: dict[str, Any]) -> dict[str, Any]:
    return wire.record(appointment, locale=locale(), base=public_base())
