"""Booking, and the dry run before it."""

from typing import Any

from flask import Response

from gateway.context import country_of, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import activities as activity_wire
from gateway.wire import bookings as wire
from gateway.wire.activities import BookActivitySchema, BookedActivitySchema
from gateway.wire.bookings import BookCheckSchema, BookedRecordSchema, BookRecordSchema
from gateway.wire.shapes import CREATED

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
        hold=form["hold"] or None,
    )
    return done(201, meta={"message": "Created"})


@routes.post("/book_record/<id:company_id>")
@routes.arguments(BookRecordSchema, example=wire.BOOKING_EXAMPLE)
@routes.answers(BookedRecordSchema, status=201, many=True)
def book_record(form: dict[str, Any], company_id: int) -> Response:
    """Book one or several visits: all of them or none"""
    proof = _proof(form, company_id) if form["code"] else None
    booked = rpc.command(
        "booking", "book_appointments", request=wire.booking_request(company_id, form, proof)
    )
    return answer([wire.booked_record(one) for one in booked["appointments"]], status=201)


@routes.post("/activity/<id:company_id>/<id:activity_id>/book")
@routes.arguments(BookActivitySchema, example=activity_wire.BOOKING_EXAMPLE)
@routes.answers(BookedActivitySchema)
def book_activity(form: dict[str, Any], company_id: int, activity_id: int) -> Response:
    """Book seats of a group event"""
    proof = _proof(form, company_id) if form["code"] else None
    request = activity_wire.seats_wanted(company_id, activity_id, form, proof)
    booked = rpc.command("booking", "book_class", request=request)
    return answer(activity_wire.booked_activity(booked))


def _proof(form: dict[str, Any], company_id: int) -> dict[str, Any]:
    """That the code is the one that was sent to the phone."""
    phone = form["phone"] or ""
    proof: dict[str, Any] = rpc.command(
        "auth",
        "prove_phone",
        request={
            "phone": phone,
            "country_code": country_of(phone, company_id),
            "code": form["code"],
        },
    )
    return proof
