"""Which sites' pages may call us from a browser: those that a booking form names (CORS).

Only the routes for clients are open to pages, and only to the origins that the forms of the
key's businesses allow. A preflight carries no key, so there any form's origin will do. Never
``*`` and never with credentials: keys and tokens travel in a header, not in cookies.
"""

from contextlib import suppress

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from gateway.callers import Access, Caller, Table
from gateway.context import rpc
from gateway.remembered import Remembered
from services.common.config import Settings
from services.common.errors import Refusal
from services.common.rights import Scope, is_within_key
from services.common.rpc.client import CallFailed

Origins = dict[str, frozenset[int]]
"""For each origin the businesses with a form that allows it."""

REQUEST_HEADERS = (
    "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match,"
    " If-None-Match, X-Request-Id"
)
ANSWER_HEADERS = "ETag, Retry-After, X-Request-Id"
PREFLIGHT_SECONDS = 600
LONGEST_ORIGIN = 300
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


def install(app: Flask, settings: Settings, table: Table) -> None:
    """Answer preflights and mark answers; after ``guard``, so that both are counted."""
    app.extensions["origins"] = Remembered[Origins](seconds=settings.cache_seconds, most=1)

    def answer_preflight() -> Response | None:
        wanted = request.headers.get("Access-Control-Request-Method")
        if request.method != "OPTIONS" or wanted is None or "Origin" not in request.headers:
            return None
        access = _access_to(wanted, table)
        if access is None:
            return None
        response: Response = current_app.response_class(status=204)
        del response.headers["Content-Type"]  # of nothing
        if is_for_pages(access) and _is_allowed():
            response.headers["Access-Control-Allow-Methods"] = wanted
            response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
        return response

    def allow(response: Response) -> Response:
        method = request.headers.get("Access-Control-Request-Method", "")
        access = _access_to(method if request.method == "OPTIONS" else request.method, table)
        if access is None or not is_for_pages(access):
            return response
        # A cache must not hand one site's answer to another.
        response.vary.add("Origin")
        if "Origin" in request.headers and _is_allowed():
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            if request.method != "OPTIONS":
                response.headers["Access-Control-Expose-Headers"] = ANSWER_HEADERS
        return response

    app.before_request(answer_preflight)
    app.after_request(allow)


def is_for_pages(access: Access) -> bool:
    """Whether a route is one that a front end for clients calls with its key."""
    return Caller.NONE not in access.callers and not access.scopes.isdisjoint(
        {Scope.BOOKING, Scope.CLIENT}
    )


def _access_to(method: str, table: Table) -> Access | None:
    """The access of the route that the method would reach at this address."""
    if method not in METHODS:
        return None
    if request.endpoint is not None:
        return table.get(request.endpoint)
    adapter = current_app.create_url_adapter(request)
    with suppress(HTTPException):
        if adapter is not None:
            endpoint, _ = adapter.match(method=method)
            return table.get(endpoint)
    return None


def _is_allowed() -> bool:
    """Whether a form of the caller's businesses names this very origin."""
    origin = request.headers["Origin"]
    if len(origin) > LONGEST_ORIGIN:
        return False
    asked: Remembered[Origins] = current_app.extensions["origins"]
    # Without an answer from booking nobody is let in who was not before.
    with suppress(Refusal, CallFailed):
        businesses = asked.get("origins", _ask).get(origin, frozenset())
        return any(is_within_key(g.viewer, business_id) for business_id in businesses)
    return False


def _ask() -> Origins:
    found: dict[str, set[int]] = {}
    for row in rpc.call("booking", "list_allowed_origins")["origins"]:
        found.setdefault(row["origin"], set()).add(row["business_id"])
    return {origin: frozenset(businesses) for origin, businesses in found.items()}


def forget() -> None:
    """Ask anew: a form has changed here."""
    asked: Remembered[Origins] = current_app.extensions["origins"]
    asked.forget("origins")
