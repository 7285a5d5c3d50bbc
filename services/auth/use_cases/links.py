"""Opening the link of a letter, which proves that one can read what is sent to its address."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.auth.domain.codes import VALID_FOR
from services.auth.domain.links import challenge_in
from services.auth.models import Challenge
from services.common.errors import Invalid, NotFound


def open_link(
    session: Session, token: str, *, purpose: str, secret: str, now: datetime
) -> Challenge:
    """The challenge behind a link, proven: whoever uses it up was the one who opened it.

    ``link_incorrect`` when the token was not made here for this purpose, ``link_over``
    when it has expired or was used. Nothing is counted as with codes: a wrong token is
    told without looking at the database, so nobody spoils another's link by guessing.
    """
    challenge = look_at_link(session, token, purpose=purpose, secret=secret, now=now)
    session.refresh(challenge, with_for_update={"key_share": True})
    _check_open(challenge, now)
    if challenge.proven_at is None:
        challenge.proven_at = now
        challenge.expires_at = now + VALID_FOR
    session.flush()
    return challenge


def look_at_link(
    session: Session, token: str, *, purpose: str, secret: str, now: datetime
) -> Challenge:
    """The same without opening it: mail scanners look at every link before people do."""
    challenge_id = challenge_in(secret, token, purpose)
    if challenge_id is None:
        raise Invalid("link_incorrect")
    return _check_open(session.get(Challenge, challenge_id), now)


def _check_open(challenge: Challenge | None, now: datetime) -> Challenge:
    if challenge is None or challenge.used_at is not None or challenge.expires_at <= now:
        raise NotFound("link_over")
    return challenge
