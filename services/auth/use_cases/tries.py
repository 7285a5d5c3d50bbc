"""Tries at passwords, each counted before the password is looked at."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.auth.domain.limits import FAILURES
from services.auth.domain.passwords import normal_login
from services.auth.models import StaffUser
from services.auth.use_cases import throttles
from services.auth.use_cases.hashes import DECOY
from services.auth.use_cases.people import with_login

CLIENT = "client_password"
STAFF = "password"
OWN = "own_password"
SIGN_UP = "sign_up_password"
SECOND_FACTOR = "second_factor"
"""Codes after a right password, of an account: else each right password would buy five more."""


@dataclass(frozen=True, kw_only=True)
class Try:
    """One counted try: which password it must match, and whose that is (None: nobody's)."""

    kind: str
    subject: str
    at: datetime
    user_id: int | None = None
    password_hash: str = field(default=DECOY, repr=False)


def count_client(session: Session, login: str, *, now: datetime) -> Try:
    """Count one try at the password of a phone or e-mail address, whether or not it has one.

    Commit this before the password is looked at. After five failures in ten minutes
    even the right one is refused: ``too_many_attempts`` says for how many seconds.
    """
    count(session, CLIENT, login, now=now)
    user = with_login(session, login)
    known = None if user is None or user.password_hash is None else (user.id, user.password_hash)
    return _try(CLIENT, login, known, now=now)


def count_staff(session: Session, login: str, *, now: datetime) -> Try:
    """The same for a login of the staff."""
    login = normal_login(login)
    count(session, STAFF, login, now=now)
    known = session.execute(
        select(StaffUser.user_id, StaffUser.password_hash).where(
            StaffUser.login == login, StaffUser.revoked_at.is_(None)
        )
    ).first()
    return _try(STAFF, login, known and (known.user_id, known.password_hash), now=now)


def count_own(session: Session, user_id: int, password_hash: str | None, *, now: datetime) -> Try:
    """The same for somebody who is signed in and names their old password."""
    subject = str(user_id)
    count(session, OWN, subject, now=now)
    return _try(OWN, subject, (user_id, password_hash or DECOY), now=now)


def count(session: Session, kind: str, subject: str, *, now: datetime) -> None:
    throttles.count_or_refuse(session, kind, subject, FAILURES, now=now)


def forget_try(session: Session, right: Try, *, now: datetime) -> None:
    """It was right, so it was no failure."""
    forget(session, right.kind, right.subject, right.at, now=now)


def forget(
    session: Session, kind: str, subject: str, counted_at: datetime, *, now: datetime
) -> None:
    """What was counted at that moment was no failure."""
    tries = throttles.take_turn(session, kind, subject, now=now)
    if counted_at in tries:
        tries.remove(counted_at)
    throttles.remember(session, kind, subject, tries, now=now)


def _try(kind: str, subject: str, known: tuple[int, str] | None, *, now: datetime) -> Try:
    if known is None:
        return Try(kind=kind, subject=subject, at=now)
    user_id, password_hash = known
    return Try(kind=kind, subject=subject, at=now, user_id=user_id, password_hash=password_hash)
