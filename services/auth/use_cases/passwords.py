"""Clients' passwords: giving oneself another one, and a new one after a code or a link."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.auth.domain.codes import RESET_PASSWORD, VALID_FOR
from services.auth.domain.holders import is_recycled
from services.auth.models import Challenge, Use, User
from services.auth.use_cases.codes import use_up
from services.auth.use_cases.people import lock, still_with, with_login
from services.auth.use_cases.sessions import end_sessions
from services.common.errors import Forbidden, Invalid, NotFound


def demand_fresh_proof(user: User, *, now: datetime) -> None:
    """``proof_needed`` unless they have just proven their phone or address.

    Who has no password yet may choose one without naming the old one, but a stolen
    token must not be enough for that.
    """
    proven = [user.phone_proven_at, user.email_proven_at]
    if not any(moment is not None and moment > now - VALID_FOR for moment in proven):
        raise Forbidden("proof_needed")


def change_password(
    session: Session,
    user_id: int,
    password_hash: str,
    *,
    instead_of: str | None,
    now: datetime,
) -> User:
    """Another password instead of that one; whatever was signed in is signed out."""
    user = lock(session, user_id)
    if user.password_hash != instead_of:
        raise Invalid("old_password_incorrect", fields={"old_password": "changed meanwhile"})
    _set(session, user, password_hash, now=now)
    return user


def reset_password(
    session: Session,
    challenge: Challenge,
    password_hash: str,
    *,
    recycled_after: timedelta,
    now: datetime,
) -> User:
    """A new password for whoever has just proven that phone or address.

    ``account_not_found`` when nobody has an account with it: told to who has it
    alone. Nor does a number open an account that proved it long ago.
    """
    user = still_with(session, with_login(session, challenge.recipient), challenge.recipient)
    if user is None or (
        "@" not in challenge.recipient
        and user.phone_proven_at is not None
        and is_recycled(user.phone_proven_at, now=now, after=recycled_after)
    ):
        raise NotFound("account_not_found")
    if not use_up(session, challenge.id, Use.ACCOUNT, now=now):
        raise Invalid("code_incorrect")
    if "@" in challenge.recipient:
        user.email_proven_at = now
    else:
        user.phone_proven_at = now
    _set(session, user, password_hash, now=now)
    return user


def _set(session: Session, user: User, password_hash: str, *, now: datetime) -> None:
    user.password_hash = password_hash
    end_sessions(session, user.id, now=now)
    own = [login for login in (user.phone, user.email) if login]
    session.execute(
        update(Challenge)
        .where(
            Challenge.purpose == RESET_PASSWORD,
            Challenge.recipient.in_(own),
            Challenge.used_at.is_(None),
        )
        .values(used_at=now, used_for=Use.ACCOUNT)
        .execution_options(synchronize_session=False)
    )
    session.flush()
