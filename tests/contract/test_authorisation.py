"""Every route × every kind of caller.

The gateway decides by kind alone: it tells who calls to the service that owns
what is asked for, and that service decides whether it is theirs. Its part is
played here by a small service that compares the viewer of each call with the
owner of the only appointment there is.
"""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.access_table import ACCESS
from gateway.callers import Caller
from tests.contract.calling import call, calls
from tests.contract.owners import DEAD, HASH, HEADERS, KEY, TOKENS, viewer_of


def refusal_of(kind: str, endpoint: str) -> tuple[int, str] | None:
    """How the gateway itself must refuse that caller there; None when it must not."""
    caller, allowed = HEADERS[kind][1], ACCESS[endpoint].callers
    if Caller.NONE in allowed:
        return None
    if caller is Caller.NONE:
        return 401, "partner_key_"
    # Who signs in is a partner, whatever token they still have.
    if caller in allowed or allowed == {Caller.PARTNER}:
        return None
    return (401, "unauthenticated") if caller is Caller.PARTNER else (403, "forbidden")


@pytest.mark.parametrize("kind", HEADERS)
@pytest.mark.parametrize("endpoint", ACCESS)
def test_a_route_is_open_to_those_whom_the_table_names(app, client, booking, endpoint, kind):
    asked_before = len(booking.received)
    refusal = refusal_of(kind, endpoint)
    for method, address in calls(app)[endpoint]:
        response = call(client, endpoint, method, address, HEADERS[kind][0])
        if refusal is None:
            assert response.status_code != 401, response.text
            assert response.status_code < 500, response.text
            if kind != "staff of another business":
                assert response.status_code != 403, response.text
            continue
        status, reason = refusal
        assert response.status_code == status, response.text
        assert response.json["success"] is False
        assert response.json["errors"]["reason"].startswith(reason)
        assert len(booking.received) == asked_before
        if status == 401:
            assert response.headers["WWW-Authenticate"] == "Bearer"


def outcome(app: Flask, client: FlaskClient, endpoint: str, kind: str) -> tuple[int, str]:
    [(method, address)] = calls(app)[endpoint]
    response = call(client, endpoint, method, address, HEADERS[kind][0])
    return response.status_code, response.json["errors"]["reason"] if response.is_json else ""


WITHOUT_HASH = (
    "records.read_own_record",
    "records.move_own_record",
    "records.user_record",
    "records.cancel_own_record",
    "records.confirm_own_record",
    "records.repeat_own",
    "calendars.own_calendar_file",
)


@pytest.mark.parametrize("endpoint", WITHOUT_HASH)
def test_an_appointment_is_its_clients_and_no_other_ones(app, client, endpoint):
    [(method, address)] = calls(app)[endpoint]
    assert call(client, endpoint, method, address, HEADERS["client"][0]).status_code == 200
    assert outcome(app, client, endpoint, "other client") == (404, "appointment_not_found")
    for kind in ("staff", "staff of another business"):
        assert outcome(app, client, endpoint, kind) == (403, "forbidden")


BY_HASH = (
    "records.read_record",
    "records.move_record",
    "records.user_record_by_hash",
    "records.cancel_record",
    "records.confirm_record",
    "records.repeat",
)


@pytest.mark.parametrize("endpoint", BY_HASH)
@pytest.mark.parametrize("kind", ["partner", "client", "other client", "staff"])
def test_its_hash_opens_an_appointment_to_whoever_knows_it(app, client, endpoint, kind):
    [(method, address)] = calls(app)[endpoint]
    header = HEADERS[kind][0]
    assert call(client, endpoint, method, address, header).status_code == 200
    wrong = address.replace(HASH, "0" * 32)
    status = 200 if kind == "client" else 404
    assert call(client, endpoint, method, wrong, header).status_code == status


@pytest.mark.parametrize("endpoint", ["notifications.read_notification"])
def test_a_message_is_its_clients_and_no_other_ones(app, client, endpoint):
    [(method, address)] = calls(app)[endpoint]
    assert call(client, endpoint, method, address, HEADERS["client"][0]).status_code == 200
    assert outcome(app, client, endpoint, "other client") == (404, "message_not_found")


TAKING_FILES = {"images.change_service_image", "images.change_staff_image"}
"""Sent no file, they miss it."""


@pytest.mark.parametrize("endpoint", sorted(name for name in ACCESS if ACCESS[name].permission))
def test_the_desk_is_for_the_staff_of_the_business(app, client, endpoint):
    [(method, address)] = calls(app)[endpoint]
    told = call(client, endpoint, method, address, HEADERS["staff"][0])
    assert told.status_code in (200, 201, 202, 204) or endpoint in TAKING_FILES, told.text
    assert outcome(app, client, endpoint, "staff of another business") == (403, "forbidden")


@pytest.mark.parametrize("kind", [kind for kind in HEADERS if HEADERS[kind][1] != Caller.NONE])
def test_a_service_is_told_who_asks_and_no_more(client, booking, kind):
    call(client, "locations.company", "GET", "/api/v1/company/1", HEADERS[kind][0])
    assert json.loads(booking.received[-1]["headers"]["nameko.viewer"]) == viewer_of(kind)


@pytest.mark.parametrize("endpoint", ACCESS)
def test_a_dead_token_is_refused_wherever_tokens_count(app, client, endpoint):
    allowed = ACCESS[endpoint].callers
    counts = Caller.NONE not in allowed and allowed != {Caller.PARTNER}
    for method, address in calls(app)[endpoint]:
        response = call(client, endpoint, method, address, DEAD)
        assert (response.status_code == 401) is counts, response.text
        if counts:
            assert response.json["errors"]["reason"] == "session_unknown"


def test_key_and_token_reach_no_service(client, auth, booking):
    call(client, "", "GET", "/api/v1/company/1", HEADERS["client"][0])
    call(client, "", "DELETE", "/api/v1/user/session", HEADERS["client"][0])
    travelled = repr([*auth.received, *booking.received])
    assert not any(secret in travelled for secret in (KEY, *TOKENS.values()))


@pytest.mark.parametrize("address", ["/api/v1/nowhere", "/nowhere", "/api/v1/company/abc"])
@pytest.mark.parametrize("kind", ["none", "partner", "client", "staff"])
def test_an_unknown_address_is_not_found_whoever_asks(client, address, kind):
    assert call(client, "", "GET", address, HEADERS[kind][0]).status_code == 404
