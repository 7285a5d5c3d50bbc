"""Successes, in the body version that the caller asked for."""

from typing import Any

from flask import Response, current_app, jsonify

from gateway.context import locale, speaks_v2
from gateway.wire.envelope import success
from gateway.wire.texts import text


def answer(
    data: Any,
    *,
    meta: dict[str, Any] | None = None,
    status: int = 200,
    version: int | None = None,
    v1: Any = None,
) -> Response:
    """An object or a list; ``meta`` goes only into the envelope.

    ``version`` becomes the answer's entity tag; ``v1`` is the v1 body where it
    is not the data itself.
    """
    is_v2 = speaks_v2()
    body = success(data if is_v2 or v1 is None else v1, v2=is_v2, meta=meta)
    response = jsonify(body)
    response.status_code = status
    if version is not None:
        response.set_etag(str(version))
    return response


def warned(appointment: dict[str, Any]) -> dict[str, Any] | None:
    """What staff should know of what they have written, as ``meta.warnings``; mostly nothing."""
    warnings = [
        {"reason": code, "message": text(f"{code}_warning", locale()) or code}
        for code in appointment.get("warnings", [])
    ]
    return {"warnings": warnings} if warnings else None


def page(data: list[Any], *, page: int, total: int, **meta: int) -> Response:
    """A page of a list, with the grand total; in v1 both stand beside the data."""
    return answer(
        data,
        meta={"page": page, "total_count": total, **meta},
        v1={"count": total, **meta, "data": data},
    )


def done(status: int, *, meta: dict[str, Any] | None = None) -> Response:
    """Success with nothing to show: an envelope without data, or an empty v1 body."""
    if status != 204 and speaks_v2():
        return answer(None, meta=meta, status=status)
    response = current_app.response_class(status=status)
    del response.headers["Content-Type"]  # of nothing
    return response
