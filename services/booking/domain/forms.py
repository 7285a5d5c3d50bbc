"""What makes a booking form: its steps, its colours, and the sites that may show it."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

STEPS = ("city", "location", "service", "staff", "time", "contact", "confirm")
LAST_STEPS = ("contact", "confirm")
"""Without them nobody could book: never hidden, and in this order at the end."""
PALETTES = frozenset(
    "red pink purple deep-purple indigo blue light-blue cyan teal green light-green lime yellow"
    " amber orange deep-orange brown grey blue-grey".split()
)
WRITTEN_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}", re.ASCII)
HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)


def is_colour(written: str) -> bool:
    """``#1f6f5c`` or ``#fff``; nothing is no colour of its own."""
    return not written or WRITTEN_COLOUR.fullmatch(written) is not None


def is_palette(written: str) -> bool:
    """A colour, or the name of one of Material's palettes."""
    return is_colour(written) or written in PALETTES


def steps_in_order(given: Iterable[str]) -> tuple[str, ...]:
    """All steps: first those given, in their order; ValueError when that makes no sense."""
    named = tuple(given)
    if len(set(named)) != len(named) or not set(named) <= set(STEPS):
        raise ValueError("a step twice, or one that there is not")
    free = [step for step in named if step not in LAST_STEPS]
    if named != (*free, *(step for step in LAST_STEPS if step in named)):
        raise ValueError("contact and confirm come last")
    rest = (step for step in STEPS if step not in (*free, *LAST_STEPS))
    return (*free, *rest, *LAST_STEPS)


def origin_of(written: str) -> str | None:
    """``https://salon.example``, as browsers write it; None for what is no origin of a site.

    Without TLS only on one's own machine. No ``*`` and no ``null``: both mean everybody.
    """
    try:
        parts = urlsplit(written.strip().lower())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    is_own_machine = host in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_own_machine):
        return None
    if not _is_host(host):
        return None
    shown = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{shown}" + ("" if port in (None, usual) else f":{port}")


def _is_host(host: str) -> bool:
    if ":" not in host:
        return len(host) <= 253 and HOST.fullmatch(host) is not None
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True
