"""Staff users: making, listing and revoking them, and signing in with login and password."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from services.auth.domain.passwords import normal_login
from services.auth.models import Kind, Medium, StaffRight, StaffUser, User
from services.auth.use_cases.hashes import checked_hash
from services.auth.use_cases.rights import give_right
from services.auth.use_cases.second_factors import forget_challenges
from services.auth.use_cases.sessions import end_sessions
from services.auth.use_cases.tries import Try
from services.common.db import insert_into
from services.common.errors import Conflict, Invalid, NotFound, Unauthenticated
from services.common.rights import Role


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
    """Let an operator give a staff user another password."""
    staff = find_staff_user(session, login)
    set_password(session, staff, checked_hash(password, staff.login), now=now)
    return staff


def set_password(session: Session, staff: StaffUser, password_hash: str, *, now: datetime) -> None:
    """Another password, which ends what was begun with the old one. They must be locked."""
    staff.password_hash = password_hash
    session.flush()
    end_sessions(session, staff.user_id, now=now)
    forget_challenges(session, staff.user_id)


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


def find_signing_in(session: Session, right: Try) -> Row[User, StaffUser]:
    """Whose password it was, unless they were revoked or it was changed since it was looked at.

    It stays so until this transaction ends: who changes it waits, and then ends this session, too.
    """
    found = session.execute(
        select(User, StaffUser)
        .join(StaffUser, StaffUser.user_id == User.id)
        .where(
            StaffUser.user_id == right.user_id,
            StaffUser.password_hash == right.password_hash,
            StaffUser.revoked_at.is_(None),
        )
        .with_for_update(of=StaffUser, key_share=True)
    ).first()
    if found is None:
        raise Unauthenticated("password_incorrect")
    return found


def find_staff_user(session: Session, login: str) -> StaffUser:
    found = session.scalar(
        select(StaffUser)
        .where(StaffUser.login == normal_login(login))
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound("staff_user_not_found")
    return found
