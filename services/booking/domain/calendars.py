"""Appointments as a calendar file (RFC 5545), for whatever program a client keeps their days in."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vGeo

from services.booking.domain.vtimezones import vtimezone

PRODUCT = "-//Kabinet//Appointments//EN"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One appointment; ``secret`` is its hash, of which the entry shows nothing."""

    secret: str
    version: int
    starts_at: datetime
    ends_at: datetime
    wall_start: datetime
    timezone: str
    changed_at: datetime
    created_at: datetime
    is_cancelled: bool
    title: str
    place: str
    details: Sequence[str]
    url: str
    latitude: float | None
    longitude: float | None


def calendar_of(entries: Sequence[Entry], *, name: str | None = None) -> str:
    """The file. The same entries make the same file, whenever it is asked for."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name is not None:
        calendar.add("x-wr-calname", one_line(name))
        calendar.add("x-published-ttl", "PT1H")
    for zone, years in sorted(_years(entries).items()):
        calendar.add_component(vtimezone(zone, *years))
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content.decode()


def uid_of(secret: str) -> str:
    """The entry's name for good: the same after a move, and no other one's anywhere."""
    digest = hmac.new(secret.encode(), b"calendar entry", hashlib.sha256)
    return f"{digest.hexdigest()[:32]}@kabinet"


def one_line(text: str) -> str:
    """A text without line breaks and whatever else steers instead of being read."""
    return " ".join(CONTROL.sub(" ", text).split())


def web_address(text: str) -> str | None:
    """The address of a site, if it is one that a calendar program may open."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_fit = parts.scheme in ("http", "https") and parts.hostname and text.isascii()
    return text if is_fit and text.isprintable() and not set(text) & set(' "<>\\') else None


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", uid_of(entry.secret))
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("created", entry.created_at)
    start, end = _times(entry)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", one_line(entry.title))
    if entry.place:
        event.add("location", one_line(entry.place))
    if entry.details:
        event.add("description", "\n".join(one_line(line) for line in entry.details))
    if url := web_address(entry.url):
        event.add("url", url)
    if entry.latitude is not None and entry.longitude is not None:
        event.add("geo", vGeo((entry.latitude, entry.longitude)))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    return event


def _times(entry: Entry) -> tuple[datetime, datetime]:
    """The wall time that the client agreed to, and the end.

    A wall time means the earlier of two in a calendar file, so the later one is told in UTC.
    """
    zone = ZoneInfo(entry.timezone)
    is_later = entry.starts_at.astimezone(zone).fold or entry.ends_at.astimezone(zone).fold
    if is_later:
        return entry.starts_at.astimezone(UTC), entry.ends_at.astimezone(UTC)
    start = entry.wall_start.replace(tzinfo=zone)
    end = (start.astimezone(UTC) + (entry.ends_at - entry.starts_at)).astimezone(zone)
    return start, end


def _years(entries: Sequence[Entry]) -> dict[str, tuple[int, int]]:
    """Which years of which zones are told of."""
    found: dict[str, tuple[int, int]] = {}
    for entry in entries:
        first, last = entry.wall_start.year, (entry.wall_start + timedelta(days=1)).year
        earlier = found.get(entry.timezone, (first, last))
        found[entry.timezone] = (min(first, earlier[0]), max(last, earlier[1]))
    return found
