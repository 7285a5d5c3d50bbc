"""Booking, and the dry run before it."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import CREATED, Routes
from gateway.responses import answer, done
from gateway.wire import records as wire
from gateway.wire.records import BookCheckSchema, BookedRecordSchema, BookRecordSchema

routes = Routes("booking", __name__, url_prefix="/api/v1", description="Booking")


@routes.post("/book_check/<id:company_id>")
@routes.arguments(BookCheckSchema, example=wire.CHECK_EXAMPLE)
@routes.answers_nothing(status=201, meta=CREATED)
def book_check(form: dict[str, Any], company_id: int) -> Response:
    """Would this booking succeed now? Changes nothing; the bare array is taken, too"""
    rpc.call(
        "booking",
        "check_appointments",
        location_id=company_id,
        appointments=wire.wanted_appointments(form),
    )
    return done(201, meta={"message": "Created"})


@routes.post("/book_record/<id:company_id>")
@routes.arguments(BookRecordSchema, example=wire.BOOKING_EXAMPLE)
@routes.answers(BookedRecordSchema, status=201, many=True)
def book_record(form: dict[str, Any], company_id: int) -> Response:
    """Book one or several visits: all of them or none"""
    booked = rpc.command(
        "booking", "book_appointments", request=wire.booking_request(company_id, form)
    )
    return answer([wire.booked_record(one) for one in booked["appointments"]], status=201)
