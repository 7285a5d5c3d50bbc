"""The request at hand: its id, language, body version and caller, and the services it may call."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, current_app, g, request
from uuid_utils import uuid7

from gateway.partners import PartnerKeys
from gateway.wire.envelope import wants_v2
from gateway.wire.languages import best
from services.common.config import Settings
from services.common.errors import Invalid
from services.common.rpc.client import Caller, RpcClient

NOBODY: dict[str, int | None] = {"partner_id": None, "user_id": None}
SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}", re.ASCII)
LONGEST_IDEMPOTENCY_KEY = 255
METHODS_WITH_KEYS = ("POST", "PUT")


@dataclass(frozen=True)
class Gateway:
    """What every request of this process shares."""

    settings: Settings
    client: RpcClient
    partners: PartnerKeys


def install(app: Flask, gateway: Gateway) -> None:
    app.extensions["kabinet"] = gateway
    app.before_request(_begin)
    app.after_request(_finish)


def gateway() -> Gateway:
    shared: Gateway = current_app.extensions["kabinet"]
    return shared


def _begin() -> None:
    wished = request.headers.get("X-Request-Id", "")
    g.request_id = wished if SANE_REQUEST_ID.fullmatch(wished) else str(uuid7())
    g.viewer = NOBODY
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Any) -> Any:
    response.headers["X-Request-Id"] = g.request_id
    return response


def locale() -> str:
    """The language of texts in the answer."""
    return best(request.accept_languages.values())


def speaks_v2() -> bool:
    return wants_v2(request.headers.get("Accept"))


def check_idempotency_key() -> None:
    """Refuses a key of a wrong length on the methods that take one."""
    key = request.headers.get("Idempotency-Key")
    if request.method not in METHODS_WITH_KEYS or key is None:
        return
    if not 0 < len(key) <= LONGEST_IDEMPOTENCY_KEY:
        raise Invalid(
            "idempotency_key_malformed",
            fields={"Idempotency-Key": f"1 to {LONGEST_IDEMPOTENCY_KEY} characters"},
        )


def _command_id() -> str:
    """The caller's key, which is theirs alone, or an id of our own."""
    key = request.headers.get("Idempotency-Key")
    if request.method not in METHODS_WITH_KEYS or key is None:
        return str(uuid7())
    whose = json.dumps([g.viewer["partner_id"], g.viewer["user_id"], key])
    return "key:" + hashlib.sha256(whose.encode()).hexdigest()


class Rpc:
    """The services, called on behalf of the request at hand."""

    def call(self, service: str, method: str, **arguments: Any) -> Any:
        """Ask a service something."""
        return gateway().client.call(service, method, arguments, caller=_caller())

    def command(self, service: str, method: str, *, request: dict[str, Any]) -> Any:
        """Have a service do something, once however often the same key is sent."""
        return gateway().client.call(
            service, method, {"request": request}, caller=_caller(), command_id=_command_id()
        )


def _caller() -> Caller:
    return Caller(request_id=g.request_id, viewer=g.viewer, locale=locale())


rpc = Rpc()
