"""Codes for phones and letters: derived when they are needed, stored nowhere. See docs/adr/0011."""

import hmac
from datetime import timedelta

PROVE_PHONE = "prove_phone"
CHANGE_PHONE = "change_phone"
CHANGE_EMAIL = "change_email"
PROVE_EMAIL = "prove_email"
ACCOUNT_EXISTS = "account_exists"
"""A letter that answers who wants an account under an address that has one."""
RESET_PASSWORD = "reset_password"  # noqa: S105
RESET_STAFF_PASSWORD = "reset_staff_password"  # noqa: S105
RESET_STAFF_REFUSED = "reset_staff_refused"
"""A letter to who would open with their mailbox alone what a password and it protect."""
STAFF_SIGN_IN = "staff_sign_in"
SET_SECOND_FACTOR = "set_second_factor"
INVITE_STAFF = "invite_staff"

WITH_LINK = frozenset({PROVE_EMAIL, RESET_PASSWORD, RESET_STAFF_PASSWORD, INVITE_STAFF})
"""Purposes whose letters carry a link beside the code, or instead of it."""

VALID_FOR = timedelta(minutes=10)
"""How long a code can be guessed, and how long the proof lasts that a right guess gives."""

LETTERS_VALID_FOR = {
    PROVE_EMAIL: timedelta(days=1),
    ACCOUNT_EXISTS: timedelta(days=1),
    RESET_PASSWORD: timedelta(hours=1),
    RESET_STAFF_PASSWORD: timedelta(hours=1),
    RESET_STAFF_REFUSED: timedelta(hours=1),
    INVITE_STAFF: timedelta(days=7),
}
"""People read letters later than messages."""

MOST_GUESSES = 5


def by_email_of(purpose: str) -> str:
    """What the code of a letter is good for that stands in for a message to a phone.

    It proves that somebody reads the address of the phone's account, and not that they
    have the phone.
    """
    return f"{purpose}/email"


def valid_for(purpose: str) -> timedelta:
    """How long a challenge for this purpose is open."""
    return LETTERS_VALID_FOR.get(purpose, VALID_FOR)


def hotp(key: bytes, message: bytes, *, digits: int, algorithm: str = "sha256") -> str:
    """RFC 4226: the last digits of four bytes of an HMAC, chosen by its last one.

    There the message is a counter of eight bytes and the hash is SHA-1.
    """
    digest = hmac.digest(key, message, algorithm)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}}"


def code_of(secret: str, challenge_id: str, *, purpose: str, length: int) -> str:
    """The code of one challenge: the same whenever it is asked for, useless for another purpose."""
    return hotp(secret.encode(), f"code/{purpose}/{challenge_id}".encode(), digits=length)


def is_right(typed: str, code: str) -> bool:
    """Whether these are the code's digits, in any script and spacing, in constant time.

    A code that went through a number on its way has lost its leading zeros.
    """
    digits = "".join(str(int(character)) for character in typed if character.isdecimal())
    padded = digits.zfill(len(code)) if digits else ""
    return hmac.compare_digest(padded.encode(), code.encode())
