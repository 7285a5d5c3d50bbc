"""Who may call what: one table, which a route must be in before the gateway starts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, g, request

from gateway.context import check_idempotency_key, gateway, rpc
from services.common.errors import Unauthenticated


class Caller(StrEnum):
    """Kinds of callers; each of the later ones can do what a partner can."""

    NONE = "none"
    PARTNER = "partner"
    CLIENT = "client"
    STAFF = "staff"


ANYBODY = frozenset(Caller)
PARTNERS = ANYBODY - {Caller.NONE}

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
    "booking.book_check": PARTNERS,
    "booking.book_record": PARTNERS,
    "records.read_record": PARTNERS,
    "records.cancel_record": PARTNERS,
}

# Routes that exist in development only.
DEVELOPMENT_ACCESS: Table = {"development.messages": ANYBODY}


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
        if request.endpoint is None:
            return
        if Caller.NONE not in table[request.endpoint]:
            partner = _partner(credentials_of(request.headers.get("Authorization")))
            # No user tokens exist yet, so every caller with a key is a partner.
            g.viewer = {"partner_id": partner["id"], "user_id": None}
        check_idempotency_key()

    return check


def _partner(credentials: Credentials) -> dict[str, Any]:
    if credentials.partner_key is None:
        raise Unauthenticated("partner_key_missing")
    return gateway().partners.partner_of(
        credentials.partner_key,
        lambda digest: rpc.call("auth", "verify_partner_key", digest=digest),
    )
