"""Browsers: pages of the sites that a form names may call, and no others."""

import pytest

from services.common.errors import Forbidden
from tests import callers
from tests import snapshots as a

SITE = "https://salon.example"
PREFLIGHT = {"Origin": SITE, "Access-Control-Request-Method": "GET"}


@pytest.fixture
def open_front(front):
    front.app.extensions["origins"].forget("origins")
    origins = [
        {"origin": SITE, "business_id": 7},
        {"origin": "https://other.example", "business_id": 8},
    ]
    front.answers("list_allowed_origins", lambda **_: {"origins": origins})
    front.answers("get_booking_form", lambda **_: a.a_booking_form())
    front.answers("get_location", lambda **_: a.a_location())
    return front


def preflight(front, path, **changes):
    headers = {name: value for name, value in (PREFLIGHT | changes).items() if value is not None}
    return front.app.test_client().options(path, headers=headers)


def test_a_preflight_from_a_forms_site_is_answered(open_front):
    response = preflight(
        open_front,
        "/api/v1/book_record/1",
        **{"Access-Control-Request-Method": "POST"},
    )
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert response.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "*",
        "http://salon.example",
        "https://salon.example.evil.example",
        "https://evilsalon.example",
        "https://salon.example:8443",
        "https://SALON.example",
        "https://salon.example/",
        "https://salon.example https://evil.example",
        "x" * 5000,
        "",
    ],
)
def test_another_site_gets_no_leave(open_front, origin):
    answers = [
        preflight(open_front, "/api/v1/bookform/4", Origin=origin),
        open_front.get("/api/v1/bookform/4", headers={"Origin": origin}),
    ]
    for response in answers:
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "Access-Control-Allow-Methods" not in response.headers
    assert answers[1].status_code == 200


def test_an_answer_may_be_read_by_the_site(open_front):
    response = open_front.get("/api/v1/bookform/4", headers={"Origin": SITE})
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers
    plain = open_front.get("/api/v1/bookform/4")
    assert "Access-Control-Allow-Origin" not in plain.headers
    assert "Origin" in plain.headers["Vary"]


def test_so_may_a_refusal(open_front):
    def refuse(**_):
        raise Forbidden("booking_paused")

    open_front.answers("get_booking_form", refuse)
    response = open_front.get("/api/v1/bookform/4", headers={"Origin": SITE})
    assert response.status_code == 403
    assert response.headers["Access-Control-Allow-Origin"] == SITE


def test_a_key_of_one_business_does_not_serve_the_site_of_another(open_front):
    open_front.auth.methods["identify"] = lambda **_: callers.an_identity(business_ids=[7])
    allowed = open_front.get("/api/v1/bookform/4", headers={"Origin": SITE})
    other = open_front.get("/api/v1/bookform/4", headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" in allowed.headers
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/records/1"),
        ("PATCH", "/api/v1/company/1/settings/online"),
        ("POST", "/api/v1/auth"),
        ("GET", "/livez"),
        ("GET", "/openapi.json"),
    ],
)
def test_what_is_not_for_clients_is_for_no_page(open_front, method, path):
    response = preflight(open_front, path, **{"Access-Control-Request-Method": method})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert open_front.booking.received == []


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/api/v1/nothing", {}),
        ("/api/v1/bookform/4", {"Access-Control-Request-Method": "DELETE"}),
        ("/api/v1/bookform/4", {"Access-Control-Request-Method": "BREW"}),
        ("/api/v1/bookform/4", {"Access-Control-Request-Method": None}),
        ("/api/v1/bookform/4", {"Origin": None}),
    ],
)
def test_what_is_no_preflight_of_a_route_is_refused_as_ever(open_front, path, changes):
    response = preflight(open_front, path, **changes)
    assert response.status_code in (404, 405)
    assert "Access-Control-Allow-Origin" not in response.headers


def test_without_booking_nobody_is_let_in(open_front):
    def broken(**_):
        raise Forbidden("forbidden")

    open_front.answers("list_allowed_origins", broken)
    response = open_front.get("/api/v1/company/1", headers={"Origin": SITE})
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_changed_form_counts_at_once(open_front):
    front = open_front
    assert "Access-Control-Allow-Origin" in preflight(front, "/api/v1/bookform/4").headers
    front.answers("list_allowed_origins", lambda **_: {"origins": []})
    front.answers("update_booking_form", lambda request: a.a_form_for_staff(allowed_origins=[]))
    front.patch("/api/v1/company/1/booking_forms/4", user="staff", json={"allowed_origins": []})
    assert "Access-Control-Allow-Origin" not in preflight(front, "/api/v1/bookform/4").headers
