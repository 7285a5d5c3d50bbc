"""Users of the staff, their sessions and keys, in the words of the API."""

import json
import time
from typing import Any

import pytest

from gateway.app import create_app
from gateway.context import NOBODY
from gateway.partners import digest_of
from services.common.errors import Unauthenticated
from services.common.rpc.client import RpcClient
from tests import callers
from tests import snapshots as a
from tests.contract.owners import CHALLENGE, INVITATION, PARTNER_KEY, RIGHT, STAFF_USER
from tests.small_bus import URI
from tests.unit.gateway.conftest import SETTINGS, Front

SLUGS = [
    "records_view",
    "records_edit",
    "records_delete",
    "clients_view",
    "clients_edit",
    "clients_delete",
    "schedule_view",
    "schedule_edit",
    "users_view",
    "users_edit",
    "partner_keys_edit",
    "services_edit",
    "staff_edit",
    "settings_edit",
    "reviews_edit",
]


def answers(front: Front, method: str, answer: Any) -> None:
    front.auth.methods[method] = lambda **_: answer


def asked(front: Front, method: str) -> dict[str, Any]:
    """What auth was asked last by that method."""
    found = [call for call in front.auth.received if call["method"] == method][-1]["arguments"]
    request: dict[str, Any] = found.get("request", found)
    return request


def test_permissions_are_told_by_their_slugs(front: Front) -> None:
    answers(front, "get_own_right", {"right": callers.a_right("staff", location_id=1)})
    told = front.get("/api/v1/user/permissions/1", user="staff").json["data"]
    assert told["user_role"] == {"slug": "staff", "title": "Staff"}
    values = {one["slug"]: one["value"] for one in told["user_permissions"]}
    assert list(values) == SLUGS
    assert [slug for slug, value in values.items() if value] == [
        "records_view",
        "records_edit",
        "schedule_view",
    ]
    assert told["all_locations"] is False
    assert asked(front, "get_own_right") == {"business_id": 7, "location_id": 1}


def test_users_are_listed_at_both_addresses_and_in_both_bodies(front: Front) -> None:
    answers(front, "list_staff_users", {"users": [STAFF_USER]})
    told = front.get("/api/v1/company/1/users", user="staff").json
    assert told["meta"] == {"count": 1}
    assert (told["data"][0]["id"], told["data"][0]["phone"]) == (1, "")
    assert front.get("/api/v1/company_users/1/", user="staff").json == told
    assert front.get("/api/v1/company/1/users", user="staff", accept="*/*").json == told["data"]


def test_roles_are_told_in_the_language_of_the_request(front: Front) -> None:
    french = {"Accept-Language": "fr"}
    told = front.get("/api/v1/company/1/users/roles", user="staff", headers=french).json["data"]
    assert [role["title"] for role in told] == ["Propriétaire", "Administrateur", "Équipe"]


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        ({}, {"role": None, "allow": [], "refuse": [], "all_locations": False}),
        (
            {"user_role": "administrator", "all_locations": "1"},
            {"role": "administrator", "allow": [], "refuse": [], "all_locations": True},
        ),
        (
            {
                "user_role": {"slug": "staff", "title": "Staff"},
                "user_permissions": [
                    {"slug": "records_delete", "value": 1},
                    {"slug": "schedule_edit", "value": True},
                    {"slug": "schedule_edit", "value": "0"},
                ],
            },
            {
                "role": "staff",
                "allow": ["appointments_delete"],
                "refuse": ["schedules_edit"],
                "all_locations": False,
            },
        ),
    ],
)
def test_rights_are_changed_in_our_words(front: Front, body: Any, request_: Any) -> None:
    answers(front, "change_right", {"right": RIGHT})
    path = "/api/v1/company/1/users/5/permissions"
    assert front.put(path, user="staff", json=body).status_code == 200
    place = {"business_id": 7, "location_id": 1, "user_id": 5}
    assert asked(front, "change_right") == place | request_


@pytest.mark.parametrize(
    "body",
    [
        {"user_role": "king"},
        {"user_role": {}},
        {"user_permissions": [{"slug": "everything", "value": True}]},
        {"user_permissions": [{"slug": "records_view"}]},
        {"user_permissions": "records_view"},
        {"all_locations": "perhaps"},
    ],
)
def test_rights_that_there_are_not_are_refused_here(front: Front, body: Any) -> None:
    response = front.put("/api/v1/company/1/users/5/permissions", user="staff", json=body)
    assert response.status_code == 422
    assert all(call["method"] == "identify" for call in front.auth.received)


def test_other_locations_are_named_with_their_business(front: Front) -> None:
    answers(front, "copy_right", {})
    body = {"company_ids": "1"}
    path = "/api/v1/company/1/users/5/copy_to_companies"
    assert front.post(path, user="staff", json=body).status_code == 201
    assert asked(front, "copy_right")["places"] == [{"business_id": 7, "location_id": 1}]
    assert front.post(path, user="staff", json={}).json["errors"]["reason"] == "field_missing"


def test_an_invitation_says_who_and_as_what(front: Front) -> None:
    answers(front, "invite_staff", INVITATION)
    response = front.post("/api/v1/user/invite/1", user="staff", json={"email": "n@example.com"})
    assert (response.status_code, response.json["data"]["email"]) == (201, "new@example.com")
    assert asked(front, "invite_staff") == {
        "business_id": 7,
        "location_id": 1,
        "email": "n@example.com",
        "locale": "en",
        "allow": [],
        "refuse": [],
        "all_locations": False,
    }


def test_a_new_key_is_told_once_and_kept_by_no_cache(front: Front) -> None:
    answers(front, "create_partner_key", {"key": PARTNER_KEY, "secret": "kp_secret"})
    answers(front, "list_partner_keys", {"keys": [PARTNER_KEY]})
    path = "/api/v1/company/1/partner_keys"
    made = front.post(path, user="staff", json={"title": "Widget", "scopes": ["booking"]})
    assert (made.status_code, made.json["data"]["partner_token"]) == (201, "kp_secret")
    assert made.headers["Cache-Control"] == "no-store"
    assert "partner_token" not in front.get(path, user="staff").json["data"][0]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "W", "scopes": []},
        {"title": "W", "scopes": ["everything"]},
        {"title": "W", "rate_per_minute": 0},
        {"title": "W", "rate_per_second": 101},
        {"title": "W", "rate_per_minute": 3001},
    ],
)
def test_a_key_that_makes_no_sense_is_refused_here(front: Front, body: Any) -> None:
    response = front.post("/api/v1/company/1/partner_keys", user="staff", json=body)
    assert response.status_code == 422
    assert all(call["method"] == "identify" for call in front.auth.received)


def test_who_has_a_second_factor_is_answered_200_with_a_uuid(front: Front) -> None:
    answers(front, "staff_sign_in", CHALLENGE)
    response = front.post("/api/v1/auth", json={"login": "owner", "password": "long enough"})
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert response.json["data"] == {"uuid": "0" * 36, "channel": "sms", "expires_in": 600}

    answers(front, "staff_sign_in", callers.signed_in(callers.a_staff_user()))
    more = {"login": "owner", "uuid": "0" * 36, "code": " 123-456 "}
    assert front.post("/api/v1/auth", data=more).status_code == 201
    told = asked(front, "staff_sign_in")
    assert (told["challenge_id"], told["code"], "password" in told) == ("0" * 36, "123456", False)


def test_a_uuid_without_its_code_is_refused_here(front: Front) -> None:
    response = front.post("/api/v1/auth", json={"login": "owner", "uuid": "0" * 36})
    assert response.json["errors"]["reason"] == "field_missing"
    assert list(response.json["errors"]["fields"]) == ["code"]


def test_sessions_are_listed_without_their_tokens(front: Front) -> None:
    session = {
        "id": 4,
        "device": None,
        "created_at": "2026-11-20T09:00:00Z",
        "last_used_at": "2026-11-20T10:00:00Z",
        "is_current": True,
    }
    answers(front, "list_sessions", {"sessions": [session]})
    told = front.get("/api/v1/user/sessions", user="client").json
    assert told["data"] == [
        {
            "id": 4,
            "device": "",
            "create_date": "2026-11-20T09:00:00+00:00",
            "last_use_date": "2026-11-20T10:00:00+00:00",
            "is_current": True,
        }
    ]


@pytest.mark.parametrize(("query", "with_current"), [("", False), ("?all=1", True)])
def test_all_other_sessions_are_ended_or_all(front: Front, query: str, with_current: bool) -> None:
    answers(front, "end_sessions", {})
    assert front.delete(f"/api/v1/user/sessions{query}", user="client").status_code == 204
    assert asked(front, "end_sessions")["with_current"] is with_current


def test_what_is_kept_of_a_location_was_asked_on_nobodys_behalf(front: Front) -> None:
    """Else a key for another business would be refused for everybody who waits meanwhile."""
    front.answers("get_location", lambda **_: a.a_location())
    limited = callers.an_identity(business_ids=[8])
    front.auth.methods["identify"] = lambda partner_digest, user_digest: limited
    response = front.get("/api/v1/book_services/1")
    assert response.json["errors"]["reason"] == "location_outside_key"
    [asked] = [call for call in front.booking.received if call["method"] == "get_location"]
    assert json.loads(asked["headers"]["nameko.viewer"]) == NOBODY


def test_what_one_gateway_has_ended_is_dead_at_another_within_a_second(front: Front) -> None:
    ended: list[str] = []
    known = front.auth.methods["identify"]

    def identify(partner_digest: str, user_digest: str | None) -> Any:
        if user_digest is not None and ended:
            raise Unauthenticated("session_unknown")
        return known(partner_digest, user_digest)

    front.auth.methods["identify"] = identify
    front.auth.methods["end_sessions"] = lambda request: ended.append("all") or {}
    front.answers("get_location", lambda **_: a.a_location())
    client = RpcClient(URI, timeout_seconds=10.0)
    another = Front(create_app(SETTINGS, rpc=client), front.services)

    assert another.get("/api/v1/company/1", user="client").status_code == 200
    asked_at = time.monotonic()
    assert front.delete("/api/v1/user/sessions?all=1", user="client").status_code == 204
    assert front.get("/api/v1/company/1", user="client").status_code == 401
    while another.get("/api/v1/company/1", user="client").status_code == 200:
        assert time.monotonic() < asked_at + 1.0
        time.sleep(0.02)
    client.close()


def limited_to(front: Front, business_id: int) -> None:
    """Whoever calls does so with a key for this business alone."""
    known = front.auth.methods["identify"]

    def identify(partner_digest: str, user_digest: str | None) -> Any:
        identity = known(partner_digest, user_digest)
        return identity | {"partner": identity["partner"] | {"business_ids": [business_id]}}

    front.auth.methods["identify"] = identify


@pytest.mark.parametrize("what", ["copy_to_companies", "remove_from_companies"])
def test_a_key_of_one_business_names_no_location_of_another_in_a_body(
    front: Front, what: str
) -> None:
    limited_to(front, 7)
    facts = {"country_code": "FR", "currency": "EUR", "business_id": 8}
    front.app.extensions["kabinet"].locations.get(2, lambda: facts)
    path = f"/api/v1/company/1/users/5/{what}"
    response = front.post(path, user="staff", json={"company_ids": "1,2"})
    assert response.json["errors"]["reason"] == "location_outside_key"
    assert {call["method"] for call in front.auth.received} == {"identify"}


def test_a_key_spends_no_codes_of_another_business(front: Front) -> None:
    limited_to(front, 8)
    front.answers("get_location", lambda **_: a.a_location())
    body = {"login": "anna@example.com", "company_id": 1}
    response = front.post("/api/v1/booking/password", json=body)
    assert response.json["errors"]["reason"] == "location_outside_key"
    assert {call["method"] for call in front.auth.received} == {"identify"}


def test_codes_for_staff_are_asked_for_with_where_they_are_asked_from(front: Front) -> None:
    answers(front, "staff_sign_in", CHALLENGE)
    answers(front, "begin_second_factor", CHALLENGE)
    agent = {"User-Agent": "Till/1.0"}
    front.post("/api/v1/auth", json={"login": "o", "password": "long enough"}, headers=agent)
    wish = {"channel": "sms", "phone": "+33612345678", "password": "long enough"}
    front.post("/api/v1/user/second_factor", user="staff", json=wish, headers=agent)
    for method in ("staff_sign_in", "begin_second_factor"):
        told = asked(front, method)
        assert (told["address"], told["device"]) == ("127.0.0.1", "Till/1.0")


def test_other_sessions_end_with_the_second_factor_but_not_this_one(front: Front) -> None:
    answers(front, "confirm_second_factor", {"medium": "sms"})
    body = {"uuid": "0" * 36, "code": "123456"}
    front.put("/api/v1/user/second_factor", user="staff", json=body)
    assert asked(front, "confirm_second_factor")["user_digest"] == digest_of("staff-token")
