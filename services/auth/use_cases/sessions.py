"""Signing in with a proven phone, telling who comes with a token, and signing out."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.auth.domain.keys import digest_of, make_token
from services.auth.models import Kind, StaffUser, Use, User, UserSession
from services.auth.use_cases.codes import accept_guess, use_up
from services.common.db import insert_into
from services.common.errors import Invalid, Unauthenticated


def sign_in(
    session: Session, challenge_id: str, *, partner_id: int, device: str | None, now: datetime
) -> tuple[User, str]:
    """Use up the proof behind a rightly guessed challenge: (the user, new if need be; a token).

    Of several who come with one right code the first gets in; the others'
    code is incorrect.
    """
    challenge = accept_guess(session, challenge_id, now=now)
    if not use_up(session, challenge.id, Use.SIGN_IN, now=now):
        raise Invalid("code_incorrect")
    user = _find_or_add_client(session, challenge.recipient, now=now)
    return user, start_session(session, user.id, partner_id=partner_id, device=device, now=now)


def start_session(
    session: Session, user_id: int, *, partner_id: int, device: str | None, now: datetime
) -> str:
    """A new token, which can be read this once."""
    token = make_token()
    session.add(
        UserSession(
            digest=digest_of(token),
            user_id=user_id,
            partner_id=partner_id,
            device=device,
            created_at=now,
        )
    )
    return token


def find_signed_in(session: Session, digest: str) -> tuple[User, StaffUser | None]:
    """Whose token has this digest, or ``session_unknown`` (those of ended sessions are)."""
    found = session.execute(
        select(User, StaffUser)
        .join(UserSession, UserSession.user_id == User.id)
        .outerjoin(StaffUser, StaffUser.user_id == User.id)
        .where(
            UserSession.digest == digest,
            UserSession.ended_at.is_(None),
            StaffUser.revoked_at.is_(None),
        )
    ).first()
    if found is None:
        raise Unauthenticated("session_unknown")
    user, staff = found
    return user, staff


def sign_out(session: Session, *, user_digest: str, now: datetime) -> None:
    """End the session with this token's digest; a second time, or no such session, is as well."""
    session.execute(
        update(UserSession)
        .where(UserSession.digest == user_digest, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_sessions(session: Session, user_id: int, *, now: datetime) -> None:
    """Sign a user out everywhere."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _find_or_add_client(session: Session, phone: str, *, now: datetime) -> User:
    wanted = select(User).where(User.kind == Kind.CLIENT, User.phone == phone)
    session.execute(
        insert_into(session, User)
        .values(kind=Kind.CLIENT, phone=phone, name="", created_at=now)
        .on_conflict_do_nothing()
    )
    return session.scalars(wanted).one()
