"""Codes over HTTP: sent to a phone, and given with a booking."""

from typing import Any

import pytest

from gateway.wire.texts import text
from services.common.errors import Invalid, NotFound, TooManyAttempts
from tests import snapshots as a

VISIT = {"id": 1, "services": [5], "staff_id": 3, "datetime": "2026-11-20T10:00:00+0100"}
BOOKING = {"phone": "+33612345678", "fullname": "Camille", "appointments": [VISIT]}
BOOKED = {"appointments": [{"handle": 1, "appointment_id": 17, "hash": "ab" * 16}]}
SENT = {
    "phone": "+33612345678",
    "expires_in_seconds": 600,
    "next_send_in_seconds": 60,
    "length": 6,
}
PROOF = {"phone": "+33612345678", "proof_id": "0192-proof"}


def raising(error: Exception) -> Any:
    def answer(**_: Any) -> None:
        raise error

    return answer


def asked(front: Any, method: str) -> list[dict[str, Any]]:
    """The requests of that command that auth received."""
    return [
        call["arguments"]["request"] for call in front.auth.received if call["method"] == method
    ]


def test_a_code_is_sent_to_a_phone_of_the_locations_country(front):
    front.answers("get_location", lambda **_: a.a_location())
    front.auth.methods["request_code"] = lambda **_: SENT
    body = {"phone": "0612345678", "fulname": "Camille"}
    headers = {"Accept-Language": "fr", "User-Agent": "App/1.0"}
    response = front.post("/api/v1/book_code/1/", json=body, headers=headers)
    assert response.status_code == 201
    assert response.json == {
        "success": True,
        "data": None,
        "meta": {"message": "Created", "code_length": 6, "expires_in": 600, "next_send_in": 60},
    }
    assert asked(front, "request_code") == [
        {
            "phone": "0612345678",
            "country_code": "FR",
            "locale": "fr",
            "location_id": 1,
            "agreements": [],
            "medium": None,
            "business_id": 7,
            "address": "127.0.0.1",
            "device": "App/1.0",
        }
    ]
    bare = front.post("/api/v1/book_code/1", json=body, accept="*/*")
    assert (bare.status_code, bare.data) == (201, b"")


def test_the_country_of_a_location_is_asked_for_once_a_minute(front):
    front.answers("get_location", lambda **_: a.a_location())
    front.auth.methods["request_code"] = lambda **_: SENT
    for _ in range(3):
        front.post("/api/v1/book_code/1", json={"phone": "0612345678"})
    front.post("/api/v1/book_code/2", json={"phone": "0612345678"})
    assert [call["arguments"]["location_id"] for call in front.booking.received] == [1, 2]


def test_no_code_is_sent_for_an_unknown_location(front):
    front.answers("get_location", raising(NotFound("location_not_found")))
    response = front.post("/api/v1/book_code/9", json={"phone": "+33612345678"})
    assert (response.status_code, response.json["errors"]["reason"]) == (404, "location_not_found")
    assert asked(front, "request_code") == []


@pytest.mark.parametrize(
    "code",
    [
        "code_sent_recently",
        "code_sends_used_up",
        "codes_used_up_here",
        "codes_paused",
        "too_many_attempts",
    ],
)
def test_who_must_wait_is_told_how_long(front, code):
    front.answers("get_location", lambda **_: a.a_location())
    refusal = TooManyAttempts(code, params={"seconds": 41})
    front.auth.methods["request_code"] = raising(refusal)
    response = front.post("/api/v1/book_code/1", json={"phone": "+33612345678"})
    assert (response.status_code, response.headers["Retry-After"]) == (429, "41")
    assert response.json["errors"]["reason"] == code
    assert response.json["errors"]["message"] == text(code, "en", {"seconds": 41})


def test_a_booking_with_a_code_carries_the_proof(front):
    front.auth.methods["prove_phone"] = lambda **_: PROOF
    front.answers("book_appointments", lambda **_: BOOKED)
    response = front.post("/api/v1/book_record/1", json={**BOOKING, "code": 123456})
    assert response.status_code == 201
    assert asked(front, "prove_phone") == [
        {"phone": "+33612345678", "country_code": None, "code": "123456"}
    ]
    assert front.last_request["proof"] == PROOF
    assert [call["method"] for call in front.booking.received] == ["book_appointments"]


@pytest.mark.parametrize("code", [None, "", " "])
def test_a_booking_without_a_code_has_no_proof(front, code):
    front.answers("book_appointments", lambda **_: BOOKED)
    front.post("/api/v1/book_record/1", json={**BOOKING, "code": code})
    assert front.last_request["proof"] is None
    assert asked(front, "prove_phone") == []


def test_with_a_wrong_code_nothing_is_booked(front):
    front.answers("get_location", lambda **_: a.a_location())
    front.auth.methods["prove_phone"] = raising(Invalid("code_incorrect"))
    body = {**BOOKING, "phone": "0612345678", "code": "000000"}
    response = front.post("/api/v1/book_record/1", json=body)
    assert (response.status_code, response.json["errors"]["code"]) == (422, 432)
    assert asked(front, "prove_phone")[0]["country_code"] == "FR"
    assert "book_appointments" not in [call["method"] for call in front.booking.received]


@pytest.mark.parametrize("channel", ["sms", "call", "email"])
def test_a_code_can_be_asked_for_over_another_channel(front, channel):
    front.answers("get_location", lambda **_: a.a_location())
    front.auth.methods["request_code"] = lambda **_: SENT
    body = {"phone": "+33612345678", "channel": channel}
    assert front.post("/api/v1/book_code/1", json=body).status_code == 201
    assert asked(front, "request_code")[0]["medium"] == channel


@pytest.mark.parametrize("channel", [None, "", " "])
def test_without_a_channel_it_is_the_installations_choice(front, channel):
    front.answers("get_location", lambda **_: a.a_location())
    front.auth.methods["request_code"] = lambda **_: SENT
    body = {"phone": "+33612345678", "channel": channel}
    assert front.post("/api/v1/book_code/1", json=body).status_code == 201
    assert asked(front, "request_code")[0]["medium"] is None


@pytest.mark.parametrize("channel", ["pigeon", ["sms"], {"sms": 1}, True, "sms\x00", "s" * 300])
def test_a_channel_that_there_is_not_is_refused(front, channel):
    front.answers("get_location", lambda **_: a.a_location())
    body = {"phone": "+33612345678", "channel": channel}
    response = front.post("/api/v1/book_code/1", json=body)
    assert 400 <= response.status_code < 500
    assert asked(front, "request_code") == []


@pytest.mark.parametrize("phone", ["33612345678", "+33612345678", "0612345678", ""])
def test_the_channels_are_those_of_the_installation_whatever_the_phone(front, phone):
    front.answers("get_location", lambda **_: a.a_location())
    front.notify.methods["list_code_channels"] = lambda **_: {"channels": ["sms", "call"]}
    path = f"/api/v1/book_code/1/channel?phone={phone}"
    response = front.get(path, headers={"Accept-Language": "fr"})
    listed = [
        {"channel": "sms", "title": "SMS"},
        {"channel": "call", "title": "Appel téléphonique"},
    ]
    assert response.json == {"success": True, "data": listed, "meta": {"count": 2}}
    assert front.get(path, accept="*/*").json[0]["title"] == "SMS"
    assert [call["method"] for call in front.auth.received] == ["identify"]


def test_no_channel_leads_to_what_is_no_phone(front):
    front.answers("get_location", lambda **_: a.a_location())
    response = front.get("/api/v1/book_code/1/channel?phone=12")
    assert (response.status_code, response.json["errors"]["code"]) == (422, 431)
    assert front.notify.received == []
