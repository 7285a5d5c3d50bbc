"""A gateway over services of a few lines, on a bus in memory."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.context import Gateway
from gateway.partners import PartnerKeys
from services.common.config import Settings
from services.common.rpc.client import RpcClient
from tests.small_bus import URI, SmallService

V2 = "application/vnd.api.v2+json"


class Front:
    """An HTTP client of a partner; ``booking.methods`` says what booking does."""

    def __init__(self, app: Flask, auth: SmallService, booking: SmallService) -> None:
        self.app, self.auth, self.booking = app, auth, booking
        self._client: FlaskClient = app.test_client()

    def answers(self, method: str, answer: Callable[..., Any]) -> None:
        self.booking.methods[method] = answer

    def open(self, method: str, path: str, *, accept: str = V2, **more: Any) -> Any:
        headers = {"Authorization": "Bearer demo", "Accept": accept, **more.pop("headers", {})}
        return self._client.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.open("GET", path, **more)

    def post(self, path: str, **more: Any) -> Any:
        return self.open("POST", path, **more)

    @property
    def last_call(self) -> dict[str, Any]:
        """What booking received last."""
        return self.booking.received[-1]


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[SmallService, SmallService]]:
    with SmallService("auth", {}) as auth, SmallService("booking", {}) as booking:
        yield auth, booking


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Settings(env="dev", amqp_uri=URI))


@pytest.fixture
def front(app: Flask, services: tuple[SmallService, SmallService]) -> Iterator[Front]:
    """Nothing is remembered from one test to the next."""
    auth, booking = services
    auth.methods = {"verify_partner_key": lambda digest: {"id": 3}}
    booking.methods = {}
    auth.received.clear()
    booking.received.clear()
    client = RpcClient(URI, timeout_seconds=0.5)
    app.extensions["kabinet"] = Gateway(Settings(env="dev", amqp_uri=URI), client, PartnerKeys())
    yield Front(app, auth, booking)
    client.close()
