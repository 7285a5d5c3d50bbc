"""The request at hand: its id, language, body version and caller, and the services it may call."""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, current_app, g, request
from uuid_utils import uuid7

from gateway.partners import Digests, Identities, identities
from gateway.remembered import Remembered
from gateway.wire.envelope import wants_v2
from gateway.wire.languages import best
from gateway.wire.versions import version_in
from services.common.config import Settings
from services.common.errors import Conflict, Forbidden, Invalid, Refusal
from services.common.languages import spoken
from services.common.rights import is_within_key
from services.common.rpc.client import Caller, CallFailed, RpcClient

NOBODY: dict[str, Any] = {
    "partner_id": None,
    "partner_business_ids": None,
    "user_id": None,
    "kind": None,
    "phone": None,
    "email": None,
    "rights": [],
}
SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}", re.ASCII)
LONGEST_IDEMPOTENCY_KEY = 255
METHODS_WITH_KEYS = ("POST", "PUT", "PATCH")
# What is not stored under its command's id, and would be done again: a second token, a guess more.
ONCE = frozenset(
    {
        "accept_invitation",
        "begin_second_factor",
        "change_password",
        "change_photo",
        "change_profile",
        "change_service_image",
        "change_staff_image",
        "change_staff_password",
        "confirm_second_factor",
        "confirm_sign_up",
        "create_partner_key",
        "hold_time",
        "remove_second_factor",
        "renew_calendar_feed",
        "reset_password",
        "reset_password_by_link",
        "reset_staff_password_by_link",
        "rotate_partner_key",
        "sign_in",
        "sign_in_with_password",
        "sign_up",
        "staff_sign_in",
    }
)
LOCATION_SECONDS = 60.0
MOST_LOCATIONS = 1000


@dataclass(frozen=True)
class Gateway:
    """What every request of this process shares.

    ``locations`` keeps facts of locations that hardly ever change, for a minute.
    """

    settings: Settings
    client: RpcClient
    identities: Identities = field(default_factory=identities)
    code_channels: Remembered[list[str]] = field(
        default_factory=lambda: Remembered(seconds=LOCATION_SECONDS, most=1)
    )
    locations: Remembered[dict[str, Any]] = field(
        default_factory=lambda: Remembered(seconds=LOCATION_SECONDS, most=MOST_LOCATIONS)
    )


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
    g.viewer, g.digests = NOBODY, None
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Any) -> Any:
    response.headers["X-Request-Id"] = g.request_id
    return response


def locale() -> str:
    """The language of texts in the answer.

    What the signed-in user has chosen, else what the request asks for, else the
    location's, else English.
    """
    wishes = [g.get("language") or "", *request.accept_languages.values()]
    return best([*wishes, g.get("location_language") or ""])


def speaks_v2() -> bool:
    return wants_v2(request.headers.get("Accept"))


def public_base() -> str:
    """What the addresses that we tell begin with; empty when none was configured."""
    return gateway().settings.public_url.rstrip("/")


def digests() -> Digests:
    """Of the key and the token that the caller was known by."""
    known: Digests = g.digests
    return known


def expected_version() -> int | None:
    """The version that ``If-Match`` names; a tag that is none of ours is an old one."""
    try:
        return version_in(request.headers.get("If-Match", ""))
    except ValueError as error:
        raise Conflict("version_outdated") from error


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
            service,
            method,
            {"request": request},
            caller=_caller(),
            command_id=_command_id(),
            once=method in ONCE,
        )


def _caller() -> Caller:
    return Caller(request_id=g.request_id, viewer=g.viewer, locale=locale())


rpc = Rpc()


def location_facts(location_id: int) -> dict[str, Any]:
    """Country, currency and business of a location, and whether clients can sign in there.

    ``location_outside_key`` for a key of other businesses, wherever the location is named.
    """
    facts = gateway().locations.get(location_id, lambda: _ask_location_facts(location_id))
    if not is_within_key(g.viewer, facts["business_id"]):
        raise Forbidden("location_outside_key")
    return facts


def speak_as_the_location(location_id: int) -> None:
    """Let the texts be in the location's language for who asks for one that we do not have."""
    asked = [*request.accept_languages.values()]
    if not asked or spoken([g.get("language") or "", *asked]) is not None:
        return
    # Whatever is wrong with the location, the request itself will find out.
    with suppress(Refusal, CallFailed):
        facts = gateway().locations.get(location_id, lambda: _ask_location_facts(location_id))
        g.location_language = facts["language"]


def _ask_location_facts(location_id: int) -> dict[str, Any]:
    """On nobody's behalf: who asks first does so for all who wait, with whatever key."""
    nobody = Caller(request_id=g.request_id, viewer=NOBODY, locale=locale())
    location = gateway().client.call(
        "booking", "get_location", {"location_id": location_id}, caller=nobody
    )
    return {
        "country_code": location["country_code"],
        "currency": location["currency"],
        "business_id": location["business"]["id"],
        "client_accounts": location["business"]["client_accounts"],
        "language": location["language"],
    }


def country_of(phone: str, location_id: int | None) -> str | None:
    """Which country a phone is of: the location's, unless the number says so by itself."""
    if phone.startswith("+") or not location_id:
        return None
    country: str = location_facts(location_id)["country_code"]
    return country
