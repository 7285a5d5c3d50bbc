"""Offering free time to those who wait, one after the other.

An offer is a hold with a name: the time is taken while it is open. Entries are locked
before staff, by whoever answers an offer as by whoever makes one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload

from services.booking.domain.clocks import moment_of, seconds_of
from services.booking.domain.waiting import MOST_UNANSWERED
from services.booking.events import WaitlistOfferMade
from services.booking.models import (
    EndReason,
    FreedTime,
    Hold,
    Location,
    Outcome,
    Waitlist,
    WaitlistEntry,
    WaitlistOffer,
)
from services.booking.use_cases.availability import instant_text
from services.booking.use_cases.choice import Choice, choose_people
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.free_time import tell_of_free_time
from services.booking.use_cases.holds import give_back, write_hold
from services.booking.use_cases.own_users import is_of_viewer
from services.booking.use_cases.waitlist_plan import plan_offers, today_at, without_blocked
from services.common.calls import Call
from services.common.errors import Conflict, NotFound
from services.common.outbox import announce

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(minutes=5)
"""When a list is looked at though nobody told of free time: days come into reach, rules change."""
AT_ONCE = 100
"""How many of those who wait are looked at in one transaction."""


QUEUE = {"skip_locked": True}
"""How entries are locked by who makes offers: who answers one just then is left alone."""


@dataclass(frozen=True)
class Offered:
    """An offer that is open, to whom, and the hold that keeps its time."""

    entry: WaitlistEntry
    offer: WaitlistOffer
    hold: Hold

    def is_for(self, choices: Iterable[Choice]) -> bool:
        """Whether one of these takes the time that is offered."""
        told = (self.offer.staff_id, seconds_of(self.offer.starts_at))
        return told in {(choice.staff.id, choice.start) for choice in choices}


def offer_free_time(session: Session, *, lasts: timedelta, now: datetime) -> bool:
    """Look at one list and make the offers that can be made; whether there was one to look at.

    Of several processes each takes another list.
    """
    due = _next_list(session, now)
    if due is None:
        return False
    # What is freed from here on is told of anew, so that nothing falls between two looks.
    session.execute(delete(FreedTime).where(FreedTime.location_id == due.location_id))
    due.looked_at = now
    try:
        with session.begin_nested():
            make_offers(session, due.location_id, lasts=lasts, now=now)
    except NotFound:
        pass  # the location is closed
    except Conflict:
        # Somebody was quicker. Not at once again: they may be many.
        tell_of_free_time(session, [due.location_id], at_once=False)
        return False
    except OperationalError:
        raise  # somebody is in the way for now
    except Exception:
        # One list that cannot be looked at must not keep all others waiting.
        log.exception("offers_failed", location_id=due.location_id)
    return True


def make_offers(session: Session, location_id: int, *, lasts: timedelta, now: datetime) -> None:
    """Offer who waits there what can be offered. Whoever calls has locked the list."""
    location = find_location(session, location_id)
    waiting = _waiting(session, location, now)
    if not waiting or location.is_paused or not location.business.client_accounts:
        return
    answer_by = moment_of(seconds_of(now)) + lasts
    planned = plan_offers(session, location, waiting, answer_by=answer_by, now=now)
    if not planned:
        return
    wishes = [
        {
            "handle": one.entry.id,
            "service_ids": one.entry.service_ids,
            "staff_id": one.staff_id,
            "starts_at": instant_text(one.start),
        }
        for one in planned
    ]
    choices = choose_people(session, location, wishes, now=now, lock=True)
    for one, choice in zip(planned, choices, strict=True):
        _offer(session, location, one.entry, choice, answer_by, now)


def expire_offers(session: Session, *, now: datetime) -> bool:
    """Pass on what was not answered in time; whether there may be more of it.

    Who leaves several offers unanswered does not wait any more.
    """
    rows = session.execute(
        select(WaitlistOffer, WaitlistEntry)
        .join(WaitlistEntry, WaitlistEntry.id == WaitlistOffer.entry_id)
        .where(WaitlistOffer.outcome == Outcome.OPEN, WaitlistOffer.expires_at <= now)
        .order_by(WaitlistOffer.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return False
    for offer, _ in rows:
        offer.outcome, offer.answered_at = Outcome.EXPIRED, now
    session.flush()
    entries = {entry.id: entry for _, entry in rows}
    unanswered = session.execute(
        select(WaitlistOffer.entry_id)
        .where(WaitlistOffer.entry_id.in_(entries), WaitlistOffer.outcome == Outcome.EXPIRED)
        .group_by(WaitlistOffer.entry_id)
        .having(func.count() >= MOST_UNANSWERED)
    )
    for (entry_id,) in unanswered:
        end_entry(entries[entry_id], EndReason.UNANSWERED, now)
    session.flush()
    tell_of_free_time(session, {entry.location_id for entry in entries.values()})
    return len(rows) == AT_ONCE


def open_offers(
    session: Session,
    call: Call,
    *,
    location_id: int | None = None,
    entry_id: int | None = None,
    lock: bool,
) -> list[Offered]:
    """The offers to the viewer that can still be accepted."""
    if call.viewer.get("kind") != "client" or call.viewer.get("user_id") is None:
        return []
    wanted = (
        select(WaitlistEntry, WaitlistOffer, Hold)
        .join(WaitlistOffer, WaitlistOffer.entry_id == WaitlistEntry.id)
        .join(Hold, Hold.offer_id == WaitlistOffer.id)
        .where(
            is_of_viewer(WaitlistEntry.user_id, call),
            WaitlistEntry.ended_at.is_(None),
            WaitlistOffer.outcome == Outcome.OPEN,
            Hold.expires_at > call.now,
        )
    )
    if location_id is not None:
        wanted = wanted.where(WaitlistEntry.location_id == location_id)
    if entry_id is not None:
        wanted = wanted.where(WaitlistEntry.id == entry_id)
    if lock:
        wanted = wanted.order_by(WaitlistEntry.id).with_for_update(of=WaitlistEntry)
    return [Offered(*row) for row in session.execute(wanted)]


def accept(session: Session, offered: Sequence[Offered], now: datetime) -> None:
    """These have become appointments: nobody is held to them, and nobody waits any more."""
    give_back(session, [one.hold for one in offered])
    for one in offered:
        one.offer.outcome, one.offer.answered_at = Outcome.ACCEPTED, now
        end_entry(one.entry, EndReason.BOOKED, now)


def close_offer(session: Session, entry: WaitlistEntry, outcome: Outcome, now: datetime) -> None:
    """End the offer that is open, if there is one; its time is somebody else's. Twice is once."""
    offer = session.scalar(
        select(WaitlistOffer).where(
            WaitlistOffer.entry_id == entry.id, WaitlistOffer.outcome == Outcome.OPEN
        )
    )
    if offer is None:
        return
    offer.outcome, offer.answered_at = outcome, now
    give_back(session, session.scalars(select(Hold).where(Hold.offer_id == offer.id)).all())


def end_entry(entry: WaitlistEntry, reason: EndReason, now: datetime) -> None:
    entry.ended_at, entry.end_reason = now, reason


def _next_list(session: Session, now: datetime) -> Waitlist | None:
    """The list that nobody has looked at for longest, of those where there is a reason to look."""
    waits = select(WaitlistEntry.id).where(
        WaitlistEntry.location_id == Waitlist.location_id, WaitlistEntry.ended_at.is_(None)
    )
    freed = select(FreedTime.id).where(FreedTime.location_id == Waitlist.location_id)
    return session.scalar(
        select(Waitlist)
        .where(or_(freed.exists(), (Waitlist.looked_at <= now - LOOK_AGAIN) & waits.exists()))
        .order_by(Waitlist.looked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _waiting(session: Session, location: Location, now: datetime) -> list[WaitlistEntry]:
    """Those who can be offered something, in order; who waited for days that are over does not."""
    has_offer = select(WaitlistOffer.id).where(
        WaitlistOffer.entry_id == WaitlistEntry.id, WaitlistOffer.outcome == Outcome.OPEN
    )
    entries = session.scalars(
        select(WaitlistEntry)
        .where(
            WaitlistEntry.location_id == location.id,
            WaitlistEntry.ended_at.is_(None),
            ~has_offer.exists(),
        )
        .options(joinedload(WaitlistEntry.client, innerjoin=True))
        .order_by(WaitlistEntry.id)
        .with_for_update(of=WaitlistEntry, **QUEUE)
    ).all()
    today = today_at(location, now)
    for entry in entries:
        if entry.last_day < today:
            end_entry(entry, EndReason.OVER, now)
    session.flush()
    still = [entry for entry in entries if entry.ended_at is None]
    return without_blocked(session, location, still) if still else []


def _offer(
    session: Session,
    location: Location,
    entry: WaitlistEntry,
    choice: Choice,
    answer_by: datetime,
    now: datetime,
) -> None:
    offer = WaitlistOffer(
        entry_id=entry.id,
        staff_id=choice.staff.id,
        starts_at=moment_of(choice.start),
        ends_at=moment_of(choice.start + choice.need.duration),
        made_at=now,
        expires_at=answer_by,
    )
    session.add(offer)
    entry.version += 1
    session.flush()
    write_hold(session, location, [choice], until=answer_by, now=now, offer_id=offer.id)
    services = [given.service for given in choice.offers]
    announce(session, WaitlistOfferMade.of_offer(entry, offer, location, choice.staff, services))
