"""What becomes of whoever has a phone or e-mail address that somebody else has just proven.

Numbers are given to other people after some months, addresses hardly ever are.
See docs/adr/0021.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Fate(StrEnum):
    """FREE: nobody has it. OWN: they have it themselves. LEFT: its holder keeps their account
    and loses the number. MERGED: its holder is the same person, so the two accounts become
    one. REFUSED: its holder has other proof of who they are, and must say so themselves.
    """

    FREE = "free"
    OWN = "own"
    LEFT = "left"
    MERGED = "merged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The account that has it: ``has_more`` when it can be signed in to without it."""

    user_id: int
    proven_at: datetime
    has_more: bool


def is_recycled(proven_at: datetime, *, now: datetime, after: timedelta) -> bool:
    """Whether the number was proven so long ago that it may be somebody else's by now."""
    return proven_at <= now - after


def fate_at_phone(
    holder: Holder | None, user_id: int, *, now: datetime, recycled_after: timedelta
) -> Fate:
    """When ``user_id`` has proven the phone that ``holder`` has."""
    if holder is None:
        return Fate.FREE
    if holder.user_id == user_id:
        return Fate.OWN
    if is_recycled(holder.proven_at, now=now, after=recycled_after):
        return Fate.LEFT
    return Fate.REFUSED if holder.has_more else Fate.MERGED


def fate_at_email(holder: Holder | None, user_id: int) -> Fate:
    """The same for an e-mail address."""
    if holder is None:
        return Fate.FREE
    if holder.user_id == user_id:
        return Fate.OWN
    return Fate.REFUSED if holder.has_more else Fate.MERGED
