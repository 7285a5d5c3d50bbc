"""Failures over HTTP: bad input, refusals, silence and defects, all in the contract's shape."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from gateway import refusals
from gateway.app import LARGEST_BODY
from gateway.wire.texts import text
from services.common.errors import KINDS, Conflict, Invalid, NotFound
from services.common.languages import LANGUAGES
from tests import snapshots as a
from tests.small_bus import Silence

SERVICES = Path(__file__).parents[3] / "services"
RAISED = re.compile(rf'(?:{"|".join(KINDS)})\(\s*"([a-z_]+)"')
NEVER_OVER_HTTP = {
    "document_empty",
    "business_not_found",
    # for the command line
    "partner_key_not_found",
    "staff_user_not_found",
    "login_missing",
    "login_taken",
    # for another service
    "challenge_over",
    # for a handler of events
    "balance_too_low",
}

VISIT = {"id": 1, "services": [5], "staff_id": 3, "datetime": "2026-11-20T10:00:00+0100"}
BOOKING = {"phone": "+33612345678", "fullname": "Camille", "appointments": [VISIT]}
BOOKED = {"appointments": [{"handle": 1, "appointment_id": 17, "hash": "ab" * 16}]}


def raising(error: Exception) -> Any:
    def answer(**_: Any) -> None:
        raise error

    return answer


@pytest.mark.parametrize(
    ("raw", "content_type", "status", "reason"),
    [
        (b"{", "application/json", 400, "json_malformed"),
        (b'"text"', "application/json", 400, "json_malformed"),
        (b'{"phone": "1", "phone": "2"}', "application/json", 400, "json_malformed"),
        (b'{"fullname": "a\\u0000b"}', "application/json", 400, "json_malformed"),
        (b"\xff", "application/json", 400, "json_malformed"),
        (b"[]", "application/json", 422, "field_invalid"),
        (b"{}", "application/json", 422, "field_missing"),
        (b"", "application/json", 422, "field_missing"),
        (b"{}", "text/plain", 415, "content_type_unsupported"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "content_type_unsupported"),
        (b" " * (LARGEST_BODY + 1), "application/json", 413, "body_too_large"),
    ],
)
def test_a_bad_body_is_refused_in_the_contracts_shape(front, raw, content_type, status, reason):
    response = front.post("/api/v1/book_record/1", data=raw, content_type=content_type)
    assert (response.status_code, response.json["errors"]["reason"]) == (status, reason)
    assert response.json["success"] is False
    assert front.booking.received == []


def in_chunks(front, raw: bytes) -> Any:
    return front.post(
        "/api/v1/book_record/1",
        input_stream=BytesIO(raw),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
    )


def test_a_body_in_chunks_is_read(front):
    front.answers("book_appointments", lambda **_: BOOKED)
    assert in_chunks(front, json.dumps(BOOKING).encode()).status_code == 201


def test_a_body_in_chunks_is_not_cut_off_in_silence(front):
    response = in_chunks(front, json.dumps(BOOKING).encode() + b" " * LARGEST_BODY)
    assert (response.status_code, response.json["errors"]["reason"]) == (413, "body_too_large")
    assert front.booking.received == []


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/v1//company/1", 404, "not_found"),
        ("GET", "/api/v1/company/0", 404, "not_found"),
        ("GET", "/api/v1/company/99999999999999999999", 404, "not_found"),
        ("GET", "/api/v1/company/-1", 404, "not_found"),
        ("PATCH", "/api/v1/company/1", 405, "method_not_allowed"),
        ("OPTIONS", "/api/v1/company/1", 405, "method_not_allowed"),
        ("GET", "/api/v1/book_times/1/0/tomorrow", 422, "day_malformed"),
        ("GET", "/api/v1/book_times/1/0/2026-02-30", 422, "day_malformed"),
        ("GET", "/api/v1/book_dates/1?staff_id=abc", 422, "field_invalid"),
        ("GET", "/api/v1/book_dates/1?date=soon", 422, "day_malformed"),
        ("GET", "/api/v1/book_services/1?datetime=%00", 422, "field_invalid"),
        ("GET", "/api/v1/companies?coordinate_lat=91&coordinate_lon=0", 422, "field_invalid"),
        ("GET", "/api/v1/companies?coordinate_lat=nan", 422, "field_invalid"),
    ],
)
def test_a_bad_address_is_refused_in_the_contracts_shape(front, method, path, status, reason):
    response = front.open(method, path)
    assert (response.status_code, response.json["errors"]["reason"]) == (status, reason)
    assert response.json["meta"]["errors"] == [response.json["errors"]]


def test_what_is_wrong_is_told_field_by_field(front):
    bad = {"appointments": [{"id": 1, "services": ["x"], "staff_id": 3, "datetime": "soon"}]}
    response = front.post("/api/v1/book_record/1", json=bad)
    assert response.status_code == 422
    entry = response.json["errors"]
    assert (entry["code"], entry["reason"]) == (422, "validation_failed")
    assert entry["fields"] == {
        "appointments.0.services.0": [text("field_invalid", "en")],
        "appointments.0.datetime": [text("time_malformed", "en")],
    }


def test_a_wrong_parameter_is_named(front):
    entry = front.get("/api/v1/book_dates/1?staff_id=abc").json["errors"]
    assert entry["fields"] == {"staff_id": [text("field_invalid", "en")]}


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("GET", "/api/v1/book_times/1/0/tomorrow", "date"),
        ("GET", "/api/v1/book_times/1/0/20261120/reasons", "date"),
        ("POST", "/api/v1/book_record/1", "body"),
    ],
)
def test_what_is_wrong_outside_of_any_field_has_a_name_too(front, method, path, field):
    entry = front.open(method, path, json="what?" if method == "POST" else None).json["errors"]
    assert list(entry["fields"]) == [field]


def test_a_refusal_says_which_visit_it_is_about(front):
    front.answers("book_appointments", raising(Conflict("slot_taken", handle=2)))
    enveloped = front.post("/api/v1/book_record/1", json=BOOKING)
    bare = front.post("/api/v1/book_record/1", json=BOOKING, accept="*/*")
    assert enveloped.status_code == bare.status_code == 422
    entry = enveloped.json["errors"]
    assert (entry["code"], entry["id"], entry["reason"]) == (433, 2, "slot_taken")
    assert enveloped.json["meta"] == {"message": entry["message"], "errors": [entry]}
    assert bare.json == {"errors": entry}


def test_a_refusal_is_told_in_the_language_of_the_request(front):
    front.answers("book_appointments", raising(Conflict("slot_taken")))
    headers = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}
    response = front.post("/api/v1/book_record/1", json=BOOKING, headers=headers)
    assert response.json["errors"]["message"] == text("slot_taken", "fr")
    assert front.last_call["headers"]["nameko.locale"] == "fr"


@pytest.mark.parametrize(
    ("asked", "language"),
    [("de-AT", "de"), ("pt-BR,ru;q=0.3", "ru"), ("pt-BR", "fr"), ("*", "fr"), ("", "en")],
)
def test_a_language_that_we_do_not_have_gives_way_to_the_locations(front, asked, language):
    front.answers("get_location", lambda **_: a.a_location())
    front.answers("book_appointments", raising(Conflict("slot_taken")))
    response = front.post(
        "/api/v1/book_record/1", json=BOOKING, headers={"Accept-Language": asked} if asked else {}
    )
    assert response.json["errors"]["message"] == text("slot_taken", language)
    assert front.last_call["headers"]["nameko.locale"] == language


def test_a_location_that_is_not_there_has_no_language(front):
    front.answers("get_location", raising(NotFound("location_not_found")))
    response = front.get("/api/v1/company/9", headers={"Accept-Language": "pt"})
    assert response.status_code == 404
    assert response.json["errors"]["message"] == text("location_not_found", "en")


@pytest.mark.parametrize("code", refusals.TABLE)
def test_every_code_of_the_table_has_its_status_number_and_text(front, code):
    row = refusals.TABLE[code]
    front.answers("get_location", raising(Invalid(code)))
    response = front.get("/api/v1/company/1")
    entry = response.json["errors"]
    assert (response.status_code, entry["code"]) == (row.status, row.number)
    assert entry["reason"] == code
    for language in LANGUAGES:
        assert text(row.text or code, language)


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_code_that_is_not_in_the_table_has_the_status_of_its_kind(front, kind):
    front.answers("get_location", raising(kind("never_heard_of")))
    response = front.get("/api/v1/company/1")
    assert response.status_code == refusals.BY_KIND[kind.__name__].status
    assert response.json["errors"]["reason"] == "never_heard_of"
    assert response.json["errors"]["message"] != "never_heard_of"


def test_what_a_service_says_of_fields_is_told_in_the_contracts_words(front):
    refusal = Invalid("validation_failed", fields={"client": {"phone": ["Longer than 40."]}})
    front.answers("book_appointments", raising(refusal))
    response = front.post("/api/v1/book_record/1", json=BOOKING)
    assert response.json["errors"]["fields"] == {"client.phone": ["Longer than 40."]}


def test_a_silent_service_is_a_504_and_a_tired_one_a_503(front):
    front.answers("get_location", raising(Silence()))
    front.hurry()
    response = front.get("/api/v1/company/1")
    assert (response.status_code, response.json["errors"]["reason"]) == (504, "service_silent")
    for _ in range(4):
        front.get("/api/v1/company/1")
    response = front.get("/api/v1/company/1")
    assert (response.status_code, response.json["errors"]["reason"]) == (503, "service_unreachable")
    assert int(response.headers["Retry-After"]) >= 1


def test_a_defect_tells_its_request_id_and_nothing_else(front, capsys):
    front.answers("book_appointments", raising(KeyError("phone +33612345678 of Camille")))
    response = front.post("/api/v1/book_record/1", json=BOOKING)
    entry = response.json["errors"]
    assert (response.status_code, entry["reason"]) == (500, "internal_error")
    assert entry["request_id"] == response.headers["X-Request-Id"]
    logged = "".join(capsys.readouterr())
    assert "request_failed" in logged
    assert "33612345678" not in logged + response.text
    assert "Camille" not in logged + response.text


def test_a_defect_of_the_gateway_itself_is_told_alike(front, capsys):
    front.answers("get_location", lambda **_: {"phones": "+33612345678"})
    response = front.get("/api/v1/company/1", accept="*/*")
    assert response.status_code == 500
    assert response.json["errors"]["reason"] == "internal_error"
    assert "33612345678" not in "".join(capsys.readouterr())


def test_every_code_that_a_service_raises_is_in_the_table():
    sources = [path.read_text(encoding="utf-8") for path in SERVICES.rglob("*.py")]
    raised = {code for source in sources for code in RAISED.findall(source)}
    assert "slot_taken" in raised
    assert raised - NEVER_OVER_HTTP - refusals.TABLE.keys() == set()
