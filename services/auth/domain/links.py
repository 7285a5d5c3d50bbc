"""Links in letters: a token is derived like a code, stored nowhere, and opens one challenge."""

import base64
import hmac
import re

TOKEN_BYTES = 20
TOKEN = re.compile(r"(?P<challenge_id>[0-9a-f-]{36})\.(?P<proof>[a-z2-7]{32})", re.ASCII)


def link_token(secret: str, challenge_id: str, purpose: str) -> str:
    """The token of one challenge: the same whenever it is asked for, useless for another purpose.

    Of 160 bits, so unlike a code it need not be protected from guesses.
    """
    message = f"link/{purpose}/{challenge_id}".encode()
    digest = hmac.digest(secret.encode(), message, "sha256")[:TOKEN_BYTES]
    return f"{challenge_id}.{base64.b32encode(digest).decode().lower()}"


def challenge_in(secret: str, token: str, purpose: str) -> str | None:
    """Which challenge this token opens; None when it was not made here for this purpose."""
    parts = TOKEN.fullmatch(token)
    if parts is None:
        return None
    right = link_token(secret, parts["challenge_id"], purpose)
    return parts["challenge_id"] if hmac.compare_digest(token.encode(), right.encode()) else None
