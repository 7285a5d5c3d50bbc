"""Successes, in the body version that the caller asked for."""

from typing import Any

from flask import Response, current_app, jsonify

from gateway.context import speaks_v2
from gateway.wire.envelope import success


def answer(data: Any, *, meta: dict[str, Any] | None = None, status: int = 200) -> Response:
    """An object or a list; ``meta`` goes only into the envelope."""
    response = jsonify(success(data, v2=speaks_v2(), meta=meta))
    response.status_code = status
    return response


def done(status: int, *, meta: dict[str, Any] | None = None) -> Response:
    """Success with nothing to show: an envelope without data, or an empty v1 body."""
    if speaks_v2():
        return answer(None, meta=meta, status=status)
    return current_app.response_class(status=status, mimetype="application/json")
