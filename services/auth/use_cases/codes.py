"""Asking for a code, guessing it, and using the proof that a right guess gives.

Of the challenges with one aim only the newest counts.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session, aliased
from uuid_utils import uuid7

from services.auth.domain.budgets import Budgets, Decision, Origin
from services.auth.domain.codes import (
    MOST_GUESSES,
    PROVE_PHONE,
    VALID_FOR,
    valid_for,
)
from services.auth.domain.limits import SENDS
from services.auth.events import CodeRequested
from services.auth.models import Challenge, Kind, Medium, Use, User
from services.auth.use_cases import spending, throttles
from services.auth.use_cases.spending import Declined
from services.common.commands import DOUBLE_CLICK
from services.common.errors import Invalid, TooManyAttempts
from services.common.outbox import announce

KEPT_FOR = timedelta(days=1)
SEND = "send_code"
UNKNOWN_ORIGIN = Origin()
REFUSALS = {
    Decision.PHONE_RECENTLY: "code_sent_recently",
    Decision.PHONE_OFTEN: "code_sends_used_up",
    Decision.ADDRESS: "codes_used_up_here",
    Decision.DEVICE: "codes_used_up_here",
    Decision.PREFIX: "codes_paused",
    Decision.STRANGERS: "codes_paused",
    Decision.BUSINESS: "codes_paused",
}
"""What is told of each reason: no more than whoever asks needs to know."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a code is for, whose phone or e-mail address it goes to, and which front end asks.

    With a ``user_id`` it is good for that account alone.
    """

    purpose: str = PROVE_PHONE
    recipient: str
    partner_id: int
    user_id: int | None = None


def request_code(
    session: Session,
    aim: Aim,
    *,
    medium: Medium,
    locale: str,
    origin: Origin = UNKNOWN_ORIGIN,
    budgets: Budgets | None = None,
    now: datetime,
) -> tuple[Challenge, int]:
    """Have a code sent: (its challenge, seconds until the next can be sent).

    Who asks again gets the same code, by the medium they name this time, unless it
    can no longer be guessed. The limits hold for the recipient, whoever asks:
    ``code_sent_recently`` and ``code_sends_used_up`` say how many seconds to wait;
    so do ``codes_used_up_here`` and ``codes_paused`` where a budget is spent.
    """
    try:
        seconds = _take_turn(session, aim.recipient, now)
        email = _other_address(session, aim)
        challenge = _challenge(session, aim, now, email=email)
        challenge.medium, challenge.email = medium, email
        session.flush()
        request = spending.Request(aim.recipient, origin)
        if budgets is not None:
            spending.spend(session, request, budgets, now=now)
    except Declined as declined:
        raise TooManyAttempts(
            REFUSALS[declined.decision], params={"seconds": math.ceil(declined.seconds)}
        ) from declined
    announce(session, CodeRequested.of(challenge, locale=locale))
    spending.note_decision(session, request, Decision.SENT, now=now)
    return challenge, seconds


def request_test_code(
    session: Session, aim: Aim, *, origin: Origin = UNKNOWN_ORIGIN, now: datetime
) -> Challenge:
    """A challenge for a phone whose code is known: nothing is sent to it, nothing limits it."""
    challenge = _challenge(session, aim, now)
    challenge.medium = Medium.SMS
    session.flush()
    spending.note_decision(
        session, spending.Request(aim.recipient, origin), Decision.TEST_PHONE, now=now
    )
    return challenge


def open_challenge(session: Session, aim: Aim, now: datetime) -> Challenge | None:
    """The one whose code was sent last, if it can still be guessed."""
    return _unfinished(session, aim, now)


def count_guess(session: Session, aim: Aim, *, now: datetime) -> str | None:
    """Count one guess at the code with this aim; the challenge's id, or None if it takes no more.

    Commit this before the code is looked at: then nobody gets a sixth guess by
    guessing many times at once, nor an uncounted one by being refused.
    """
    newest = _newest(aliased(Challenge), aim)
    counted: str | None = session.scalar(
        update(Challenge)
        .where(
            Challenge.id == newest.scalar_subquery(),
            Challenge.guesses < MOST_GUESSES,
            Challenge.expires_at > now,
            or_(
                Challenge.used_at.is_(None),
                # An impatient second click on "book" brings the code again, and must get the
                # first one's answer. Booking lets nobody use the proof for a second visit.
                and_(
                    Challenge.used_for == Use.BOOKING,
                    Challenge.used_at > now - DOUBLE_CLICK,
                ),
            ),
        )
        .values(guesses=Challenge.guesses + 1)
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    )
    return counted


def accept_guess(
    session: Session, challenge_id: str, *, by_email: bool = False, now: datetime
) -> Challenge:
    """The guess was right: it does not count, and the challenge is a proof for ten minutes.

    The same code gives the same proof again and does not make it last longer. The
    code of a letter (``by_email``) is right where one could be sent.
    """
    challenge = session.get(Challenge, challenge_id, with_for_update={"key_share": True})
    if challenge is None or challenge.used_for not in (
        None,
        Use.BOOKING,
    ):  # used since it was counted
        raise Invalid("code_incorrect")
    if by_email and challenge.email is None:
        raise Invalid("code_incorrect")
    challenge.guesses -= 1
    if challenge.proven_at is None:
        challenge.proven_at = now
        challenge.expires_at = now + VALID_FOR
        if challenge.is_to_phone and not by_email:
            spending.note_use(session, challenge.recipient, now=now)
    session.flush()
    return challenge


def use_up(session: Session, challenge_id: str, use: Use, *, now: datetime) -> bool:
    """Use the proof; False when somebody else was first, or there is no such proof."""
    used = session.execute(
        update(Challenge)
        .where(
            Challenge.id == challenge_id,
            Challenge.proven_at.is_not(None),
            Challenge.used_at.is_(None),
        )
        .values(used_at=now, used_for=use)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(used, CursorResult)
    return used.rowcount == 1


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete challenges that are long over, with whom they were about."""
    session.execute(delete(Challenge).where(Challenge.expires_at < now - KEPT_FOR))


def _take_turn(session: Session, recipient: str, now: datetime) -> int:
    """Count a code to this recipient; seconds until the next, or Declined when it is too soon."""
    sent = throttles.take_turn(session, SEND, recipient, now=now)
    if seconds := SENDS.seconds_to_wait(sent, now):
        is_used_up = SENDS.is_used_up(sent, now)
        raise Declined(Decision.PHONE_OFTEN if is_used_up else Decision.PHONE_RECENTLY, seconds)
    sent = [*SENDS.recent(sent, now), now]
    throttles.remember(session, SEND, recipient, sent, now=now)
    return SENDS.seconds_to_wait(sent, now)


def _challenge(session: Session, aim: Aim, now: datetime, *, email: str | None = None) -> Challenge:
    """The challenge whose code is sent now: one that was begun, or a new one.

    One that may have gone to another address than the account has now is left alone.
    """
    challenge = _unfinished(session, aim, now)
    if challenge is None or challenge.email not in (None, email):
        challenge = _new(aim, now)
    session.add(challenge)
    challenge.sends += 1
    challenge.expires_at = now + valid_for(aim.purpose)
    return challenge


def _other_address(session: Session, aim: Aim) -> str | None:
    """The proven e-mail address of the account whose phone this is, where a code may go, too.

    Looked up whatever was asked for, so that the time it takes tells nothing. Another
    phone of an account (CHANGE_PHONE) is proven by that phone alone.
    """
    if aim.purpose != PROVE_PHONE:
        return None
    return session.scalar(
        select(User.email).where(
            User.kind == Kind.CLIENT,
            User.phone == aim.recipient,
            User.email_proven_at.is_not(None),
        )
    )


def _newest(challenge: type[Challenge], aim: Aim) -> Select[str]:
    """The id of the newest challenge with this aim."""
    return (
        select(challenge.id)
        .where(
            challenge.recipient == aim.recipient,
            challenge.partner_id == aim.partner_id,
            challenge.purpose == aim.purpose,
            challenge.user_id.is_not_distinct_from(aim.user_id),
        )
        .order_by(challenge.created_at.desc())
        .limit(1)
    )


def _unfinished(session: Session, aim: Aim, now: datetime) -> Challenge | None:
    """The newest challenge, if it is younger than a code is valid and can still be guessed.

    Each sending makes the code valid for its full time, for that is what the message
    promises; the age sees to it that nobody keeps one code alive for ever.
    """
    newest_id = session.scalar(_newest(Challenge, aim))
    if newest_id is None:
        return None
    newest = session.get_one(Challenge, newest_id, with_for_update={"key_share": True})
    is_young = newest.created_at > now - valid_for(aim.purpose)
    return newest if is_young and newest.can_be_guessed else None


def _new(aim: Aim, now: datetime) -> Challenge:
    return Challenge(
        id=str(uuid7()),
        purpose=aim.purpose,
        recipient=aim.recipient,
        partner_id=aim.partner_id,
        user_id=aim.user_id,
        sends=0,
        guesses=0,
        created_at=now,
        expires_at=now + valid_for(aim.purpose),
    )
