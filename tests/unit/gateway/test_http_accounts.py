"""Clients' accounts over HTTP: what is asked of auth, and what is told."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from gateway.partners import digest_of
from gateway.wire.texts import text
from services.common.errors import Forbidden, NotFound
from tests import callers
from tests import snapshots as a

SENT = {
    "recipient": "ann@example.com",
    "expires_in_seconds": 3600,
    "next_send_in_seconds": 60,
    "length": 6,
}


def asked(front: Any, method: str) -> dict[str, Any]:
    """The request of that command that auth received last."""
    calls = [call for call in front.auth.received if call["method"] == method]
    request: dict[str, Any] = calls[-1]["arguments"]["request"]
    return request


def signed_in(**_: Any) -> dict[str, Any]:
    return callers.signed_in(callers.a_client_user(), login="+33612345678", photo="ab" * 16)


def raising(error: Exception) -> Any:
    def answer(**_: Any) -> None:
        raise error

    return answer


def test_a_client_signs_in_with_a_password(front):
    front.auth.methods["sign_in_with_password"] = signed_in
    body = {"login": " ann@example.com ", "password": " pass word "}
    response = front.post("/api/v1/booking/auth", json=body)

    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json["data"]["user_token"] == "t0k3n"
    assert response.json["data"]["avatar"] == f"/photos/{'ab' * 16}.jpg"
    request = asked(front, "sign_in_with_password")
    assert (request["login"], request["password"]) == ("ann@example.com", " pass word ")


def test_a_phone_as_login_is_one_of_the_named_location(front):
    front.answers("get_location", lambda **_: a.a_location())
    front.auth.methods["sign_in_with_password"] = signed_in
    body = {"login": "0612345678", "password": "x", "company_id": 1}
    front.post("/api/v1/booking/auth", json=body)
    assert asked(front, "sign_in_with_password")["country_code"] == "FR"


@pytest.mark.parametrize("path", ["user/auth", "booking/auth"])
def test_where_there_are_no_accounts_nobody_signs_in(front, path):
    location = a.a_location()
    off = location | {"business": location["business"] | {"client_accounts": False}}
    front.answers("get_location", lambda **_: off)
    body = {"phone": "+33612345678", "login": "x@y.example", "code": "1", "password": "x"}
    response = front.post(f"/api/v1/{path}", json=body | {"company_id": 1})

    assert response.status_code == 403
    assert response.json["errors"]["reason"] == "client_accounts_off"
    assert {call["method"] for call in front.auth.received} == {"identify"}


def test_an_account_is_asked_for_with_what_was_typed(front):
    front.auth.methods["sign_up"] = lambda request: SENT
    body = {"email": "ann@example.com", "password": "x" * 12, "fullname": "Ann", "terms": 1}
    response = front.post("/api/v1/booking/account", json=body)

    assert response.status_code == 202
    assert response.json["meta"]["message"] == "Accepted"
    request = asked(front, "sign_up")
    assert (request["email"], request["name"]) == ("ann@example.com", "Ann")
    assert request["address"] == "127.0.0.1"


def test_or_with_what_an_appointment_says_to_who_knows_its_hash(front):
    front.auth.methods["sign_up"] = lambda request: SENT
    client = {"id": 1, "name": "Ann Clark", "phone": "+33612345678", "email": "ann@example.com"}
    front.answers("get_appointment", lambda **_: a.an_appointment(client=client))
    body = {"password": "x" * 12, "terms": True, "record_id": 17, "record_hash": "ab" * 16}
    front.post("/api/v1/booking/account", json=body)
    assert asked(front, "sign_up")["email"] == "ann@example.com"
    assert asked(front, "sign_up")["name"] == "Ann Clark"

    front.answers("get_appointment", raising(NotFound("appointment_not_found")))
    assert front.post("/api/v1/booking/account", json=body).status_code == 404


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"terms": False}, "terms_not_accepted"),
        ({}, "field_missing"),
        ({"terms": True, "password": ""}, "field_invalid"),
    ],
)
def test_without_terms_or_password_there_is_no_account(front, body, reason):
    wish = {"email": "ann@example.com", "password": "x" * 12} | body
    response = front.post("/api/v1/booking/account", json=wish)
    assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)


def test_who_signs_in_by_phone_may_know_more_of_an_old_account(front):
    front.auth.methods["sign_in"] = signed_in
    front.answers("get_appointment_owner", lambda **_: {"user_id": 21})
    body = {"phone": "+33612345678", "code": "123456", "password": "x"}
    more = {"record_id": 17, "record_hash": "ab" * 16}
    front.post("/api/v1/user/auth", json=body | more, user="client")
    request = asked(front, "sign_in")
    assert (request["password"], request["owner_id"]) == ("x", 21)
    assert request["user_digest"] == digest_of("client-token")

    front.answers("get_appointment_owner", raising(NotFound("appointment_not_found")))
    front.post("/api/v1/user/auth", json=body | more)
    assert asked(front, "sign_in")["owner_id"] is None
    assert asked(front, "sign_in")["user_digest"] is None


def test_the_profile_repeats_the_token_and_fills_in_the_next_booking(front):
    front.auth.methods["get_profile"] = lambda: a.a_profile(photo="ab" * 16, language="fr")
    front.answers("get_last_answers", lambda **_: {"custom_fields": {"allergies": "none"}})
    response = front.get("/api/v1/booking/user/data", user="client")

    data = response.json["data"]
    assert (data["0"], data["user_token"]) == ("client-token", "client-token")
    assert data["prefill"] == {
        "name": "Camille",
        "phone": "+33612345678",
        "email": "",
        "custom_fields": {"allergies": "none"},
    }
    assert response.headers["Cache-Control"] == "no-store"


def test_what_is_not_given_is_not_changed(front):
    front.auth.methods["change_profile"] = lambda request: a.a_profile()
    response = front.put("/api/v1/booking/user", json={"name": "Ann"}, user="client")

    assert (response.status_code, response.json["meta"]) == (202, {"message": "Accepted"})
    request = asked(front, "change_profile")
    assert {name: value for name, value in request.items() if value is not None} == {"name": "Ann"}


def test_a_new_phone_comes_with_its_code(front):
    front.auth.methods["change_profile"] = lambda request: a.a_profile()
    front.auth.methods["request_phone_change"] = lambda request: SENT
    front.answers("get_location", lambda **_: a.a_location())
    query = {"phone": "0612345678", "company_id": 1}
    sent = front.get("/api/v1/booking/user/phone_confirmation", query_string=query, user="client")
    assert sent.status_code == 202
    assert asked(front, "request_phone_change")["country_code"] == "FR"

    body = {"phone": "0612345678", "confirmation_code": 42137, "company_id": 1}
    front.put("/api/v1/booking/user", json=body, user="client")
    request = asked(front, "change_profile")
    assert (request["phone"], request["phone_code"]) == ("0612345678", "42137")


def a_picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (900, 600), "blue").save(out, "PNG")
    return BytesIO(out.getvalue())


def test_a_picture_is_redrawn_before_auth_gets_it(front):
    front.auth.methods["change_photo"] = lambda request: a.a_profile(photo="cd" * 16)
    form = {"photo": (a_picture(), "me.png")}
    response = front.post("/api/v1/booking/user/photo", data=form, user="client")

    assert response.status_code == 201
    assert response.json["data"] == {"avatar": f"/photos/{'cd' * 16}.jpg"}
    content = base64.b64decode(asked(front, "change_photo")["content"])
    assert Image.open(BytesIO(content)).size == (512, 341)
    assert front.delete("/api/v1/booking/user/photo", user="client").status_code == 204
    assert asked(front, "change_photo") == {"content": None}


@pytest.mark.parametrize(
    ("form", "status", "reason"),
    [
        ({}, 422, "field_missing"),
        ({"photo": "text"}, 422, "field_missing"),
        ({"photo": (BytesIO(b"not a picture"), "me.png")}, 422, "photo_unreadable"),
    ],
)
def test_what_is_no_picture_is_refused(front, form, status, reason):
    response = front.post("/api/v1/booking/user/photo", data=form, user="client")
    assert (response.status_code, response.json["errors"]["reason"]) == (status, reason)


def test_a_file_that_is_too_large_is_not_even_read(front, monkeypatch):
    monkeypatch.setattr("gateway.routes.accounts.LARGEST_FILE", 1000)
    form = {"photo": (BytesIO(b"x" * 2000), "me.png")}
    response = front.post("/api/v1/booking/user/photo", data=form, user="client")
    assert (response.status_code, response.json["errors"]["reason"]) == (413, "body_too_large")


def test_a_picture_is_served_to_everybody_for_ever(front):
    front.auth.methods["get_photo"] = lambda name: {"content": base64.b64encode(b"jpeg").decode()}
    response = front.app.test_client().get(f"/photos/{'ab' * 16}.jpg")

    assert (response.data, response.mimetype) == (b"jpeg", "image/jpeg")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    front.auth.methods["get_photo"] = raising(NotFound("photo_not_found"))
    gone = front.app.test_client().get(f"/photos/{'ab' * 16}.jpg")
    assert gone.status_code == 404 and "immutable" not in gone.headers.get("Cache-Control", "")


def test_where_passwords_are_off_it_is_said(front):
    front.auth.methods["sign_in_with_password"] = raising(Forbidden("password_sign_in_off"))
    response = front.post("/api/v1/booking/auth", json={"login": "x@y.example", "password": "x"})
    assert (response.status_code, response.json["errors"]["reason"]) == (
        403,
        "password_sign_in_off",
    )


@pytest.mark.parametrize(
    ("chosen", "language"), [("fr", "fr"), ("en", "en"), ("de", "de"), ("pt", "en"), (None, "en")]
)
def test_texts_are_in_the_language_that_the_user_has_chosen(front, chosen, language):
    user = callers.a_client_user(language=chosen)
    front.auth.methods["identify"] = lambda **_: callers.an_identity(user)
    front.auth.methods["get_profile"] = raising(NotFound("account_not_found"))
    headers = {"Accept-Language": "en"}
    response = front.get("/api/v1/booking/user/data", headers=headers, user="client")
    assert response.json["errors"]["message"] == text("account_not_found", language)
    assert front.auth.received[-1]["headers"]["nameko.locale"] == language
