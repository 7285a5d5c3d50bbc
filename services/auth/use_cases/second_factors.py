"""The second factor of staff: after the password, a code sent to a phone or an address."""

from datetime import datetime

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from services.auth.domain.codes import STAFF_SIGN_IN
from services.auth.domain.passwords import normal_login
from services.auth.models import Challenge, Medium, StaffUser, Use, User
from services.auth.use_cases import codes
from services.auth.use_cases.codes import Aim
from services.common.errors import Conflict, Invalid, NotFound, TooManyAttempts

NOBODY = 0
"""No account has this id."""


def ask_for_code(
    session: Session,
    user: User,
    medium: Medium,
    recipient: str,
    *,
    partner_id: int,
    locale: str,
    now: datetime,
) -> Challenge:
    """Have a code sent; who comes back too soon for another one is asked for the first."""
    aim = Aim(purpose=STAFF_SIGN_IN, recipient=recipient, partner_id=partner_id, user_id=user.id)
    try:
        challenge, _ = codes.request_code(session, aim, medium=medium, locale=locale, now=now)
    except TooManyAttempts:
        known = codes.open_challenge(session, aim, now)
        if known is None:
            raise
        return known
    return challenge


def recipient_of(user: User, staff: StaffUser) -> tuple[Medium, str] | None:
    """By which medium, and to which phone or address; None: the password is enough."""
    medium = staff.second_factor
    if medium is None:
        return None
    recipient = user.email if medium is Medium.EMAIL else user.phone
    if recipient is None:
        raise Conflict("second_factor_broken")
    return medium, recipient


def aim_behind(session: Session, *, login: str, challenge_id: str, partner_id: int) -> Aim:
    """What the code of this challenge is for, if it is one for that login; else for nothing."""
    found = session.execute(
        select(Challenge.recipient, Challenge.user_id)
        .join(StaffUser, StaffUser.user_id == Challenge.user_id)
        .where(
            Challenge.id == challenge_id,
            Challenge.purpose == STAFF_SIGN_IN,
            StaffUser.login == normal_login(login),
            StaffUser.revoked_at.is_(None),
        )
    ).first()
    recipient, user_id = found or ("", NOBODY)
    return Aim(purpose=STAFF_SIGN_IN, recipient=recipient, partner_id=partner_id, user_id=user_id)


def accept(session: Session, challenge_id: str, *, now: datetime) -> Challenge:
    """The code was right, and is used up; of several with the same one the first gets in."""
    challenge = codes.accept_guess(session, challenge_id, now=now)
    if not codes.use_up(session, challenge.id, Use.ACCOUNT, now=now):
        raise Invalid("code_incorrect")
    return challenge


def find(session: Session, user_id: int) -> Row[User, StaffUser]:
    """The staff user who is signed in."""
    found = session.execute(
        select(User, StaffUser)
        .join(StaffUser, StaffUser.user_id == User.id)
        .where(StaffUser.user_id == user_id, StaffUser.revoked_at.is_(None))
    ).first()
    if found is None:
        raise NotFound("staff_user_not_found")
    return found


def switch_on(session: Session, challenge: Challenge) -> StaffUser:
    """From now on a code goes to where this one was sent."""
    assert challenge.user_id is not None
    user, staff = find(session, challenge.user_id)
    refuse_if_on(staff)
    staff.second_factor = challenge.medium
    if challenge.medium is Medium.EMAIL:
        user.email = challenge.recipient
    else:
        user.phone = challenge.recipient
    session.flush()
    return staff


def refuse_if_on(staff: StaffUser) -> None:
    """Whoever has only a password must not put another phone in the place of the first."""
    if staff.second_factor is not None:
        raise Conflict("second_factor_on")


def forget_challenges(session: Session, user_id: int) -> None:
    """What was begun with an old password leads nowhere."""
    session.execute(
        delete(Challenge).where(Challenge.user_id == user_id, Challenge.purpose == STAFF_SIGN_IN)
    )
