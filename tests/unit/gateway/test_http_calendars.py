"""Calendars and own places over HTTP."""

from typing import Any

import pytest

from services.common.errors import NotFound
from tests import snapshots as a
from tests.unit.gateway.conftest import Front

CONTENT = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
HASH = "ab" * 16


def test_a_file_needs_no_key_and_lies_in_no_cache(front: Front) -> None:
    front.answers("get_calendar_file", lambda **_: {"content": CONTENT})
    told = front.app.test_client().get(f"/api/v1/user/records/17/{HASH}/calendar.ics")
    assert (told.status_code, told.text) == (200, CONTENT)
    assert told.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert told.headers["Content-Disposition"] == 'attachment; filename="appointment-17.ics"'
    assert told.headers["Cache-Control"] == "no-store"
    assert told.headers["X-Content-Type-Options"] == "nosniff"
    assert front.last_call["arguments"] == {"appointment_id": 17, "hash": HASH}


def test_the_signed_in_client_needs_no_hash(front: Front) -> None:
    front.answers("get_calendar_file", lambda **_: {"content": CONTENT})
    assert front.get("/api/v1/user/records/17/calendar.ics", user="client").text == CONTENT
    assert front.get("/api/v1/user/records/17/calendar.ics").status_code == 401
    assert front.last_call["arguments"] == {"appointment_id": 17, "hash": None}


def test_a_feed_is_sent_again_only_when_it_has_changed(front: Front) -> None:
    content = [CONTENT]
    front.answers("get_calendar", lambda token: {"content": content[0]})
    client = front.app.test_client()
    first = client.get("/api/v1/calendar/a-token.ics")
    assert (first.status_code, first.text) == (200, CONTENT)
    assert first.headers["Cache-Control"] == "private, no-cache"
    seen = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/api/v1/calendar/a-token.ics", headers=seen)
    assert (again.status_code, again.text) == (304, "")
    content[0] = CONTENT.replace("END", "X-MOVED:1\r\nEND")
    assert client.get("/api/v1/calendar/a-token.ics", headers=seen).status_code == 200


def test_an_address_that_leads_nowhere_is_not_found(front: Front) -> None:
    def refuse(**_: Any) -> None:
        raise NotFound("calendar_not_found")

    front.answers("get_calendar", refuse)
    told = front.app.test_client().get("/api/v1/calendar/guess.ics")
    assert told.status_code == 404
    assert told.json["errors"]["reason"] == "calendar_not_found"
    assert front.app.test_client().get(f"/api/v1/calendar/{'x' * 65}.ics").status_code == 404


def test_a_new_address_is_told_once(front: Front) -> None:
    front.answers("renew_calendar_feed", lambda request: {"token": "t0k3n"})
    told = front.post("/api/v1/user/calendar", user="client")
    assert told.status_code == 201
    address = told.json["data"]["url"]
    assert address.startswith("http://")
    assert address.endswith("/api/v1/calendar/t0k3n.ics")
    assert told.headers["Cache-Control"] == "no-store"
    front.answers("get_calendar_feed", lambda: {"is_on": True, "created_at": "2030-06-03T06:00Z"})
    assert front.get("/api/v1/user/calendar", user="client").json["data"]["is_on"] is True
    front.answers("end_calendar_feed", lambda request: {})
    assert front.delete("/api/v1/user/calendar", user="client").status_code == 204


@pytest.mark.parametrize(
    ("path", "method"),
    [("/api/v1/user/places", "list_own_places"), ("/api/v1/user/favourites", "list_favourites")],
)
def test_places_are_told_as_companies(front: Front, path: str, method: str) -> None:
    front.answers(method, lambda **_: {"items": [a.a_location(id=3)], "total": 5})
    told = front.get(f"{path}?count=1&page=2", user="client").json
    assert told["meta"] == {"count": 1, "page": 2, "total_count": 5}
    assert (told["data"][0]["id"], told["data"][0]["timezone_name"]) == (3, "Europe/Paris")
    assert front.last_call["arguments"] == {"page": 2, "page_size": 1}
    assert isinstance(front.get(path, user="client", accept="*/*").json, list)


@pytest.mark.parametrize("query", ["?page=x", "?count=1.5"])
def test_pages_are_numbers(front: Front, query: str) -> None:
    told = front.get(f"/api/v1/user/places{query}", user="client")
    assert (told.status_code, told.json["errors"]["reason"]) == (422, "field_invalid")
    assert front.booking.received == []


def test_favourites_are_kept_and_let_go(front: Front) -> None:
    front.answers("add_favourite", lambda request: {})
    assert front.put("/api/v1/user/favourites/3", user="client").status_code == 200
    assert front.last_request == {"location_id": 3}
    front.answers("remove_favourite", lambda request: {})
    assert front.delete("/api/v1/user/favourites/3", user="client").status_code == 204


def test_a_record_has_a_link_to_a_google_calendar(front: Front) -> None:
    front.answers("get_appointment", lambda **_: a.an_appointment())
    [told] = front.get("/api/v1/user/records/17", user="client").json["data"]
    link = told["google_calendar_url"]
    assert link.startswith("https://calendar.google.com/calendar/render?action=TEMPLATE&text=")
    assert "ctz=Europe%2FParis" in link
    assert HASH not in link
