"""Signing in and out over HTTP, and bookings that need a code."""

from typing import Any

import pytest

from gateway.partners import digest_of
from services.common.errors import Invalid, Unauthenticated
from tests import callers
from tests import snapshots as a
from tests.small_bus import Silence
from tests.unit.gateway.conftest import USERS

PASSWORD = " pass word "
LOGIN = {"login": "owner", "password": PASSWORD}


def raising(error: Exception) -> Any:
    def answer(**_: Any) -> None:
        raise error

    return answer


def asked(front: Any, method: str) -> list[dict[str, Any]]:
    """The requests of that command that auth received."""
    return [
        call["arguments"]["request"] for call in front.auth.received if call["method"] == method
    ]


def client_signs_in(**_: Any) -> dict[str, Any]:
    return callers.signed_in(callers.a_client_user(), login="+33612345678")


def staff_signs_in(**_: Any) -> dict[str, Any]:
    return callers.signed_in(callers.a_staff_user())


@pytest.mark.parametrize("code", ["123456", 123456, " 123 456 ", "123-456"])
def test_a_client_signs_in_with_a_phone_and_a_code(front, code):
    front.auth.methods["sign_in"] = client_signs_in
    front.answers("get_location", lambda **_: a.a_location())
    body = {"phone": "+33612345678", "code": code, "company_id": 1, "lang_id": 2}
    response = front.post("/api/v1/user/auth", json=body, headers={"User-Agent": "App/1.0"})
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    signed_in = {
        "id": 21,
        "user_token": "t0k3n",
        "name": "Camille",
        "phone": "+33612345678",
        "login": "+33612345678",
        "email": "",
        "avatar": "",
    }
    assert response.json == {"success": True, "data": signed_in, "meta": []}
    assert front.post("/api/v1/user/auth/", json=body, accept="*/*").json == signed_in
    assert asked(front, "sign_in")[0] == {
        "phone": "+33612345678",
        "country_code": None,
        "code": "123456",
        "device": "App/1.0",
        "password": None,
        "user_digest": None,
        "owner_id": None,
    }


def test_a_phone_without_its_country_is_one_of_the_named_location(front):
    front.answers("get_location", lambda **_: a.a_location())
    front.auth.methods["sign_in"] = client_signs_in
    for named in ({"company_id": "1"}, {"location_id": 1}, {}):
        front.post("/api/v1/user/auth", json={"phone": "0612345678", "code": "1234", **named})
    assert [one["country_code"] for one in asked(front, "sign_in")] == ["FR", "FR", None]


@pytest.mark.parametrize("code", [None, "", "  ", " - "])
def test_nobody_signs_in_without_a_code(front, code):
    response = front.post("/api/v1/user/auth", json={"phone": "+33612345678", "code": code})
    assert (response.status_code, response.json["errors"]["reason"]) == (422, "field_missing")
    assert list(response.json["errors"]["fields"]) == ["code"]
    assert asked(front, "sign_in") == []


def test_a_wrong_code_is_the_contracts_432(front):
    front.auth.methods["sign_in"] = raising(Invalid("code_incorrect"))
    response = front.post("/api/v1/user/auth", json={"phone": "+33612345678", "code": "0"})
    assert (response.status_code, response.json["errors"]["code"]) == (422, 432)


@pytest.mark.parametrize(
    "sent",
    [
        {"json": LOGIN},
        {"data": LOGIN},
        {"query_string": LOGIN},
        {"query_string": LOGIN, "content_type": "application/json"},
        {"query_string": LOGIN, "content_type": "text/plain"},
        {"query_string": {"login": "another"}, "json": LOGIN},
    ],
)
def test_staff_sign_in_by_json_form_or_query(front, sent):
    front.auth.methods["staff_sign_in"] = staff_signs_in
    response = front.post("/api/v1/auth", **sent)
    assert response.status_code == 201
    assert response.json["data"] == {
        "0": "t0k3n",
        "id": 31,
        "user_token": "t0k3n",
        "name": "Inès",
        "phone": "+33142720000",
        "login": "owner",
        "email": "owner@example.com",
        "avatar": "",
        "is_approved": True,
        "is_email_confirmed": False,
    }
    [request] = asked(front, "staff_sign_in")
    assert (request["login"], request["password"]) == ("owner", PASSWORD)


def test_in_v1_the_token_of_staff_stands_at_the_top(front):
    front.auth.methods["staff_sign_in"] = staff_signs_in
    told = front.post("/api/v1/auth", json=LOGIN, accept="application/json").json
    assert told["user_token"] == told["0"] == "t0k3n"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"json": {"login": "owner"}}, "field_missing"),
        ({"json": {"login": "owner", "password": ""}}, "field_invalid"),
        ({"json": {"login": "owner", "password": ["x"]}}, "field_invalid"),
        ({"data": {"login": "owner", "password": "a\x00b"}}, "field_invalid"),
        ({"data": b"login=owner", "content_type": "text/plain"}, "content_type_unsupported"),
        ({"json": [LOGIN]}, "field_invalid"),
        ({}, "field_missing"),
    ],
)
def test_malformed_credentials_are_refused_here(front, sent, reason):
    response = front.post("/api/v1/auth", **sent)
    assert 400 <= response.status_code < 500
    assert response.json["errors"]["reason"] == reason
    assert front.auth.received == [] or asked(front, "staff_sign_in") == []


def test_a_wrong_password_is_a_401(front):
    front.auth.methods["staff_sign_in"] = raising(Unauthenticated("password_incorrect"))
    response = front.post("/api/v1/auth", json=LOGIN)
    assert (response.status_code, response.json["errors"]["reason"]) == (401, "password_incorrect")


@pytest.mark.parametrize("path", ["/api/v1/auth", "/api/v1/user/auth"])
def test_an_old_user_token_does_not_keep_anybody_from_signing_in(front, path):
    front.auth.methods |= {"staff_sign_in": staff_signs_in, "sign_in": client_signs_in}
    body = {**LOGIN, "phone": "+33612345678", "code": "123456"}
    assert front.post(path, json=body, user="dead").status_code == 201
    [identified] = [call for call in front.auth.received if call["method"] == "identify"]
    assert identified["arguments"]["user_digest"] is None


def test_a_dead_token_is_refused_elsewhere(front):
    response = front.get("/api/v1/company/1", user="dead")
    assert (response.status_code, response.json["errors"]["reason"]) == (401, "session_unknown")
    assert front.booking.received == []


def test_who_has_signed_out_is_asked_about_anew(front):
    ended: list[str] = []
    known = front.auth.methods["identify"]

    def identify(partner_digest: str, user_digest: str | None) -> Any:
        return known(partner_digest, None if user_digest in ended else user_digest)

    def sign_out(request: dict[str, Any]) -> dict[str, Any]:
        ended.append(request["user_digest"])
        return {}

    front.auth.methods |= {"identify": identify, "sign_out": sign_out}
    response = front.delete("/api/v1/user/session", user="client")
    assert (response.status_code, response.data) == (204, b"")
    assert ended == [digest_of("client-token")]
    assert front.get("/api/v1/user/records", user="client").status_code == 401


def test_the_services_are_told_on_whose_behalf_they_are_called(front):
    front.answers("get_location", lambda **_: a.a_location())
    front.get("/api/v1/company/1", user="client", headers={"Accept-Language": "fr"})
    headers = front.last_call["headers"]
    assert headers["nameko.viewer"] == (
        '{"partner_id": 3, "partner_business_ids": null, "user_id": 21, "kind": "client",'
        ' "phone": "+33612345678", "phone_is_fresh": true, "email": null, "rights": []}'
    )
    assert headers["nameko.locale"] == "fr"


def test_no_secret_is_told_or_logged_when_something_fails(front, capsys):
    secret = "S3cret-4711"
    front.auth.methods |= {
        "staff_sign_in": raising(KeyError(secret)),
        "sign_in": raising(ValueError(secret)),
    }
    told = [
        front.post("/api/v1/auth", json={"login": "o", "password": secret}),
        front.post("/api/v1/auth", query_string={"login": "o", "password": secret}),
        front.post("/api/v1/auth", data=f'{{"password": "{secret}"', headers=JSON),
        front.post("/api/v1/auth", json={"login": [], "password": secret}),
        front.post("/api/v1/user/auth", json={"phone": "+33612345678", "code": secret}),
        front.get("/api/v1/user/records", user=secret),
    ]
    front.auth.methods["staff_sign_in"] = raising(Silence())
    front.hurry()
    told.append(front.post("/api/v1/auth", json={"login": "o", "password": secret}))
    assert [response.status_code for response in told] == [500, 500, 400, 422, 500, 401, 504]
    assert secret not in "".join(response.text for response in told)
    assert secret not in "".join(capsys.readouterr())


JSON = {"Content-Type": "application/json"}


def test_tokens_reach_no_service(front):
    front.answers("get_location", lambda **_: a.a_location())
    for token in USERS:
        front.get("/api/v1/company/1", user=token.removesuffix("-token"))
    travelled = repr([call for service in front.services.values() for call in service.received])
    assert not any(token in travelled for token in USERS)
