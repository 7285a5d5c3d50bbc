"""A gateway over small services that know who owns what."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from services.common.config import Settings
from services.common.rpc.client import RpcClient
from tests.contract import owners
from tests.small_bus import URI, SmallService


@pytest.fixture(scope="module")
def auth() -> Iterator[SmallService]:
    with owners.an_auth() as auth:
        yield auth


@pytest.fixture(scope="module")
def booking() -> Iterator[SmallService]:
    with owners.a_booking() as booking:
        yield booking


@pytest.fixture(scope="module")
def followers() -> Iterator[None]:
    with owners.a_loyalty(), owners.a_notify():
        yield


@pytest.fixture(scope="module")
def app(auth: SmallService, booking: SmallService, followers: None) -> Iterator[Flask]:
    client = RpcClient(URI)
    yield create_app(Settings(amqp_uri=URI, rate_limits=False, cache_seconds=0), rpc=client)
    client.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
