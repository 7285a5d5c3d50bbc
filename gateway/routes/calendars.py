"""Appointments for calendar programs, which can send no key: opened by what their address says."""

import hashlib

from flask import Response, current_app, request

from gateway.context import gateway, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.routes.records import HASH
from gateway.wire.calendars import FILE, FeedSchema, NewFeedSchema, feed_told

routes = Routes("calendars", __name__, url_prefix="/api/v1", description="Calendars")


@routes.get(f"/user/records/<id:record_id>/{HASH}/calendar.ics")
@routes.get("/user/records/<id:record_id>/calendar.ics", endpoint="own_calendar_file")
@routes.response(200, FILE, content_type="text/calendar")
def calendar_file(record_id: int, record_hash: str | None = None) -> Response:
    """One appointment as a calendar file"""
    found = rpc.call("booking", "get_calendar_file", appointment_id=record_id, hash=record_hash)
    response = _calendar(found["content"])
    response.headers["Content-Disposition"] = f'attachment; filename="appointment-{record_id}.ics"'
    return response


@routes.get("/calendar/<string(maxlength=64):token>.ics")
@routes.response(200, FILE, content_type="text/calendar")
def calendar(token: str) -> Response:
    """All of a client's appointments, for a calendar program that asks again and again"""
    response = _calendar(rpc.call("booking", "get_calendar", token=token)["content"])
    # The program itself must keep it; nobody between may.
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


@routes.get("/user/calendar")
@routes.answers(FeedSchema)
def calendar_feed() -> Response:
    """Whether the client's appointments have an address, and since when"""
    return answer(feed_told(rpc.call("booking", "get_calendar_feed")))


@routes.post("/user/calendar")
@routes.answers(NewFeedSchema, status=201)
def renew_calendar_feed() -> Response:
    """A new address for the client's appointments; it is told this once, and ends the one before"""
    made = rpc.command("booking", "renew_calendar_feed", request={})
    # Calendar programs know of no page that it could be relative to.
    url = f"{gateway().settings.web_address}/api/v1/calendar/{made['token']}.ics"
    return answer({"url": url}, status=201)


@routes.delete("/user/calendar")
@routes.answers_nothing(status=204)
def end_calendar_feed() -> Response:
    """The address leads nowhere any more"""
    rpc.command("booking", "end_calendar_feed", request={})
    return done(204)


def _calendar(content: str) -> Response:
    return current_app.response_class(content, content_type="text/calendar; charset=utf-8")
