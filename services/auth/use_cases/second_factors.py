"""The second factor of staff: after the password, a code sent to a phone or an address."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, Select, case, delete, func, select
from sqlalchemy.orm import Session

from services.auth.domain.budgets import Budgets, Origin
from services.auth.domain.codes import (
    RESET_STAFF_PASSWORD,
    RESET_STAFF_REFUSED,
    SET_SECOND_FACTOR,
    STAFF_SIGN_IN,
)
from services.auth.domain.passwords import normal_login
from services.auth.models import Challenge, Medium, StaffRight, StaffUser, Use, User
from services.auth.use_cases import codes, spending, tries
from services.auth.use_cases.codes import Aim
from services.auth.use_cases.sessions import end_sessions
from services.common.errors import Conflict, Invalid, NotFound, TooManyAttempts

BEGUN = (STAFF_SIGN_IN, SET_SECOND_FACTOR, RESET_STAFF_PASSWORD, RESET_STAFF_REFUSED)
"""What is over when a password or a second factor becomes another."""

NOBODY = 0
"""No account has this id."""


def ask_for_code(
    session: Session,
    aim: Aim,
    medium: Medium,
    *,
    locale: str,
    origin: Origin,
    budgets: Budgets | None,
    now: datetime,
) -> Challenge:
    """Have a code sent; where another one may not be, the first is asked for, if it is open."""
    try:
        # What is refused leaves nothing: neither a challenge nor a longer life of one.
        with session.begin_nested():
            challenge, _ = codes.request_code(
                session,
                aim,
                medium=medium,
                locale=locale,
                origin=origin,
                budgets=budgets,
                now=now,
            )
    except TooManyAttempts as refusal:
        known = codes.open_challenge(session, aim, now)
        if known is None:
            raise
        spending.note_refusal(session, aim.recipient, origin, refusal, now=now)
        return known
    return challenge


def at_whose_expense(session: Session, user_id: int, origin: Origin) -> Origin:
    """Codes for staff are paid for by a business that they work for."""
    business_id = origin.business_id or session.scalar(
        select(func.min(StaffRight.business_id)).where(StaffRight.user_id == user_id)
    )
    return replace(origin, business_id=business_id)


def recipient_of(user: User, staff: StaffUser) -> tuple[Medium, str] | None:
    """By which medium, and to which phone or address; None: the password is enough."""
    medium = staff.second_factor
    if medium is None:
        return None
    recipient = user.email if medium is Medium.EMAIL else user.phone
    if recipient is None:
        raise Conflict("second_factor_broken")
    return medium, recipient


def count_code(
    session: Session, *, login: str, challenge_id: str, partner_id: int, now: datetime
) -> Aim:
    """What the code of this challenge is for, if it is one for that login; else for nothing.

    It must have been sent to where the codes of that user go now. A guess at it counts
    for the user, too: ``too_many_attempts`` after five wrong ones in ten minutes,
    whichever codes they were meant for.
    """
    by_email = StaffUser.second_factor == Medium.EMAIL
    found = session.execute(
        select(Challenge.recipient, Challenge.user_id)
        .join(StaffUser, StaffUser.user_id == Challenge.user_id)
        .join(User, User.id == StaffUser.user_id)
        .where(
            Challenge.id == challenge_id,
            Challenge.partner_id == partner_id,
            Challenge.purpose == STAFF_SIGN_IN,
            Challenge.medium == StaffUser.second_factor,
            Challenge.recipient == case((by_email, User.email), else_=User.phone),
            StaffUser.login == normal_login(login),
            StaffUser.revoked_at.is_(None),
        )
    ).first()
    recipient, user_id = found or ("", NOBODY)
    if user_id != NOBODY:
        tries.count(session, tries.SECOND_FACTOR, str(user_id), now=now)
    return Aim(purpose=STAFF_SIGN_IN, recipient=recipient, partner_id=partner_id, user_id=user_id)


def aim_of_setting(session: Session, *, user_id: int, challenge_id: str, partner_id: int) -> Aim:
    """What the code of this challenge switches on, if it was sent for that; else nothing."""
    recipient = session.scalar(
        select(Challenge.recipient).where(
            Challenge.id == challenge_id,
            Challenge.purpose == SET_SECOND_FACTOR,
            Challenge.user_id == user_id,
        )
    )
    return Aim(
        purpose=SET_SECOND_FACTOR,
        recipient=recipient or "",
        partner_id=partner_id,
        user_id=user_id,
    )


def accept(session: Session, challenge_id: str, *, now: datetime) -> Challenge:
    """The code was right, and is used up; of several with the same one the first gets in.

    Whoever it is must be locked: so a new password waits, and then ends what this begins.
    """
    challenge = codes.accept_guess(session, challenge_id, now=now)
    if not codes.use_up(session, challenge.id, Use.ACCOUNT, now=now):
        raise Invalid("code_incorrect")
    return challenge


def accept_sign_in(
    session: Session, user_id: int, challenge_id: str, *, now: datetime
) -> tuple[User, StaffUser]:
    """The same of a code that followed a password: whose it was, and no failure of theirs."""
    user, staff = lock(session, user_id)
    accept(session, challenge_id, now=now)
    tries.forget(session, tries.SECOND_FACTOR, str(user_id), now, now=now)
    return user, staff


def find(session: Session, user_id: int) -> Row[User, StaffUser]:
    """The staff user who is signed in."""
    return _found(session.execute(_staff_user(user_id)).first())


def lock(session: Session, user_id: int) -> Row[User, StaffUser]:
    """The same, who stays as they are until this transaction ends."""
    locked = _staff_user(user_id).with_for_update(of=StaffUser, key_share=True)
    return _found(session.execute(locked.execution_options(populate_existing=True)).first())


def _staff_user(user_id: int) -> Select[User, StaffUser]:
    return (
        select(User, StaffUser)
        .join(StaffUser, StaffUser.user_id == User.id)
        .where(StaffUser.user_id == user_id, StaffUser.revoked_at.is_(None))
    )


def _found(found: Row[User, StaffUser] | None) -> Row[User, StaffUser]:
    if found is None:
        raise NotFound("staff_user_not_found")
    return found


def switch_on(
    session: Session, user_id: int, challenge_id: str, *, user_digest: str | None, now: datetime
) -> StaffUser:
    """From now on a code goes to where this one was sent.

    Whatever a password alone has opened so far is over, but the session that asks.
    """
    user, staff = lock(session, user_id)  # of two at once the second is refused
    challenge = accept(session, challenge_id, now=now)
    refuse_if_on(staff)
    staff.second_factor = challenge.medium
    if challenge.medium is Medium.EMAIL:
        user.email = challenge.recipient
    else:
        user.phone = challenge.recipient
    session.flush()
    forget_challenges(session, user.id)
    end_sessions(session, user.id, but=user_digest, now=now)
    return staff


def refuse_if_on(staff: StaffUser) -> None:
    """Whoever has only a password must not put another phone in the place of the first."""
    if staff.second_factor is not None:
        raise Conflict("second_factor_on")


def forget_challenges(session: Session, user_id: int) -> None:
    """What was begun with an old password, or without a second factor, leads nowhere."""
    session.execute(
        delete(Challenge).where(
            Challenge.user_id == user_id,
            Challenge.purpose.in_(BEGUN),
        )
    )
