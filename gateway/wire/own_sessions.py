"""Where somebody is signed in: our own part of the API, for the contract documents none."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import Flag, Query


class SessionSchema(doc.Answer):
    """One sign-in on one device."""

    id = doc.whole()
    device = doc.text("How the program called itself that signed in; empty when it did not")
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")
    last_use_date = doc.text("To within an hour", example="2026-11-20T09:00:00+00:00")
    is_current = doc.flag("Whether it is the one of this request's token")


class EndSessionsQuerySchema(Query):
    all = Flag(load_default=False, metadata={"description": "Also the one of this request"})


def session(known: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": known["id"],
        "device": known["device"] or "",
        "create_date": times.utc(known["created_at"]),
        "last_use_date": times.utc(known["last_used_at"]),
        "is_current": known["is_current"],
    }
