"""Who may call what: one table, which a route must be in before the gateway starts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, g, request

from gateway.context import check_idempotency_key, gateway, rpc
from gateway.limits import count_address, count_caller
from gateway.partners import Digests, digest_of
from services.common.errors import Forbidden, Unauthenticated


class Caller(StrEnum):
    """Kinds of callers. What a partner may see of whom, the service that owns it decides."""

    NONE = "none"
    PARTNER = "partner"
    CLIENT = "client"
    STAFF = "staff"


USERS = frozenset({Caller.CLIENT, Caller.STAFF})
PARTNERS = USERS | {Caller.PARTNER}
ANYBODY = PARTNERS | {Caller.NONE}
CLIENTS = frozenset({Caller.CLIENT})
STAFF = frozenset({Caller.STAFF})
# Who signs in is nobody yet: a user token, perhaps an old one, is not looked at.
SIGNING_IN = frozenset({Caller.PARTNER})

Table = Mapping[str, frozenset[Caller]]

ACCESS: Table = {
    "operation.livez": ANYBODY,
    "operation.readyz": ANYBODY,
    "documents.openapi": ANYBODY,
    "swagger_ui.show": ANYBODY,
    "forms.bookform": PARTNERS,
    "forms.dictionary": PARTNERS,
    "locations.companies": PARTNERS,
    "locations.locations": PARTNERS,
    "locations.company": PARTNERS,
    "catalogue.book_services": PARTNERS,
    "catalogue.book_staff": PARTNERS,
    "availability.book_staff_seances": PARTNERS,
    "availability.book_dates": PARTNERS,
    "availability.book_times": PARTNERS,
    "sessions.book_code": SIGNING_IN,
    "sessions.user_auth": SIGNING_IN,
    "sessions.auth": SIGNING_IN,
    "sessions.sign_out": USERS,
    "booking.book_check": PARTNERS,
    "booking.book_record": PARTNERS,
    # Opened by a hash, or by being signed in as the client.
    "records.read_record": PARTNERS,
    "records.read_own_record": CLIENTS,
    "records.move_record": PARTNERS,
    "records.move_own_record": CLIENTS,
    "records.user_records": CLIENTS,
    "records.user_record": CLIENTS,
    "records.user_record_by_hash": PARTNERS,
    "records.cancel_record": PARTNERS,
    "records.cancel_own_record": CLIENTS,
    "records.confirm_record": PARTNERS,
    "records.confirm_own_record": CLIENTS,
    "loyalty.loyalty_cards": CLIENTS,
    "loyalty.loyalty_cards_at": CLIENTS,
    "notifications.notifications": CLIENTS,
    "notifications.read_notification": CLIENTS,
    "notifications.read_all_notifications": CLIENTS,
    "notifications.delete_notification": CLIENTS,
    "desk.records": STAFF,
    "desk.create_record": STAFF,
    "desk.record": STAFF,
    "desk.update_record": STAFF,
    "desk.delete_record": STAFF,
    "schedules.schedule": STAFF,
    "schedules.set_schedule": STAFF,
}

# Routes that exist in development only.
DEVELOPMENT_ACCESS: Table = {
    "development.echo": ANYBODY,
    "development.messages": ANYBODY,
    "development.noop": ANYBODY,
}


class AccessError(Exception):
    """The table and the routes do not match."""


@dataclass(frozen=True)
class Credentials:
    """What an Authorization header carries."""

    partner_key: str | None = None
    user_token: str | None = None


AUTHORIZATION = re.compile(
    r"Bearer\s+(?P<partner>[^\s,]+)\s*(?:,\s*(?:User(?:\s+|$))?(?P<user>[^\s,]*)\s*)?",
    re.IGNORECASE,
)


def credentials_of(header: str | None) -> Credentials:
    """Read ``Bearer p``, ``Bearer p, User u``, ``Bearer p,u`` and their variants.

    A header that is none of them carries nothing.
    """
    match = AUTHORIZATION.fullmatch((header or "").strip())
    if match is None:
        return Credentials()
    return Credentials(match["partner"], match["user"] or None)


def guard(app: Flask, table: Table) -> None:
    """Check every request against the table; AccessError if a route is missing in either."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if missing := sorted(routes - table.keys()):
        raise AccessError(f"routes that nobody was given access to: {', '.join(missing)}")
    if unknown := sorted(table.keys() - routes):
        raise AccessError(f"access to routes that do not exist: {', '.join(unknown)}")
    app.before_request(_checker(table))


def _checker(table: Table) -> Callable[[], None]:
    def check() -> None:
        credentials = credentials_of(request.headers.get("Authorization"))
        count_address(credentials.partner_key and digest_of(credentials.partner_key))
        if request.endpoint is None:
            return
        allowed = table[request.endpoint]
        if Caller.NONE not in allowed:
            _let_in(allowed, credentials)
        check_idempotency_key()

    return check


def _let_in(allowed: frozenset[Caller], credentials: Credentials) -> None:
    """Find out who calls, or refuse them."""
    digests = _digests(credentials, with_user=bool(allowed & USERS))
    identity = gateway().identities.get(digests, lambda: _identify(digests))
    g.digests, g.viewer = digests, viewer_of(identity)
    count_caller(identity["partner"], g.viewer["user_id"], partner_digest=digests.partner)
    caller = Caller(g.viewer["kind"] or Caller.PARTNER)
    if caller in allowed:
        return
    if caller is Caller.PARTNER:
        raise Unauthenticated("unauthenticated")
    raise Forbidden("forbidden")


def _digests(credentials: Credentials, *, with_user: bool) -> Digests:
    if credentials.partner_key is None:
        raise Unauthenticated("partner_key_missing")
    token = credentials.user_token if with_user else None
    return Digests(digest_of(credentials.partner_key), digest_of(token) if token else None)


def _identify(digests: Digests) -> dict[str, Any]:
    identity: dict[str, Any] = rpc.call(
        "auth", "identify", partner_digest=digests.partner, user_digest=digests.user
    )
    return identity


def viewer_of(identity: Mapping[str, Any]) -> dict[str, Any]:
    """On whose behalf the services are called. Only a client's phone says what they may see."""
    user = identity["user"] or {}
    kind = user.get("kind")
    return {
        "partner_id": identity["partner"]["id"],
        "user_id": user.get("id"),
        "kind": kind,
        "phone": user.get("phone") if kind == "client" else None,
        "business_id": user.get("business_id"),
        "location_ids": user.get("location_ids"),
        "role": user.get("role"),
    }
