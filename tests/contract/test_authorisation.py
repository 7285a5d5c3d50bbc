"""Every route × every kind of caller."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.access import ACCESS, Caller
from gateway.app import create_app
from services.common.config import Settings
from services.common.errors import NotFound, Unauthenticated
from services.common.rpc.client import RpcClient
from tests.small_bus import URI, SmallService

KEY = "demo-key"
KEY_DIGEST = "c48a01f49fd0f2cc404bc3cbbc80e91457a3d41bb429a695243de4c61794155c"
ARGUMENTS = {"lang": "en", "path": "index.html", "date": "2026-11-20", "record_hash": "ab" * 16}


def verify_partner_key(digest: str) -> dict:
    if digest != KEY_DIGEST:
        raise Unauthenticated("partner_key_unknown")
    return {"id": 3, "title": "Demo"}


def nothing(**_: object) -> dict:
    raise NotFound("location_not_found")


BOOKING = (
    "get_booking_form",
    "list_locations",
    "get_location",
    "list_bookable_services",
    "list_bookable_staff",
    "list_nearest_slots",
    "list_free_days",
    "list_free_slots",
    "check_appointments",
    "get_appointment",
    "book_appointments",
    "cancel_appointment",
)

HEADERS = {
    "none": None,
    "malformed": "Basic ZGVtbw==",
    "empty key": "Bearer ",
    "user token alone": "User u",
    "unknown key": "Bearer another-key",
    "partner": f"Bearer {KEY}",
    "partner with a user token": f"Bearer {KEY}, User u",
}
STRANGERS = [kind for kind in HEADERS if not kind.startswith("partner")]
PARTNERS = [kind for kind in HEADERS if kind.startswith("partner")]


@pytest.fixture(scope="module")
def auth() -> Iterator[SmallService]:
    with SmallService("auth", {"verify_partner_key": verify_partner_key}) as auth:
        yield auth


@pytest.fixture(scope="module")
def booking() -> Iterator[SmallService]:
    with SmallService("booking", dict.fromkeys(BOOKING, nothing)) as booking:
        yield booking


@pytest.fixture(scope="module")
def app(auth, booking) -> Iterator[Flask]:
    client = RpcClient(URI)
    yield create_app(Settings(amqp_uri=URI), rpc=client)
    client.close()


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()


def calls(app: Flask) -> dict[str, list[tuple[str, str]]]:
    """Method and address of every way to each endpoint."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in app.url_map.iter_rules():
        arguments = {name: ARGUMENTS.get(name, 1) for name in rule.arguments}
        with app.test_request_context():
            _, address = rule.build(arguments) or ("", rule.rule)
        for method in (rule.methods or set()) - {"HEAD"}:
            found.setdefault(rule.endpoint, []).append((method, address))
    return found


def call(client: FlaskClient, method: str, address: str, kind: str):
    visit = {"id": 1, "services": [1], "staff_id": 0, "datetime": "2026-11-20T10:00:00"}
    headers = {"Accept": "application/vnd.api.v2+json"}
    if HEADERS[kind] is not None:
        headers["Authorization"] = HEADERS[kind]
    body = {"appointments": [visit]} if method == "POST" else None
    response = client.open(address, method=method, headers=headers, json=body)
    response.close()
    return response


@pytest.mark.parametrize("kind", HEADERS)
@pytest.mark.parametrize("endpoint", ACCESS)
def test_a_route_is_open_to_those_whom_the_table_names(app, client, booking, endpoint, kind):
    is_known = kind in PARTNERS
    is_allowed = (Caller.PARTNER if is_known else Caller.NONE) in ACCESS[endpoint]
    asked_before = len(booking.received)
    for method, address in calls(app)[endpoint]:
        response = call(client, method, address, kind)
        if is_allowed:
            assert response.status_code in (200, 404), response.text
        else:
            assert response.status_code == 401
            assert response.json["success"] is False
            assert response.json["errors"]["reason"].startswith("partner_key_")
            assert response.headers["WWW-Authenticate"] == "Bearer"
            assert len(booking.received) == asked_before


@pytest.mark.parametrize("kind", PARTNERS)
def test_a_service_is_told_which_partner_asks(client, booking, kind):
    call(client, "GET", "/api/v1/company/1", kind)
    viewer = booking.received[-1]["headers"]["nameko.viewer"]
    assert viewer == '{"partner_id": 3, "user_id": null}'


def test_the_key_reaches_no_service(client, auth, booking):
    call(client, "GET", "/api/v1/company/1", "partner")
    assert KEY not in repr([*auth.received, *booking.received])


@pytest.mark.parametrize("address", ["/api/v1/nowhere", "/nowhere", "/api/v1/company/abc"])
@pytest.mark.parametrize("kind", ["none", "partner"])
def test_an_unknown_address_is_not_found_whoever_asks(client, address, kind):
    assert call(client, "GET", address, kind).status_code == 404
