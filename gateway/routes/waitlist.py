"""Waiting for a time that is not free: for clients, and for the staff of a location."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import waitlist as wire
from gateway.wire.bookings import BookedRecordSchema, booked_record
from gateway.wire.pages import PagedQuerySchema, page_wanted
from gateway.wire.shapes import PAGED
from gateway.wire.waitlist import (
    AcceptOfferSchema,
    JoinWaitlistSchema,
    WaitlistEntryAtDeskSchema,
    WaitlistEntrySchema,
)

routes = Routes("waitlist", __name__, url_prefix="/api/v1", description="Waitlist")


@routes.get("/user/waitlist")
@routes.answers(WaitlistEntrySchema, many=True)
def own_waitlist() -> Response:
    """Where the client waits, with the time that they are offered"""
    found = rpc.call("booking", "list_own_waitlist")
    return answer([wire.entry(one) for one in found["items"]])


@routes.post("/user/waitlist/<id:company_id>")
@routes.arguments(JoinWaitlistSchema, example=wire.EXAMPLE)
@routes.answers(WaitlistEntrySchema, status=201)
def join_waitlist(form: dict[str, Any], company_id: int) -> Response:
    """Wait for a time on one of these days; who waits for the same already keeps their turn"""
    request = wire.join_request(company_id, form)
    return answer(wire.entry(rpc.command("booking", "join_waitlist", request=request)), status=201)


@routes.delete("/user/waitlist/<id:entry_id>")
@routes.answers_nothing(status=204)
def leave_waitlist(entry_id: int) -> Response:
    """Wait no longer"""
    rpc.command("booking", "leave_waitlist", request={"entry_id": entry_id})
    return done(204)


@routes.post("/user/waitlist/<id:entry_id>/accept")
@routes.arguments(AcceptOfferSchema, example=wire.ACCEPT_EXAMPLE)
@routes.answers(BookedRecordSchema, status=201)
def accept_offer(form: dict[str, Any], entry_id: int) -> Response:
    """Book the time that is offered"""
    request = {"entry_id": entry_id, "comment": form["comment"] or ""}
    booked = rpc.command("booking", "accept_offer", request=request)
    return answer(booked_record(booked), status=201)


@routes.post("/user/waitlist/<id:entry_id>/decline")
@routes.answers(WaitlistEntrySchema)
def decline_offer(entry_id: int) -> Response:
    """Not this time; the client keeps waiting, and the next is asked"""
    request = {"entry_id": entry_id}
    return answer(wire.entry(rpc.command("booking", "decline_offer", request=request)))


@routes.get("/waitlist/<id:company_id>")
@routes.arguments(PagedQuerySchema, location="query")
@routes.answers(WaitlistEntryAtDeskSchema, many=True, meta=PAGED)
def waitlist(query: dict[str, Any], company_id: int) -> Response:
    """Who waits at a location, who came first first"""
    wanted = page_wanted(query, largest=wire.LARGEST_PAGE_SIZE)
    found = rpc.call("booking", "list_waitlist", location_id=company_id, **wanted)
    listed = [wire.entry_at_desk(one) for one in found["items"]]
    paging = {"count": len(listed), "page": wanted["page"], "total_count": found["total"]}
    return answer(listed, meta=paging)


@routes.delete("/waitlist/<id:company_id>/<id:entry_id>")
@routes.answers_nothing(status=204)
def remove_from_waitlist(company_id: int, entry_id: int) -> Response:
    """Take somebody off the list; what they were offered is given back"""
    request = {"location_id": company_id, "entry_id": entry_id}
    rpc.command("booking", "remove_from_waitlist", request=request)
    return done(204)
