"""A gateway over services of a few lines, on a bus in memory."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.context import Gateway
from gateway.partners import digest_of
from services.common.config import Settings
from services.common.errors import Unauthenticated
from services.common.rpc.client import RpcClient
from tests import callers
from tests.small_bus import URI, SmallService
from tests.snapshots import a_class, an_appointment

V2 = "application/vnd.api.v2+json"
SETTINGS = Settings(env="dev", amqp_uri=URI, cache_seconds=0)
SERVICES = ("auth", "booking", "loyalty", "notify")
USERS = {"client-token": callers.a_client_user(), "staff-token": callers.a_staff_user()}
BY_DIGEST = {digest_of(token): user for token, user in USERS.items()}


def identify(partner_digest: str, user_digest: str | None) -> dict[str, Any]:
    if user_digest is None:
        return callers.an_identity()
    if user_digest not in BY_DIGEST:
        raise Unauthenticated("session_unknown")
    return callers.an_identity(BY_DIGEST[user_digest])


class Front:
    """An HTTP client of a partner; ``booking.methods`` says what booking does."""

    def __init__(self, app: Flask, services: dict[str, SmallService]) -> None:
        self.app, self.services = app, services
        self.auth, self.booking = services["auth"], services["booking"]
        self.loyalty, self.notify = services["loyalty"], services["notify"]
        self._client: FlaskClient = app.test_client()

    def answers(self, method: str, answer: Callable[..., Any]) -> None:
        self.booking.methods[method] = answer

    def open(
        self, method: str, path: str, *, accept: str = V2, user: str | None = None, **more: Any
    ) -> Any:
        """A request of the partner, or of somebody with one of the tokens of ``USERS``."""
        if user == "staff":
            self._place_staff()
        known = "Bearer demo" if user is None else f"Bearer demo, User {user}-token"
        headers = {"Authorization": known, "Accept": accept, **more.pop("headers", {})}
        return self._client.open(path, method=method, headers=headers, **more)

    def _place_staff(self) -> None:
        """The gateway knows already in whose business they work, and need not ask booking."""
        facts = {"country_code": "FR", "currency": "EUR", "business_id": 7}
        self.app.extensions["kabinet"].locations.get(1, lambda: facts)

    def get(self, path: str, **more: Any) -> Any:
        return self.open("GET", path, **more)

    def post(self, path: str, **more: Any) -> Any:
        return self.open("POST", path, **more)

    def put(self, path: str, **more: Any) -> Any:
        return self.open("PUT", path, **more)

    def patch(self, path: str, **more: Any) -> Any:
        return self.open("PATCH", path, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.open("DELETE", path, **more)

    def hurry(self) -> None:
        """From now on, wait for a second only."""
        client = RpcClient(URI, timeout_seconds=1.0)
        self.app.extensions["kabinet"] = Gateway(SETTINGS, client)

    @property
    def last_call(self) -> dict[str, Any]:
        """What booking received last."""
        return self.booking.received[-1]

    @property
    def last_request(self) -> dict[str, Any]:
        """The request of the command that booking received last."""
        request: dict[str, Any] = self.last_call["arguments"]["request"]
        return request


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, SmallService]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(SmallService(name, {})) for name in SERVICES}


@pytest.fixture(scope="session")
def app() -> Flask:
    """To make one takes longer than most tests."""
    return create_app(SETTINGS)


@pytest.fixture
def front(app: Flask, services: dict[str, SmallService]) -> Iterator[Front]:
    """Nothing is remembered from one test to the next."""
    for service in services.values():
        service.methods = {}
        service.received.clear()
    services["auth"].methods = {
        "identify": identify,
        "list_documents": lambda **_: {"documents": []},
    }
    app.extensions["kabinet"] = Gateway(SETTINGS, RpcClient(URI, timeout_seconds=10.0))
    yield Front(app, services)
    app.extensions["kabinet"].client.close()


@pytest.fixture
def studio(front: Front) -> Front:
    """A front of a place with group events."""
    front.answers("list_classes", lambda **_: {"items": [a_class()], "total": 7})
    front.answers("get_class", lambda **_: a_class())
    front.answers("list_class_days", lambda **_: {"days": ["2026-11-20"]})
    front.answers("book_class", lambda **_: {"appointment_id": 17, "hash": "ab" * 16})
    front.answers("write_into_class", lambda **_: an_appointment(class_id=23, seats=2))
    for command in ("create_class", "update_class"):
        front.answers(command, lambda **_: a_class(version=4))
    front.answers("repeat_class", lambda **_: {"classes": [a_class(id=24, series_id=23)]})
    front.answers("delete_class", lambda **_: {})
    return front
