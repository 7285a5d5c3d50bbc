"""Staff users: making, listing and revoking them, and signing in with login and password."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from services.auth.domain.limits import FAILURES
from services.auth.domain.passwords import fault_of, normal_login
from services.auth.models import Kind, Medium, StaffRight, StaffUser, User
from services.auth.use_cases import throttles
from services.auth.use_cases.hashes import DECOY, hash_of
from services.auth.use_cases.rights import give_right
from services.auth.use_cases.second_factors import forget_challenges
from services.auth.use_cases.sessions import end_sessions, start_session
from services.auth.use_cases.signing_in import From
from services.common.db import insert_into
from services.common.errors import Conflict, Invalid, NotFound, TooManyAttempts, Unauthenticated
from services.common.rights import Role

TRY = "password"


@dataclass(frozen=True)
class Try:
    """One counted try at a login's password: what the password must match."""

    login: str
    password_hash: str


def create_staff_user(
    session: Session,
    *,
    login: str,
    password: str | None = None,
    password_hash: str | None = None,
    name: str,
    business_id: int | None,
    role: Role = Role.STAFF,
    location_ids: list[int] | None = None,
    phone: str | None = None,
    email: str | None = None,
    now: datetime,
) -> StaffUser:
    """A new staff user, with that role in the locations or in all of the business.

    ``login_taken`` when the login is. Without a business: no rights yet. The hash of
    a password that was checked saves the time of making it in this transaction.
    """
    login = normal_login(login)
    if not login:
        raise Invalid("login_missing", fields={"login": "required"})
    password_hash = password_hash or checked_hash(password or "", login)
    user = User(kind=Kind.STAFF, name=name.strip(), phone=phone, email=email, created_at=now)
    session.add(user)
    session.flush()
    added: StaffUser | None = session.scalar(
        insert_into(session, StaffUser)
        .values(
            user_id=user.id,
            login=login,
            password_hash=password_hash,
        )
        .on_conflict_do_nothing(index_elements=["login"])
        .returning(StaffUser)
    )
    if added is None:
        raise Conflict("login_taken")
    if business_id is None:
        return added
    places: list[int | None] = list(location_ids) if location_ids else [None]
    for location_id in places:
        give_right(
            session,
            user_id=user.id,
            business_id=business_id,
            location_id=location_id,
            role=role,
            now=now,
        )
    return added


def revive(session: Session, *, login: str, name: str, password_hash: str) -> StaffUser | None:
    """Somebody who was revoked works again, with another password and none of their old rights.

    None when nobody with this login was revoked.
    """
    staff = session.scalar(
        select(StaffUser)
        .where(StaffUser.login == normal_login(login), StaffUser.revoked_at.is_not(None))
        .with_for_update(key_share=True)
    )
    if staff is None:
        return None
    session.execute(delete(StaffRight).where(StaffRight.user_id == staff.user_id))
    staff.password_hash, staff.revoked_at, staff.second_factor = password_hash, None, None
    user = session.get_one(User, staff.user_id)
    user.name, user.email = name.strip(), login
    session.flush()
    return staff


def list_staff_users(session: Session) -> Sequence[Row[StaffUser, User]]:
    return session.execute(
        select(StaffUser, User).join(User, User.id == StaffUser.user_id).order_by(User.id)
    ).all()


def change_password(session: Session, *, login: str, password: str, now: datetime) -> StaffUser:
    """Give a staff user another password, and end what was begun with the old one."""
    staff = find_staff_user(session, login)
    staff.password_hash = checked_hash(password, staff.login)
    end_sessions(session, staff.user_id, now=now)
    forget_challenges(session, staff.user_id)
    return staff


def revoke_staff_user(session: Session, *, login: str, now: datetime) -> StaffUser:
    """Sign a staff user out for good; a second time changes nothing."""
    staff = find_staff_user(session, login)
    staff.revoked_at = staff.revoked_at or now
    end_sessions(session, staff.user_id, now=now)
    forget_challenges(session, staff.user_id)
    return staff


def set_second_factor(
    session: Session, *, login: str, medium: Medium | None, recipient: str = ""
) -> StaffUser:
    """Let an operator say where the code goes that follows the password, or that none does."""
    staff = find_staff_user(session, login)
    staff.second_factor = medium
    user = session.get_one(User, staff.user_id)
    if medium is Medium.EMAIL:
        user.email = recipient
    elif medium is not None:
        user.phone = recipient
    forget_challenges(session, staff.user_id)
    return staff


def count_try(session: Session, *, login: str, now: datetime) -> Try:
    """Count one try at a login's password, whether or not there is such a login.

    Commit this before the password is looked at. After five failures in ten minutes
    even the right one is refused: ``too_many_attempts`` says for how many seconds.
    """
    login = normal_login(login)
    failed = throttles.take_turn(session, TRY, login, now=now)
    if seconds := FAILURES.seconds_to_wait(failed, now):
        raise TooManyAttempts("too_many_attempts", params={"seconds": seconds})
    throttles.remember(session, TRY, login, [*FAILURES.recent(failed, now), now], now=now)
    known = session.scalar(
        select(StaffUser.password_hash).where(
            StaffUser.login == login, StaffUser.revoked_at.is_(None)
        )
    )
    return Try(login, known or DECOY)


def find_signing_in(session: Session, right: Try) -> Row[User, StaffUser]:
    """Whose password it was, unless they were revoked or it was changed since it was looked at."""
    found = session.execute(
        select(User, StaffUser)
        .join(StaffUser, StaffUser.user_id == User.id)
        .where(
            StaffUser.login == right.login,
            StaffUser.password_hash == right.password_hash,
            StaffUser.revoked_at.is_(None),
        )
    ).first()
    if found is None:
        raise Unauthenticated("password_incorrect")
    return found


def forget_try(session: Session, right: Try, *, now: datetime) -> None:
    """It was right, so it was no failure."""
    tries = throttles.take_turn(session, TRY, right.login, now=now)
    if now in tries:
        tries.remove(now)
    throttles.remember(session, TRY, right.login, tries, now=now)


def begin(session: Session, right: Try, user: User, where: From, *, now: datetime) -> str:
    """After a right try: a new token."""
    forget_try(session, right, now=now)
    return start_session(
        session, user.id, partner_id=where.partner_id, device=where.device, now=now
    )


def find_staff_user(session: Session, login: str) -> StaffUser:
    found = session.scalar(
        select(StaffUser)
        .where(StaffUser.login == normal_login(login))
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound("staff_user_not_found")
    return found


def checked_hash(password: str, login: str) -> str:
    if fault := fault_of(password, login=login):
        raise Invalid(fault, fields={"password": fault})
    return hash_of(password)
