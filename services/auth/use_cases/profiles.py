"""What people say of themselves; and a new phone or e-mail, once it is proven."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.auth.domain.codes import CHANGE_EMAIL, CHANGE_PHONE
from services.auth.events import UserChanged
from services.auth.models import Challenge, Use, User
from services.auth.use_cases.codes import Aim, accept_guess, use_up
from services.auth.use_cases.people import lock, take_email, take_phone
from services.common.errors import Invalid, Unauthenticated
from services.common.outbox import announce

PLAIN = ("name", "language", "date_format", "time_format", "notifications_enabled")


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is to be different: addresses in their normal form, plain facts as they are.

    A phone is proven by its challenge, rightly guessed; an e-mail may be merely told.
    """

    plain: dict[str, Any]
    phone_challenge_id: str | None = None
    email_challenge_id: str | None = None
    told_email: str | None = None


def get_profile(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or user.merged_into_id is not None:
        raise Unauthenticated("session_unknown")
    return user


def phone_aim(phone: str, *, user_id: int, partner_id: int) -> Aim:
    return Aim(purpose=CHANGE_PHONE, recipient=phone, user_id=user_id, partner_id=partner_id)


def email_aim(email: str, *, user_id: int, partner_id: int) -> Aim:
    return Aim(purpose=CHANGE_EMAIL, recipient=email, user_id=user_id, partner_id=partner_id)


def change_profile(
    session: Session, user_id: int, changes: Changes, *, recycled_after: timedelta, now: datetime
) -> User:
    """All of it or nothing. Guesses were counted before; of a code used twice one is too late."""
    if changes.phone_challenge_id is not None:
        phone = _proven(session, changes.phone_challenge_id, now=now)
        take_phone(session, user_id, phone, recycled_after=recycled_after, now=now)
    if changes.email_challenge_id is not None:
        email = _proven(session, changes.email_challenge_id, now=now)
        take_email(session, user_id, email, now=now)
    user = lock(session, user_id)
    if changes.told_email is not None and user.email_proven_at is None:
        user.email = changes.told_email or None
    for name in PLAIN:
        if changes.plain.get(name) is not None:
            setattr(user, name, changes.plain[name])
    user.version += 1
    session.flush()
    announce(session, UserChanged.of(user))
    return user


def _proven(session: Session, challenge_id: str, *, now: datetime) -> str:
    """The phone or address behind a rightly guessed challenge, which is used up."""
    challenge: Challenge = accept_guess(session, challenge_id, now=now)
    if not use_up(session, challenge.id, Use.ACCOUNT, now=now):
        raise Invalid("code_incorrect")
    return challenge.recipient
