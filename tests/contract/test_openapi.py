"""/openapi.json is a valid document, and it tells of every route."""

import re
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from gateway.access import ACCESS, DEVELOPMENT_ACCESS, Caller
from gateway.app import create_app
from gateway.openapi import FAILURE
from services.common.config import Settings

# Pages about the API, not part of it.
PAGES = {"documents.openapi", "swagger_ui.show"}


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
        if method in ("get", "post", "put", "delete")
    }


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_route_of_the_access_table_is_told_of(document):
    routes = {*ACCESS, *DEVELOPMENT_ACCESS} - PAGES
    assert operations(document).keys() == {route.replace(".", "_") for route in routes}


def test_it_says_which_routes_need_a_key(document):
    table = {**ACCESS, **DEVELOPMENT_ACCESS}
    for endpoint in table.keys() - PAGES:
        told = operations(document)[endpoint.replace(".", "_")]["security"]
        assert told == ([] if Caller.NONE in table[endpoint] else [{"partner": []}])


def test_every_route_that_needs_a_key_tells_its_failures(document):
    for operation in operations(document).values():
        if operation["security"]:
            assert {"401", "403", "404", "422", "503", "504"} <= operation["responses"].keys()


def test_writes_take_an_idempotency_key(document):
    for name in ("booking_book_record", "booking_book_check"):
        parameters = operations(document)[name]["parameters"]
        assert "Idempotency-Key" in {parameter["name"] for parameter in parameters}


def test_examples_of_bodies_and_failures_are_what_the_document_allows(document):
    components = {"components": document["components"]}
    for example in FAILURE["examples"]:
        schema = {"$ref": "#/components/schemas/Failure", **components}
        Draft202012Validator(schema).validate(example)
    for name in ("booking_book_record", "booking_book_check"):
        body = operations(document)[name]["requestBody"]["content"]["application/json"]
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
