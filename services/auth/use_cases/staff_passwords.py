"""Staff who choose another password: knowing the old one, or by the link of a letter."""

import hashlib
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.auth.domain.budgets import Budgets, Decision, Origin
from services.auth.domain.codes import RESET_STAFF_PASSWORD, RESET_STAFF_REFUSED
from services.auth.domain.limits import SENDS
from services.auth.domain.passwords import normal_login
from services.auth.models import Medium, StaffUser, User
from services.auth.use_cases import codes, second_factors, spending, throttles
from services.auth.use_cases.codes import Aim
from services.auth.use_cases.links import look_at_link, open_link
from services.auth.use_cases.spending import Declined
from services.auth.use_cases.staff import set_password
from services.common.errors import Invalid, NotFound, TooManyAttempts

RESET = "staff_reset"


def change_password(
    session: Session, user_id: int, password_hash: str, *, instead_of: str, now: datetime
) -> tuple[User, StaffUser]:
    """Another password instead of that one; whatever was signed in is signed out.

    A second factor stays on.
    """
    user, staff = second_factors.lock(session, user_id)
    if staff.password_hash != instead_of:
        raise Invalid("old_password_incorrect", fields={"old_password": "changed meanwhile"})
    set_password(session, staff, password_hash, now=now)
    return user, staff


def request_reset(
    session: Session,
    login: str,
    *,
    partner_id: int,
    locale: str,
    origin: Origin,
    budgets: Budgets | None,
    now: datetime,
) -> None:
    """Send a letter with a link to whoever has this login or this address.

    The work is the same for those that nobody has: a letter to nobody. How often
    it may be asked for is counted by what was typed, for the address behind it
    must not be told; where that got a letter just now, there is no second one.
    """
    login = normal_login(login)
    throttles.count_or_refuse(session, RESET, login, SENDS, now=now)
    aim = _aim(session, login, partner_id=partner_id)
    try:
        with session.begin_nested():
            codes.request_code(
                session,
                aim,
                medium=Medium.EMAIL,
                locale=locale,
                origin=origin,
                budgets=budgets,
                now=now,
            )
    except TooManyAttempts as refusal:
        declined = refusal.__cause__
        assert isinstance(declined, Declined)
        if declined.decision not in (Decision.PHONE_RECENTLY, Decision.PHONE_OFTEN):
            raise
        request = spending.Request(aim.recipient, origin)
        spending.note_decision(session, request, declined.decision, now=now)


def find_by_link(session: Session, token: str, *, secret: str, now: datetime) -> tuple[int, str]:
    """Whose letter it was: id and login; ``link_over`` when it opens nothing any more."""
    challenge = look_at_link(session, token, purpose=RESET_STAFF_PASSWORD, secret=secret, now=now)
    found = None if challenge.user_id is None else session.get(StaffUser, challenge.user_id)
    if found is None:
        raise NotFound("link_over")
    return found.user_id, found.login


def reset_password(
    session: Session, user_id: int, token: str, password_hash: str, *, secret: str, now: datetime
) -> StaffUser:
    """A new password for whoever has opened the link; nobody is signed in by that.

    A second factor stays on, and is asked for as ever. ``link_over`` when the link
    was used, or when it went where they get no such letter any more.
    """
    try:
        user, staff = second_factors.lock(session, user_id)
    except NotFound as refusal:
        raise NotFound("link_over") from refusal
    challenge = open_link(session, token, purpose=RESET_STAFF_PASSWORD, secret=secret, now=now)
    is_theirs = challenge.recipient in (staff.login, user.email)
    if not is_theirs or _is_second_factor(user, staff, challenge.recipient):
        raise NotFound("link_over")
    set_password(session, staff, password_hash, now=now)  # which forgets the challenge, too
    return staff


def _aim(session: Session, login: str, *, partner_id: int) -> Aim:
    """What letter goes where: a login goes before an address, which must be one user's alone."""
    found = session.execute(
        select(User, StaffUser)
        .join(StaffUser, StaffUser.user_id == User.id)
        .where(StaffUser.revoked_at.is_(None), or_(StaffUser.login == login, User.email == login))
        .order_by((StaffUser.login == login).desc(), User.id)
        .limit(2)
    ).all()
    digest = hashlib.sha256(login.encode()).hexdigest()
    nobody = Aim(purpose=RESET_STAFF_PASSWORD, recipient=f"nobody {digest}", partner_id=partner_id)
    if not found or (found[0].StaffUser.login != login and len(found) > 1):
        return nobody
    user, staff = found[0]
    address = login if "@" in login else user.email
    if address is None:
        return nobody
    refused = _is_second_factor(user, staff, address)
    return Aim(
        purpose=RESET_STAFF_REFUSED if refused else RESET_STAFF_PASSWORD,
        recipient=address,
        partner_id=partner_id,
        user_id=user.id,
    )


def _is_second_factor(user: User, staff: StaffUser, address: str) -> bool:
    """Whether codes go there, too: then a letter would make one factor of two."""
    own = (user.email or "").lower()
    return staff.second_factor is Medium.EMAIL and own == address.lower()
