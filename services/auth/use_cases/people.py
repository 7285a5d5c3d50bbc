"""Clients who can sign in, found by what they have proven; and what a proof does to others.

Whoever is about to give a phone or an address to an account takes its turn first,
then locks accounts in the order of their ids. So nobody gets it twice.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.auth.domain.holders import Fate, Holder, fate_at_email, fate_at_phone, is_recycled
from services.auth.events import UserChanged, UserMerged
from services.auth.models import Kind, User
from services.auth.use_cases import throttles
from services.auth.use_cases.consents import give_consents
from services.auth.use_cases.sessions import end_sessions
from services.common.errors import Conflict, Unauthenticated
from services.common.outbox import announce

OWNER = "owner"

KEPT = (
    "name",
    "password_hash",
    "photo",
    "language",
    "date_format",
    "time_format",
)
"""What an account gets from one that is merged into it, where it has none of its own."""


def with_phone(session: Session, phone: str) -> User | None:
    return session.scalar(select(User).where(User.kind == Kind.CLIENT, User.phone == phone))


def with_email(session: Session, email: str) -> User | None:
    """Whose proven address this is; one that is merely told is nobody's."""
    return session.scalar(
        select(User).where(
            User.kind == Kind.CLIENT, User.email == email, User.email_proven_at.is_not(None)
        )
    )


def with_login(session: Session, login: str) -> User | None:
    """Whose phone or proven address this is."""
    return with_email(session, login) if "@" in login else with_phone(session, login)


def lock(session: Session, user_id: int, *others: int) -> User:
    """The account, which stays as it is until this transaction ends, as do the others.

    ``session_unknown`` when it is none any more: it was merged into another one.
    """
    ids = sorted({user_id, *others})
    locked = session.scalars(
        select(User)
        .where(User.id.in_(ids))
        .order_by(User.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    users = {user.id: user for user in locked}
    if user_id not in users or users[user_id].merged_into_id is not None:
        raise Unauthenticated("session_unknown")
    return users[user_id]


def still_with(session: Session, found: User | None, login: str) -> User | None:
    """The account, locked, if after the wait it still has this phone or proven address."""
    if found is None:
        return None
    try:
        user = lock(session, found.id)
    except Unauthenticated:
        return None
    return user if _has(user, login) else None


def who_has_proven(
    session: Session,
    phone: str,
    *,
    known_ids: Collection[int],
    recycled_after: timedelta,
    now: datetime,
) -> User:
    """The client with this phone, which was proven just now; a new one if need be.

    A number that was last proven long ago may be somebody else's by now. Its old
    account is opened only to who knows something else of it (``known_ids``); else it
    keeps what it has and loses the number.
    """
    throttles.take_turn(session, OWNER, phone, now=now)
    user = still_with(session, with_phone(session, phone), phone)
    if (
        user is not None
        and user.id not in known_ids
        and user.phone_proven_at is not None
        and is_recycled(user.phone_proven_at, now=now, after=recycled_after)
    ):
        _leave_phone(session, user)
        user = None
    if user is None:
        user = User(kind=Kind.CLIENT, phone=phone, name="", created_at=now, phone_proven_at=now)
        session.add(user)
    user.phone_proven_at = now
    session.flush()
    return user


def take_phone(
    session: Session, user_id: int, phone: str, *, recycled_after: timedelta, now: datetime
) -> User:
    """Give an account the phone that its owner has just proven.

    ``phone_of_another_account`` when the account that has it can prove itself otherwise.
    """
    user, holder = _lock_with_holder(session, user_id, phone, now=now)
    told = None
    if holder is not None and holder.phone_proven_at is not None:
        has_more = holder.password_hash is not None or holder.email_proven_at is not None
        told = Holder(user_id=holder.id, proven_at=holder.phone_proven_at, has_more=has_more)
    fate = fate_at_phone(told, user.id, now=now, recycled_after=recycled_after)
    if fate is Fate.REFUSED:
        raise Conflict("phone_of_another_account", fields={"phone": "another account's"})
    if holder is not None and fate is Fate.LEFT:
        _leave_phone(session, holder)
    elif holder is not None and fate is Fate.MERGED:
        merge(session, holder, user, now=now)
    user.phone, user.phone_proven_at = phone, now
    session.flush()
    return user


def take_email(session: Session, user_id: int, email: str, *, now: datetime) -> User:
    """Give an account the e-mail address that its owner has just proven.

    ``email_of_another_account`` when the account that has it can prove itself otherwise.
    """
    user, holder = _lock_with_holder(session, user_id, email, now=now)
    told = None
    if holder is not None and holder.email_proven_at is not None:
        has_more = holder.phone is not None
        told = Holder(user_id=holder.id, proven_at=holder.email_proven_at, has_more=has_more)
    fate = fate_at_email(told, user.id)
    if fate is Fate.REFUSED:
        raise Conflict("email_of_another_account", fields={"email": "another account's"})
    if holder is not None and fate is Fate.MERGED:
        merge(session, holder, user, now=now)
    user.email, user.email_proven_at = email, now
    session.flush()
    return user


def _lock_with_holder(
    session: Session, user_id: int, login: str, *, now: datetime
) -> tuple[User, User | None]:
    """The account that is about to get this phone or address, and the one that has it, if any."""
    throttles.take_turn(session, OWNER, login, now=now)
    holder = with_login(session, login)
    user = lock(session, user_id, *([holder.id] if holder else []))
    if holder is not None and not _has(holder, login):  # it has another one by now
        holder = None
    return user, holder


def merge(session: Session, other: User, into: User, *, now: datetime) -> None:
    """Make two accounts of one person one: the other is signed out and left empty.

    What the account lacks it gets from the other, and what either consented to it has.
    Who wants no messages in one wants none. Both must be locked.
    """
    kept = {name: getattr(into, name) or getattr(other, name) for name in KEPT}
    kept["notifications_enabled"] = into.notifications_enabled and other.notifications_enabled
    other.phone = other.phone_proven_at = other.email = other.email_proven_at = None
    other.password_hash = other.photo = None
    other.name = ""
    other.merged_into_id = into.id
    other.version += 1
    session.execute(
        update(User).where(User.merged_into_id == other.id).values(merged_into_id=into.id)
    )
    give_consents(session, other.id, into.id)
    end_sessions(session, other.id, now=now)
    session.flush()
    for name, value in kept.items():
        setattr(into, name, value)
    into.version += 1
    announce(session, UserMerged.of(other))
    announce(session, UserChanged.of(into))


def _has(user: User, login: str) -> bool:
    """Whether this phone or proven address is the account's."""
    if "@" in login:
        return user.email == login and user.email_proven_at is not None
    return user.phone == login


def _leave_phone(session: Session, user: User) -> None:
    """Let an account have no phone any more; at once, for somebody else is about to get it."""
    user.phone = user.phone_proven_at = None
    user.version += 1
    session.flush()
