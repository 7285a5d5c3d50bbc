"""Every failure in the contract's shape: HTTP status and number by the table, and a text."""

import math
import traceback
from collections.abc import Mapping
from itertools import islice
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from gateway.context import locale, speaks_v2
from gateway.refusals import BY_KIND, BY_STATUS, TABLE, Row
from gateway.wire.envelope import Failure, failure
from gateway.wire.problems import flat, in_contract_words, reason_of, worded
from gateway.wire.texts import text
from services.common.errors import Refusal
from services.common.rpc.client import (
    CallFailed,
    CircuitOpen,
    OutcomeUnknown,
    Overloaded,
    Unreachable,
)

log = structlog.get_logger(__name__)


RETRY_AFTER_SECONDS = "1"
# Nobody reads more, and an answer should not be much longer than what it answers.
MOST_FIELDS = 50


def register(app: Flask) -> None:
    """Answer every failure in the contract's shape."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(ValidationError, malformed)
    app.register_error_handler(CallFailed, unanswered)
    app.register_error_handler(HTTPException, http_failure)
    app.register_error_handler(Exception, unforeseen)


def refused(refusal: Refusal) -> Response:
    row = TABLE.get(refusal.code) or BY_KIND[refusal.kind]
    response = _answer(
        refusal.code,
        row,
        handle=refusal.handle,
        fields=in_contract_words(flat(refusal.fields), request.blueprint),
        params=refusal.params,
    )
    seconds = refusal.params.get("seconds")
    if row.status == 429 and isinstance(seconds, int | float):
        response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


def malformed(error: ValidationError) -> Response:
    fields = flat(error.normalized_messages())
    reason = reason_of(fields)
    known = reason if reason in TABLE else "validation_failed"
    return _answer(known, TABLE[known], fields=fields)


def unanswered(error: CallFailed) -> Response:
    if isinstance(error, OutcomeUnknown):
        return _own("service_silent")
    if not isinstance(error, Unreachable):
        return unforeseen(error)
    response = _own(
        "service_overloaded" if isinstance(error, Overloaded) else "service_unreachable"
    )
    if isinstance(error, CircuitOpen):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after_seconds)))
    return response


def http_failure(error: HTTPException) -> Response:
    """What Flask and werkzeug refuse themselves."""
    status = error.code or 500
    if isinstance(error, MethodNotAllowed) and not _exists(error):
        status = 404
    if not 400 <= status < 500:
        return unforeseen(error)
    code = BY_STATUS.get(status, "validation_failed")
    response = _answer(code, TABLE[code]._replace(status=status, number=status))
    for name, value in error.get_headers():
        if name == "Allow" and status == 405:
            response.headers[name] = value
    return response


def _exists(error: MethodNotAllowed) -> bool:
    """Whether the address would be found by another method; it looks at methods before ids."""
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(
            adapter.match(method=next(iter(error.valid_methods or ()), "GET"))
        )
    except HTTPException:
        return False


def unforeseen(error: Exception) -> Response:
    """A defect: told with the request's id, and logged without messages, which may name people."""
    log.error(
        "request_failed",
        error=type(error).__name__,
        trace="".join(traceback.format_tb(error.__traceback__)),
    )
    return _own("internal_error")


def _own(code: str) -> Response:
    return _answer(code, TABLE[code])


def _answer(
    code: str,
    row: Row,
    *,
    handle: int | None = None,
    fields: Mapping[str, list[str]] | None = None,
    params: dict[str, Any] | None = None,
) -> Response:
    language = locale()
    told = Failure(
        number=row.number,
        reason=code,
        message=text(row.text or code, language, params) or code,
        handle=handle,
        fields=worded(dict(islice((fields or {}).items(), MOST_FIELDS)), language),
        request_id=g.request_id if row.status >= 500 else None,
    )
    response = jsonify(failure(told, v2=speaks_v2()))
    response.status_code = row.status
    if row.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if row.status in (429, 503):
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response
