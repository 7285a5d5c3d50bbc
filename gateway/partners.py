"""Who calls: a partner's key and the token of the user beside it, as auth knows them."""

import hashlib
from typing import Any, NamedTuple

from gateway.remembered import Remembered

REMEMBERED_SECONDS = 1.0


class Digests(NamedTuple):
    """What travels of a partner's key and of a user's token."""

    partner: str
    user: str | None = None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# What auth says of a pair of digests: {"partner": …, "user": … | None}.
Identities = Remembered[dict[str, Any]]


def identities() -> Identities:
    """Verdicts good for a second, so that a session that has ended is dead after a second."""
    return Remembered(seconds=REMEMBERED_SECONDS)
