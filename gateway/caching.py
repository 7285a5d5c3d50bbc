"""Answers about the catalogue and free time, kept for a moment: many look at the same days at once.

An answer is kept whole, as bytes, together with how often its location had changed when it was
asked for: after the next change it is asked for anew. What this process changes itself, its next
reader sees; of what others change it hears by booking's events, some milliseconds later. So answers
may be kept for ``CACHE_TOLD_SECONDS``; while it hears nothing, for ``CACHE_SECONDS`` only. Nothing
is booked by what is kept here: booking looks for itself.
"""

import functools
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request

from gateway.context import locale, speaks_v2
from gateway.remembered import Remembered
from services.common.config import Settings
from services.common.events import Envelope
from services.common.rpc.listener import Listener

CHANGING = frozenset(
    {
        "booking",
        "records",
        "reviews",
        "review_desk",
        "desk",
        "holds",
        "activity_desk",
        "schedules",
        "timetables",
        "waitlist",
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
UNTOLD = frozenset({"client_changed", "proof_used"})
"""The events that make no answer untrue; all others name their location, or concern all."""


class Kept(NamedTuple):
    body: bytes
    etag: str


class Answers:
    """What is kept, and how often the answers about each location have become untrue."""

    def __init__(
        self,
        seconds: float,
        *,
        told_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._told_seconds = seconds, max(seconds, told_seconds)
        self._kept: Remembered[Kept] = Remembered(seconds=seconds, most=MOST_KEPT, clock=clock)
        self._changes: Counter[int | None] = Counter()

    def get(self, location_id: int | None, question: Hashable, ask: Callable[[], Kept]) -> Kept:
        changes = (self._changes[None], self._changes[location_id])
        return self._kept.get((changes, location_id, question), ask)

    def forget(self, location_id: int | None) -> None:
        """Ask anew what is about this location, or about any when it is None."""
        self._changes[location_id] += 1

    def hear(self, event: Envelope) -> None:
        """Forget what this event of booking's makes untrue."""
        if event.type not in UNTOLD:
            self.forget(_location_of(event))

    def listening(self, hears: bool) -> None:
        """From now on changes are heard of, or are not; what came before may have been missed."""
        self._kept.seconds = self._told_seconds if hears else self._seconds
        self.forget(None)


def install(app: Flask, settings: Settings) -> None:
    """Keep answers, and forget those that a request has made untrue."""
    answers = Answers(settings.cache_seconds, told_seconds=settings.cache_told_seconds)
    app.extensions["answers"] = answers
    if settings.cache_told_seconds > settings.cache_seconds > 0 and not settings.embedded:
        app.extensions["listener"] = Listener(
            settings.amqp_uri, "booking", on_event=answers.hear, on_listening=answers.listening
        )

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
        if (listener := current_app.extensions.get("listener")) is not None:
            listener.start()
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


def _location_of(event: Envelope) -> int | None:
    """Where something has changed; None when the event does not say."""
    if event.type == "location_changed":
        return int(event.data["id"])
    place = event.data.get("location") or {}
    found: int | None = event.data.get("location_id", place.get("id"))
    return found


def _answers() -> Answers:
    shared: Answers = current_app.extensions["answers"]
    return shared


def _kept(response: Response) -> Kept:
    body = response.get_data()
    return Kept(body, hashlib.sha256(body).hexdigest()[:32])
