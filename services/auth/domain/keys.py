"""Partner keys and session tokens: how one is made and what is kept of it."""

import hashlib
import secrets
from collections.abc import Collection

KEY_BYTES = 32


def make_key() -> str:
    """A new partner key: 256 random bits in letters and digits that no header has to quote."""
    return f"kp_{secrets.token_hex(KEY_BYTES)}"


def make_token() -> str:
    """A new session token, made like a key."""
    return f"ku_{secrets.token_hex(KEY_BYTES)}"


def common_businesses(
    one: Collection[int] | None, other: Collection[int] | None
) -> list[int] | None:
    """The businesses that two keys are both for; None is for all."""
    if one is None or other is None:
        both = other if one is None else one
        return None if both is None else sorted(both)
    return sorted({*one} & {*other})


def digest_of(key: str) -> str:
    """What is stored and compared. A plain hash is enough for a key nobody could guess."""
    return hashlib.sha256(key.encode()).hexdigest()


def hint_of(key: str) -> str:
    """Enough of the key to tell it from others in a list, and no more."""
    return key[:8]
