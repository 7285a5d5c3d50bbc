"""Sessions: beginning one, telling who comes with its token, and ending it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from services.auth.domain.keys import common_businesses, digest_of, make_token
from services.auth.domain.lifetimes import NOTED_EVERY, Lifetime
from services.auth.models import PartnerKey, StaffRight, StaffUser, User, UserSession
from services.common.errors import NotFound, Unauthenticated

KEPT_FOR = timedelta(days=30)
"""How long a session that is over is remembered."""


MOST_SESSIONS = 100
"""Of one user at a time; nobody has as many devices."""


class SignedIn(NamedTuple):
    """Whose token it is, what they may do, and the session that it stands for.

    ``business_ids`` are those in which the token opens anything with this key; None: all.
    """

    user: User
    staff: StaffUser | None
    rights: Sequence[StaffRight]
    session: UserSession
    business_ids: list[int] | None


def start_session(
    session: Session, user_id: int, *, partner_id: int, device: str | None, now: datetime
) -> str:
    """A new token, which can be read this once; of very many sessions the oldest ends."""
    _end_oldest(session, user_id, but=MOST_SESSIONS - 1, now=now)
    token = make_token()
    session.add(
        UserSession(
            digest=digest_of(token),
            user_id=user_id,
            partner_id=partner_id,
            device=device,
            created_at=now,
            last_used_at=now,
        )
    )
    return token


def _end_oldest(session: Session, user_id: int, *, but: int, now: datetime) -> None:
    """End all but so many of the newest sessions of a user."""
    newest = (
        select(UserSession.id)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .order_by(UserSession.id.desc())
        .limit(but)
    )
    session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.id.not_in(newest),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def find_signed_in(
    session: Session, digest: str, *, key: PartnerKey, lifetime: Lifetime, now: datetime
) -> SignedIn:
    """Whose token has this digest, or ``session_unknown`` (ended and expired ones are).

    One that was given out over a key of some businesses opens no others, whichever
    ``key`` it comes with: else one business's front end could use its clients' tokens
    at all others.
    """
    found = session.execute(
        select(User, StaffUser, UserSession, PartnerKey.business_ids)
        .join(UserSession, UserSession.user_id == User.id)
        .outerjoin(PartnerKey, PartnerKey.id == UserSession.partner_id)
        .outerjoin(StaffUser, StaffUser.user_id == User.id)
        .where(
            UserSession.digest == digest,
            _is_alive(lifetime, now),
            StaffUser.revoked_at.is_(None),
        )
    ).first()
    if found is None:
        raise Unauthenticated("session_unknown")
    user, staff, known, given_for = found
    business_ids = common_businesses(given_for, key.business_ids)
    if business_ids == []:
        raise Unauthenticated("session_unknown")
    rights = find_rights(session, user.id) if staff else []
    return SignedIn(user, staff, rights, known, business_ids)


def whose_session(
    session: Session, digest: str, *, lifetime: Lifetime, now: datetime
) -> int | None:
    """The account that a token opens which is sent along while signing in anew."""
    return session.scalar(
        select(UserSession.user_id).where(UserSession.digest == digest, _is_alive(lifetime, now))
    )


def find_rights(session: Session, user_id: int) -> Sequence[StaffRight]:
    return session.scalars(
        select(StaffRight).where(StaffRight.user_id == user_id).order_by(StaffRight.id)
    ).all()


def note_use(session: Session, session_id: int, *, now: datetime) -> None:
    """The token has just been used; of several who notice at once, one writes it down."""
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.last_used_at <= now - NOTED_EVERY)
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )


def list_sessions(
    session: Session, user_id: int, *, lifetime: Lifetime, now: datetime
) -> Sequence[UserSession]:
    """Where somebody is signed in, the last used first."""
    return session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, _is_alive(lifetime, now))
        .order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
        .limit(MOST_SESSIONS)
    ).all()


def end_session(session: Session, *, user_id: int, session_id: int, now: datetime) -> None:
    """End one of somebody's sessions; ``session_not_found`` when it is not theirs.

    A second time changes nothing.
    """
    found = session.get(UserSession, session_id)
    if found is None or found.user_id != user_id:
        raise NotFound("session_not_found")
    found.ended_at = found.ended_at or now


def sign_out(session: Session, *, user_digest: str, now: datetime) -> None:
    """End the session with this token's digest; a second time, or no such session, is as well."""
    session.execute(
        update(UserSession)
        .where(UserSession.digest == user_digest, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_sessions(session: Session, user_id: int, *, but: str | None = None, now: datetime) -> None:
    """Sign a user out everywhere, but where the token has the digest ``but``."""
    ended = update(UserSession).where(
        UserSession.user_id == user_id, UserSession.ended_at.is_(None)
    )
    if but is not None:
        ended = ended.where(UserSession.digest != but)
    session.execute(ended.values(ended_at=now))


def forget_old(session: Session, *, lifetime: Lifetime, now: datetime) -> None:
    """Delete sessions that have been over for a month, with the device they were on."""
    session.execute(
        delete(UserSession).where(
            or_(
                UserSession.ended_at < now - KEPT_FOR,
                UserSession.last_used_at < now - lifetime.idle - KEPT_FOR,
                UserSession.created_at < now - lifetime.longest - KEPT_FOR,
            )
        )
    )


def _is_alive(lifetime: Lifetime, now: datetime) -> ColumnElement[bool]:
    return and_(
        UserSession.ended_at.is_(None),
        UserSession.last_used_at > now - lifetime.idle,
        UserSession.created_at > now - lifetime.longest,
    )
