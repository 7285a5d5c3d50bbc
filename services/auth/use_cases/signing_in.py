"""Clients who sign in: with a code for their phone, or with a password."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.auth.models import Challenge, Use, User
from services.auth.use_cases.codes import accept_guess, use_up
from services.auth.use_cases.people import lock, who_has_proven, with_email
from services.auth.use_cases.sessions import start_session
from services.auth.use_cases.tries import Try
from services.common.errors import Invalid, Unauthenticated


@dataclass(frozen=True, kw_only=True)
class From:
    """Where somebody signs in: over which front end, on what device."""

    partner_id: int
    device: str | None


def sign_in(
    session: Session,
    challenge_id: str,
    *,
    by_email: bool = False,
    known_ids: Collection[int] = (),
    recycled_after: timedelta,
    where: From,
    now: datetime,
) -> tuple[User, str]:
    """Use up the proof behind a rightly guessed challenge: (the user, new if need be; a token).

    Of several who come with one right code the first gets in; the others'
    code is incorrect. ``known_ids`` are accounts of which they know something more.
    The code of a letter opens the account of its address, and proves no phone anew.
    """
    challenge = accept_guess(session, challenge_id, by_email=by_email, now=now)
    if not use_up(session, challenge.id, Use.SIGN_IN, now=now):
        raise Invalid("code_incorrect")
    if by_email:
        user = _who_reads(session, challenge)
        return user, begin(session, user, where, now=now)
    user = who_has_proven(
        session,
        challenge.recipient,
        known_ids=known_ids,
        recycled_after=recycled_after,
        now=now,
    )
    return user, begin(session, user, where, now=now)


def sign_in_with_password(
    session: Session, right: Try, *, where: From, now: datetime
) -> tuple[User, str]:
    """After a right try: (the user, a new token)."""
    if right.user_id is None:
        raise Unauthenticated("password_incorrect")
    user = lock(session, right.user_id)
    if user.password_hash != right.password_hash:  # changed since the password was looked at
        raise Unauthenticated("password_incorrect")
    return user, begin(session, user, where, now=now)


def _who_reads(session: Session, challenge: Challenge) -> User:
    """The account to whose address the code went, if it still has address and phone."""
    found = with_email(session, challenge.email or "")
    user = None if found is None else lock(session, found.id)
    if user is None or (user.email, user.phone) != (challenge.email, challenge.recipient):
        raise Invalid("code_incorrect")
    return user


def begin(session: Session, user: User, where: From, *, now: datetime) -> str:
    """A new token for this account."""
    return start_session(
        session, user.id, partner_id=where.partner_id, device=where.device, now=now
    )
