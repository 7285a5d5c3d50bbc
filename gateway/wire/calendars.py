"""Calendar files, feeds and links. All of it is our own: the contract has none."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from gateway.wire import documents as doc

FILE = {"type": "string", "description": "iCalendar (RFC 5545)"}
GOOGLE = "https://calendar.google.com/calendar/render"


class FeedSchema(doc.Answer):
    """The address under which a calendar program reads a client's appointments."""

    is_on = doc.flag()
    created_at = doc.text("UTC, ISO 8601", null=True)


class NewFeedSchema(doc.Answer):
    """A new address; it cannot be read again."""

    url = doc.text("Private: whoever has it reads the client's appointments")


def feed_told(feed: Mapping[str, Any]) -> dict[str, Any]:
    return {"is_on": feed["is_on"], "created_at": feed["created_at"]}


def google_link(appointment: Mapping[str, Any]) -> str:
    """Where a click puts the appointment into a Google calendar."""
    location = appointment["location"]
    services = ", ".join(line["title"] for line in appointment["services"])
    times = [_compact(appointment[name]) for name in ("starts_at", "ends_at")]
    told = {
        "action": "TEMPLATE",
        "text": f"{services} · {location['title']}" if services else location["title"],
        "dates": "/".join(times),
        "ctz": location["timezone"],
        "location": ", ".join(filter(None, (location["title"], location["address"]))),
        "details": appointment["staff"]["name"],
    }
    return f"{GOOGLE}?{urlencode(told)}"


def _compact(instant: str) -> str:
    """An instant as it is written in such an address: 20300604T080000Z."""
    return instant.replace("-", "").replace(":", "")
