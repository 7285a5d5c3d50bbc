"""Letting in who may call a route, as the access table says, and nobody else."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request

from gateway.callers import Access, Caller, Table
from gateway.context import (
    check_idempotency_key,
    gateway,
    location_facts,
    rpc,
    speak_as_the_location,
)
from gateway.limits import count_address, count_caller, forget_own_rate
from gateway.partners import Digests, digest_of
from services.common.errors import Forbidden, Unauthenticated
from services.common.rights import Scope, may, right_at


class AccessError(Exception):
    """The table and the routes do not match."""


@dataclass(frozen=True)
class Credentials:
    """What an Authorization header carries."""

    partner_key: str | None = None
    user_token: str | None = None


# Possessive throughout, so that no header is tried in more than one way.
AUTHORIZATION = re.compile(
    r"Bearer\s++(?P<partner>[^\s,]++)\s*+(?:,\s*+(?:User(?:\s++|$))?(?P<user>[^\s,]*+)\s*+)?",
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
        access = table[request.endpoint]
        if Caller.NONE not in access.callers:
            _let_in(access, credentials)
        check_idempotency_key()

    return check


def _let_in(access: Access, credentials: Credentials) -> None:
    """Find out who calls, or refuse them."""
    digests = _digests(credentials, with_user=access.takes_users)
    try:
        identity = gateway().identities.get(digests, lambda: _identify(digests))
    except Unauthenticated as refusal:
        if refusal.code == "partner_key_unknown":
            forget_own_rate(digests.partner)
        raise
    g.digests, g.viewer = digests, viewer_of(identity)
    g.language = (identity["user"] or {}).get("language")
    count_caller(identity["partner"], g.viewer["user_id"], partner_digest=digests.partner)
    caller = Caller(g.viewer["kind"] or Caller.PARTNER)
    _check_scope(access, caller, identity["partner"]["scopes"])
    if caller not in access.callers:
        if caller is Caller.PARTNER:
            raise Unauthenticated("unauthenticated")
        raise Forbidden("forbidden")
    location_id = (request.view_args or {}).get("company_id")
    if location_id is not None:
        _check_place(access, caller, location_id)
        speak_as_the_location(location_id)


def _check_scope(access: Access, caller: Caller, scopes: Iterable[str]) -> None:
    """A key must be for the route, and for the kind of user whose token comes with it."""
    of_caller = {Caller.CLIENT: Scope.CLIENT, Caller.STAFF: Scope.STAFF}.get(caller)
    if access.scopes.isdisjoint(scopes) or (of_caller is not None and of_caller not in scopes):
        raise Forbidden("scope_missing")


def _check_place(access: Access, caller: Caller, location_id: int) -> None:
    """The location must be one of the key's businesses, and staff need their permission there.

    The service that owns the location checks the same again: what is known here
    of it may be a minute old.
    """
    needs_right = caller is Caller.STAFF and access.callers == {Caller.STAFF}
    if g.viewer["partner_business_ids"] is None and not needs_right:
        return
    place = {
        "business_id": location_facts(location_id)["business_id"],
        "location_id": location_id,
    }
    if not needs_right:
        return
    rights = g.viewer["rights"]
    if right_at(rights, **place) is None:
        raise Forbidden("forbidden")
    if access.permission is not None and not may(rights, access.permission, **place):
        raise Forbidden("permission_missing")


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
        "partner_business_ids": identity["partner"]["business_ids"],
        "user_id": user.get("id"),
        "kind": kind,
        "phone": user.get("phone") if kind == "client" else None,
        "phone_is_fresh": kind == "client" and bool(user.get("phone_is_fresh")),
        "email": user.get("email") if kind == "client" else None,
        "rights": user.get("rights") or [],
    }
