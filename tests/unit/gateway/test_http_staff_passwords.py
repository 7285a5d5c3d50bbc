"""Passwords of staff over HTTP."""

from typing import Any

import pytest

from tests import callers
from tests.unit.gateway.test_http_sessions import asked

CHANGED = {"old_password": "correct horse battery", "new_password": "another horse battery"}


def test_a_changed_password_is_answered_with_a_new_token(front: Any) -> None:
    front.auth.methods["change_staff_password"] = lambda **_: callers.signed_in(
        callers.a_staff_user()
    )
    response = front.put(
        "/api/v1/user/password", user="staff", json=CHANGED, headers={"User-Agent": "App/1.0"}
    )
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json["data"]["user_token"] == "t0k3n"
    assert asked(front, "change_staff_password") == [{**CHANGED, "device": "App/1.0"}]


@pytest.mark.parametrize("missing", CHANGED)
def test_both_passwords_are_needed(front: Any, missing: str) -> None:
    body = {name: value for name, value in CHANGED.items() if name != missing}
    response = front.put("/api/v1/user/password", user="staff", json=body)
    assert (response.status_code, response.json["errors"]["reason"]) == (422, "field_missing")


def test_a_client_has_no_password_here(front: Any) -> None:
    response = front.put("/api/v1/user/password", user="client", json=CHANGED)
    assert response.status_code == 403


def test_a_forgotten_one_is_answered_without_a_word_of_whose_it_is(front: Any) -> None:
    front.auth.methods["request_staff_reset"] = lambda **_: {}
    response = front.post("/api/v1/auth/password", json={"login": "owner@example.com"})
    assert response.status_code == 202
    assert response.json == {"success": True, "data": None, "meta": {"message": "Accepted"}}
    [request] = asked(front, "request_staff_reset")
    assert (request["login"], request["business_id"]) == ("owner@example.com", None)


def test_somebodys_login_has_to_be_named(front: Any) -> None:
    for body in ({}, {"login": ""}, {"login": None}, {"login": ["a"]}):
        response = front.post("/api/v1/auth/password", json=body)
        assert response.status_code == 422, body
