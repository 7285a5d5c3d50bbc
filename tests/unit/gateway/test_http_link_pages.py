"""The pages that links in letters lead to: read by machines without harm, used by people once."""

import re
from typing import Any

import pytest

from services.common.errors import Invalid, NotFound, TooManyAttempts

PAGES = {
    "confirm": ("prove_email", "confirm_sign_up"),
    "password": ("reset_password", "reset_password_by_link"),
    "invitation": ("invite_staff", "accept_invitation"),
    "staff-password": ("reset_staff_password", "reset_staff_password_by_link"),
}


def open_page(front: Any, kind: str, *, method: str = "GET", **more: Any) -> Any:
    return front.app.test_client().open(f"/account/{kind}/a-token", method=method, **more)


def raising(error: Exception) -> Any:
    def answer(**_: Any) -> None:
        raise error

    return answer


@pytest.fixture
def asked(front) -> list[dict[str, Any]]:
    """What auth is asked to do; each link is Anna's."""
    done: list[dict[str, Any]] = []
    methods = front.auth.methods
    methods["look_at_link"] = lambda token, purpose: {"email": "anna@example.com"}
    for _, command in PAGES.values():
        methods[command] = lambda request, command=command: done.append({command: request}) or {}
    return done


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_a_page_does_nothing(front, asked, kind, method):
    response = open_page(front, kind, method=method)

    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert asked == []
    looked = [call["arguments"] for call in front.auth.received if call["method"] == "look_at_link"]
    assert looked == [{"token": "a-token", "purpose": PAGES[kind][0]}]


@pytest.mark.parametrize("kind", PAGES)
def test_its_button_does_what_it_says(front, asked, kind):
    form = {"password": " pass word ", "name": "Anna"}
    response = open_page(front, kind, method="POST", data=form)

    [request] = [call[PAGES[kind][1]] for call in asked]
    expected = form if kind == "invitation" else {"password": " pass word "}
    assert request == {"token": "a-token", **expected}
    assert response.status_code == 200
    assert "<form" not in response.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Choose a new password"),
        ("fr", "Choisissez un nouveau"),
        ("de-AT", "Wählen Sie ein neues"),
        ("pt", "Choose"),
    ],
)
def test_it_speaks_the_readers_language(front, asked, language, words):
    response = open_page(front, "password", headers={"Accept-Language": language})
    assert words in response.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("refusal", "status"), [(NotFound("link_over"), 404), (Invalid("link_incorrect"), 422)]
)
def test_a_link_that_opens_nothing_says_so(front, asked, method, refusal, status):
    front.auth.methods["look_at_link"] = raising(refusal)
    response = open_page(front, "confirm", method=method, data={"password": "x"})

    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert "<form" not in response.text and 'role="alert"' in response.text
    assert asked == []


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Invalid("password_too_short"), 422),
        (Invalid("password_incorrect"), 401),
        (TooManyAttempts("too_many_attempts", params={"seconds": 30}), 429),
    ],
)
def test_who_mistypes_may_try_again_at_once(front, asked, refusal, status):
    front.auth.methods["confirm_sign_up"] = raising(refusal)
    response = open_page(front, "confirm", method="POST", data={"password": "x"})

    assert response.status_code == status
    assert "<form" in response.text and 'role="alert"' in response.text


def test_nothing_that_somebody_typed_becomes_part_of_the_page(front, asked):
    nasty = '"><script>alert(1)</script>'
    front.auth.methods["look_at_link"] = lambda **_: {"email": nasty}
    front.auth.methods["accept_invitation"] = raising(Invalid("name_missing"))
    response = open_page(front, "invitation", method="POST", data={"name": nasty})

    assert "<script" not in response.text
    assert "&lt;script&gt;" in response.text


def test_a_page_loads_and_runs_nothing_and_lies_in_no_cache(front, asked):
    response = open_page(front, "confirm")

    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r"(?:src|href|action)=", response.text)
    assert "width=device-width" in response.text


def test_there_is_no_other_page(front, asked):
    assert open_page(front, "elsewhere").status_code == 404


@pytest.mark.parametrize(
    "form", [{}, {"password": "\x00"}, {"password": ["a", "b"]}, {"x": "y" * 9999}]
)
def test_a_strange_form_is_no_defect(front, asked, form):
    assert open_page(front, "confirm", method="POST", data=form).status_code < 500
    assert open_page(front, "confirm", method="POST", json=form).status_code < 500
