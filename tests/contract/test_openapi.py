"""/openapi.json is a valid document, and it tells of every route."""

import re
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from gateway.access_table import ACCESS, DEVELOPMENT_ACCESS
from gateway.app import create_app
from gateway.callers import Access, Caller
from gateway.openapi import FAILURE
from services.common.config import Settings

# Pages about the API, not part of it.
PAGES = {
    "documents.openapi",
    "documents.root",
    "swagger_ui.show",
    "link_pages.show",
    "link_pages.act",
    "photos.photo",
    "photos.image",
}


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Settings(env="dev", amqp_uri="memory://", public_url="http://localhost:8080"))


@pytest.fixture(scope="module")
def document(app) -> dict[str, Any]:
    served: dict[str, Any] = app.test_client().get("/openapi.json").json
    return served


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Operations by their ids."""
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in ("get", "post", "put", "patch", "delete")
    }


def parameters(document: dict[str, Any], name: str) -> set[str]:
    """The names of an operation's parameters."""
    return {parameter["name"] for parameter in operations(document)[name]["parameters"]}


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_route_of_the_access_table_is_told_of(document):
    routes = {*ACCESS, *DEVELOPMENT_ACCESS} - PAGES
    assert operations(document).keys() == {route.replace(".", "_") for route in routes}


def schemes(access: Access) -> list[dict[str, Any]]:
    """What opens a route to its callers: nothing, a key, a user's token."""
    if Caller.NONE in access.callers:
        return []
    users = access.callers - {Caller.PARTNER}
    needed = {"partner": Caller.PARTNER in access.callers, "user": bool(users)}
    return [{scheme: []} for scheme, counts in needed.items() if counts]


def test_it_says_which_routes_need_a_key_or_a_token(document):
    table = {**ACCESS, **DEVELOPMENT_ACCESS}
    for endpoint in table.keys() - PAGES:
        told = operations(document)[endpoint.replace(".", "_")]["security"]
        assert told == schemes(table[endpoint])
    assert document["components"]["securitySchemes"].keys() == {"partner", "user"}


def test_every_route_that_needs_a_key_tells_its_failures(document):
    for operation in operations(document).values():
        if operation["security"]:
            told = {"401", "403", "404", "422", "429", "503", "504"}
            assert told <= operation["responses"].keys()


def test_writes_take_an_idempotency_key(document):
    writes = ("booking_book_record", "booking_book_check", "records_move_record", "desk_records")
    for name in writes:
        takes_key = name != "desk_records"
        assert ("Idempotency-Key" in parameters(document, name)) is takes_key


VERSIONED = (
    "records_move_record",
    "records_move_own_record",
    "records_cancel_record",
    "records_cancel_own_record",
    "desk_update_record",
    "services_update_service",
    "services_delete_service",
    "categories_update_category",
    "staff_update_staff_member",
    "staff_delete_staff_member",
    "locations_update_company",
    "locations_delete_company",
)


@pytest.mark.parametrize("name", VERSIONED)
def test_a_change_that_may_name_a_version_says_so(document, name):
    assert "If-Match" in parameters(document, name)
    assert "409" in operations(document)[name]["responses"]


@pytest.mark.parametrize("name", ["records_read_record", "records_user_record", "desk_record"])
def test_one_appointment_carries_its_version(document, name):
    assert "ETag" in operations(document)[name]["responses"]["200"]["headers"]


def test_credentials_may_come_as_a_form(document):
    content = operations(document)["sessions_auth"]["requestBody"]["content"]
    assert content.keys() == {"application/json", "application/x-www-form-urlencoded"}
    assert len({str(media["schema"]) for media in content.values()}) == 1


def test_a_page_in_v1_has_its_numbers_beside_the_data(document):
    for name, numbers in (
        ("desk_records", {"count"}),
        ("notifications_notifications", {"count", "unread_count"}),
    ):
        answer = operations(document)[name]["responses"]["200"]["content"]["application/json"]
        _, bare = answer["schema"]["oneOf"]
        assert set(bare["required"]) == {*numbers, "data"}


def test_examples_of_bodies_and_failures_are_what_the_document_allows(document):
    components = {"components": document["components"]}
    for example in FAILURE["examples"]:
        schema = {"$ref": "#/components/schemas/Failure", **components}
        Draft202012Validator(schema).validate(example)
    bodies = [
        operation["requestBody"]["content"]["application/json"]
        for operation in operations(document).values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert len(bodies) >= 9
    for body in bodies:
        Draft202012Validator({**body["schema"], **components}).validate(body["example"])


def test_paths_are_those_that_are_served(app, document):
    served = {re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", str(rule)) for rule in app.url_map._rules}
    assert set(document["paths"]) <= served


def test_the_page_to_try_it_loads_nothing_from_elsewhere(app):
    client = app.test_client()
    page = client.get("/docs")
    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sources
    for source in sources:
        assert source.startswith("/docs/")
        asset = client.get(source)
        assert asset.status_code == 200
        asset.close()


def test_in_production_the_developers_routes_do_not_exist():
    app = create_app(Settings(amqp_uri="memory://"))
    assert app.test_client().get("/dev/messages").status_code == 404
    assert "/dev/messages" not in app.test_client().get("/openapi.json").json["paths"]


def test_who_opens_the_address_of_the_gateway_comes_to_the_page_about_it(app):
    response = app.test_client().get("/")

    assert (response.status_code, response.headers["Location"]) == (302, "/docs")
    assert app.test_client().get("/", follow_redirects=True).mimetype == "text/html"
