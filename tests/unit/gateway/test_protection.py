"""What browsers are told, and what a Host header cannot do."""

import re
from typing import Any

import pytest

from gateway.app import create_app
from services.common.config import Settings
from services.common.errors import NotFound
from tests import snapshots as a

DATA = "default-src 'none'; frame-ancestors 'none'"


def an_answer(path: str = "/livez", **settings: Any) -> Any:
    app = create_app(Settings(amqp_uri="memory://", rate_limits=False, **settings))
    return app.test_client().get(path)


@pytest.mark.parametrize("path", ["/livez", "/openapi.json", "/nowhere", "/api/v1/company/1"])
def test_every_answer_is_data_that_nothing_runs_or_frames(path):
    headers = an_answer(path).headers

    assert headers["Content-Security-Policy"] == DATA
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_page_to_try_it_runs_its_own_scripts_alone():
    policy = an_answer("/docs").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert not re.search(r"https?:|\*", policy)


@pytest.mark.parametrize(
    ("settings", "is_told"),
    [
        ({"public_url": "https://booking.example.com"}, True),
        ({"public_url": "http://booking.example.com"}, False),
        ({}, False),
        ({"public_url": "https://booking.example.com", "env": "dev"}, False),
    ],
)
def test_browsers_are_kept_to_https_where_production_has_it(settings, is_told):
    assert ("Strict-Transport-Security" in an_answer(**settings).headers) is is_told


def not_found(**_: Any) -> None:
    raise NotFound("appointment_not_found")


def test_what_is_somebodys_own_lies_in_no_cache(front):
    front.answers("get_appointment", not_found)
    front.answers("get_location", lambda **_: a.a_location())
    by_hash = f"/api/v1/user/records/17/{'ab' * 16}"

    assert front.get(by_hash).headers["Cache-Control"] == "no-store"
    own = front.get("/api/v1/user/records/17", user="client")
    assert own.headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in front.get("/api/v1/company/1").headers


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"])
def test_what_host_a_caller_names_changes_nothing(front, header):
    front.answers("get_location", lambda **_: a.a_location())
    plain = front.get("/api/v1/company/1")

    named = front.get("/api/v1/company/1", headers={header: "evil.example"})

    assert named.status_code == 200
    assert named.json == plain.json
    assert "evil" not in named.text + str(named.headers)
