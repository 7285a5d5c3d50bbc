"""Answers about the catalogue and free time, kept for a moment: many look at the same days at once.

An answer is kept whole, as bytes, for ``CACHE_SECONDS`` (one, as a rule) from when it was asked
for, so it is no older than that after a booking made elsewhere. What this process changes itself
is seen by its next reader. Nothing is booked by what is kept here: booking looks for itself.
"""

import functools
import hashlib
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request

from gateway.context import locale, speaks_v2
from gateway.remembered import Remembered
from services.common.config import Settings

CHANGING = frozenset(
    {
        "booking",
        "records",
        "reviews",
        "review_desk",
        "desk",
        "schedules",
        "timetables",
        "resources",
        "services",
        "categories",
        "staff",
        "images",
        "locations",
        "settings",
    }
)
"""The subjects whose writes change what is free, or what is shown of who is."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_KEPT = 2_000


class Kept(NamedTuple):
    body: bytes
    etag: str


class Answers:
    """What is kept, and how often the answers about each location have become untrue."""

    def __init__(self, seconds: float) -> None:
        self._kept: Remembered[Kept] = Remembered(seconds=seconds, most=MOST_KEPT)
        self._changes: Counter[int | None] = Counter()

    def get(self, location_id: int | None, question: Hashable, ask: Callable[[], Kept]) -> Kept:
        changes = (self._changes[None], self._changes[location_id])
        return self._kept.get((changes, location_id, question), ask)

    def forget(self, location_id: int | None) -> None:
        """Ask anew what is about this location, or about any when it is None."""
        self._changes[location_id] += 1


def install(app: Flask, settings: Settings) -> None:
    """Keep answers, and forget those that a request has made untrue."""
    app.extensions["answers"] = Answers(settings.cache_seconds)

    def forget(response: Response) -> Response:
        if (
            request.method not in READING
            and request.blueprint in CHANGING
            and response.status_code < 300
        ):
            _answers().forget((request.view_args or {}).get("company_id"))
        return response

    app.after_request(forget)


def kept(view: Callable[..., Response]) -> Callable[..., Response]:
    """A view whose answers are kept. They carry an entity tag; who has that body gets a 304."""

    @functools.wraps(view)
    def answer(**arguments: Any) -> Response:
        question = (
            request.endpoint,
            tuple(arguments.items()),
            request.query_string,
            g.viewer["partner_id"],
            locale(),
            speaks_v2(),
        )
        found = _answers().get(
            arguments.get("company_id"), question, lambda: _kept(view(**arguments))
        )
        response = current_app.response_class(found.body, mimetype="application/json")
        response.set_etag(found.etag)
        # Browsers may keep it, too, but must ask each time whether it is still so.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.make_conditional(request)
        return response

    return answer


def _answers() -> Answers:
    shared: Answers = current_app.extensions["answers"]
    return shared


def _kept(response: Response) -> Kept:
    body = response.get_data()
    return Kept(body, hashlib.sha256(body).hexdigest()[:32])
