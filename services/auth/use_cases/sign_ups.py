"""Accounts by e-mail: asked for, then confirmed by who reads the letter and knows the password."""

import math
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.auth.domain.codes import ACCOUNT_EXISTS, PROVE_EMAIL, valid_for
from services.auth.models import Challenge, Kind, SignUp, Use, User
from services.auth.use_cases import throttles, tries
from services.auth.use_cases.codes import Aim, use_up
from services.auth.use_cases.consents import prove_consents_of_wish
from services.auth.use_cases.links import look_at_link, open_link
from services.auth.use_cases.people import OWNER, with_email
from services.common.errors import NotFound, TooManyAttempts

MOST_WISHES = 20
"""How many wishes one letter can have: each costs a hash to try. All count, so that nobody
is pushed out by who comes later.
"""


def aim_of(session: Session, email: str, *, partner_id: int) -> Aim:
    """What letter goes to that address: whether there is an account already it alone tells.

    Nothing else makes a difference, not even what is written.
    """
    purpose = ACCOUNT_EXISTS if with_email(session, email) else PROVE_EMAIL
    return Aim(purpose=purpose, recipient=email, partner_id=partner_id)


def sign_up(
    session: Session, challenge: Challenge, name: str, password_hash: str, *, now: datetime
) -> SignUp:
    """Keep what the account will have once the letter is opened.

    ``too_many_attempts`` when there are too many wishes already, until it is void. The
    challenge must have been asked for in this transaction: so they come one by one.
    """
    count, newest = session.execute(
        select(func.count(), func.max(SignUp.created_at)).where(SignUp.challenge_id == challenge.id)
    ).one()
    if count >= MOST_WISHES:
        left = newest + valid_for(challenge.purpose) - now
        seconds = max(1, math.ceil(left.total_seconds()))
        raise TooManyAttempts("too_many_attempts", params={"seconds": seconds})
    wish = SignUp(challenge_id=challenge.id, name=name, password_hash=password_hash, created_at=now)
    session.add(wish)
    session.flush()
    return wish


def count_try(session: Session, token: str, *, secret: str, now: datetime) -> Sequence[SignUp]:
    """Count one try at the password of a sign-up; what it may be the password of, the oldest first.

    Commit this before the password is looked at.
    """
    challenge = look_at_link(session, token, purpose=PROVE_EMAIL, secret=secret, now=now)
    tries.count(session, tries.SIGN_UP, challenge.id, now=now)
    return session.scalars(
        select(SignUp).where(SignUp.challenge_id == challenge.id).order_by(SignUp.id)
    ).all()


def confirm_sign_up(
    session: Session, token: str, wish: SignUp, *, secret: str, now: datetime
) -> User:
    """The account that was asked for, of who has opened its letter.

    ``link_over`` when the letter was used, or the address has got an account since.
    """
    challenge = open_link(session, token, purpose=PROVE_EMAIL, secret=secret, now=now)
    throttles.take_turn(session, OWNER, challenge.recipient, now=now)
    is_first = use_up(session, challenge.id, Use.ACCOUNT, now=now)
    if not is_first or with_email(session, challenge.recipient) is not None:
        raise NotFound("link_over")
    user = User(
        kind=Kind.CLIENT,
        name=wish.name,
        email=challenge.recipient,
        email_proven_at=now,
        password_hash=wish.password_hash,
        created_at=now,
    )
    session.add(user)
    session.flush()
    prove_consents_of_wish(session, wish.id, user_id=user.id, now=now)
    return user
