"""Tries at clients' passwords, each counted before the password is looked at."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from services.auth.domain.limits import FAILURES
from services.auth.models import User
from services.auth.use_cases import throttles
from services.auth.use_cases.hashes import DECOY
from services.auth.use_cases.people import with_login
from services.common.errors import TooManyAttempts

LOGIN = "client_password"
OWN = "own_password"
SIGN_UP = "sign_up_password"


@dataclass(frozen=True, kw_only=True)
class Try:
    """One counted try: which password it must match, and whose that is (None: nobody's)."""

    kind: str
    subject: str
    at: datetime
    user_id: int | None = None
    password_hash: str = field(default=DECOY, repr=False)


def count_login(session: Session, login: str, *, now: datetime) -> Try:
    """Count one try at the password of a phone or e-mail address, whether or not it has one.

    Commit this before the password is looked at. After five failures in ten minutes
    even the right one is refused: ``too_many_attempts`` says for how many seconds.
    """
    count(session, LOGIN, login, now=now)
    user = with_login(session, login)
    if user is None or user.password_hash is None:
        return Try(kind=LOGIN, subject=login, at=now)
    return Try(kind=LOGIN, subject=login, at=now, user_id=user.id, password_hash=user.password_hash)


def count_own(session: Session, user: User, *, now: datetime) -> Try:
    """The same for somebody who is signed in and names their old password."""
    subject = str(user.id)
    count(session, OWN, subject, now=now)
    return Try(
        kind=OWN,
        subject=subject,
        at=now,
        user_id=user.id,
        password_hash=user.password_hash or DECOY,
    )


def count(session: Session, kind: str, subject: str, *, now: datetime) -> None:
    failed = throttles.take_turn(session, kind, subject, now=now)
    if seconds := FAILURES.seconds_to_wait(failed, now):
        raise TooManyAttempts("too_many_attempts", params={"seconds": seconds})
    throttles.remember(session, kind, subject, [*FAILURES.recent(failed, now), now], now=now)


def forget_try(session: Session, right: Try, *, now: datetime) -> None:
    """It was right, so it was no failure."""
    tries = throttles.take_turn(session, right.kind, right.subject, now=now)
    if right.at in tries:
        tries.remove(right.at)
    throttles.remember(session, right.kind, right.subject, tries, now=now)
