"""Reviews: the token that opens the form, who may write one, and under which name."""

import hashlib
import hmac
import re
from typing import Literal

ReviewRefusal = Literal["visit_cancelled", "visit_missed", "visit_not_over"]

TOKEN = re.compile(r"([1-9][0-9]{0,18})-[0-9a-f]{32}", re.ASCII)
MOST_DIGITS_OF_A_NAME = 5


def token_of(appointment_id: int, secret: str) -> str:
    """The token of an appointment's review, made of its hash, of which it tells nothing.

    So nothing is stored, and who can review can neither read nor cancel the appointment.
    """
    digest = hmac.new(secret.encode(), f"review {appointment_id}".encode(), hashlib.sha256)
    return f"{appointment_id}-{digest.hexdigest()[:32]}"


def appointment_in(token: str) -> int | None:
    """Which appointment a token is for, if it is one at all."""
    found = TOKEN.fullmatch(token)
    return int(found[1]) if found else None


def fits(token: str, appointment_id: int, secret: str) -> bool:
    return hmac.compare_digest(token.encode(), token_of(appointment_id, secret).encode())


def may_review(
    ends_at: int, *, now: int, is_cancelled: bool, is_missed: bool
) -> ReviewRefusal | None:
    """None if the visit can be reviewed, otherwise the refusal."""
    if is_cancelled:
        return "visit_cancelled"
    if now < ends_at:
        return "visit_not_over"
    return "visit_missed" if is_missed else None


def public_name(name: str) -> str:
    """The name as it is shown to everybody; none if a phone number or an address stands in it."""
    name = " ".join(name.split())
    digits = sum(character.isdigit() for character in name)
    return "" if "@" in name or digits > MOST_DIGITS_OF_A_NAME else name


def average(total: int, count: int) -> float:
    """The mark of all reviews together, to two digits."""
    return round(total / count, 2) if count else 0.0
