"""Keeping a time for somebody who is still typing, and giving it back.

A hold is a promise for minutes: for others the time is taken, until it ends, is given
back or becomes the appointment.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import moment_of, seconds_of
from services.booking.models import Hold, Location, Reservation
from services.booking.use_cases.blacklist import refuse_blocked
from services.booking.use_cases.choice import Choice, Kept, choose_people
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.free_time import tell_of_free_time
from services.booking.use_cases.pause import refuse_when_paused
from services.booking.use_cases.reservations import Taken, take
from services.booking.use_cases.tokens import digest_of, new_token
from services.common.addresses import neighbourhood
from services.common.calls import Call
from services.common.config import Settings
from services.common.db import lock_name, table_of, values_of
from services.common.errors import Conflict, TooManyAttempts

TAKEN = ("slot_taken", "no_staff_free", "no_resource_free")
AT_ONCE = 500
"""How many holds that are over are tidied away in one transaction."""
_HOLD = insert(table_of(Hold)).returning(table_of(Hold).c.id)


def hold_time(
    session: Session,
    *,
    location_id: int,
    appointments: Sequence[dict[str, Any]],
    replaces: str | None,
    address: str | None,
    call: Call,
    settings: Settings,
) -> dict[str, Any]:
    """Keep these times, all or none, as ``book_appointments`` would take them.

    Who had a hold has this one instead. The token is told here and nowhere else.
    """
    location = find_location(session, location_id)
    refuse_when_paused(location)
    if call.viewer.get("kind") == "client":
        refuse_blocked(session, location.business_id, call)
    holder, origin = _holder(call), _origin(call, address)
    for name in sorted(one for one in (holder, origin) if one):
        lock_name(session, name)
    earlier = _live(session, _is_theirs(holder, replaces, call), call.now)
    if origin is not None and not settings.is_dev:
        _refuse_too_many(session, origin, earlier, len(appointments), settings, call.now)
    choices = choose_people(
        session, location, appointments, now=call.now, lock=True, kept=kept_by(session, earlier)
    )
    give_back(session, earlier)
    if holder is not None:
        _end(session, Hold.holder == holder)
    token = new_token()
    hold = write_hold(
        session,
        location,
        choices,
        until=moment_of(seconds_of(call.now)) + timedelta(seconds=settings.hold_seconds),
        now=call.now,
        token_digest=digest_of(token),
        partner_id=call.viewer.get("partner_id"),
        holder=holder,
        origin=origin,
    )
    return {
        "token": token,
        "expires_at": hold.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "timezone": location.timezone,
        "seconds": int((hold.expires_at - call.now).total_seconds()),
        "appointments": [
            {"handle": choice.handle, "staff_id": choice.staff.id} for choice in choices
        ],
    }


def write_hold(
    session: Session,
    location: Location,
    choices: Sequence[Choice],
    *,
    until: datetime,
    now: datetime,
    **who: Any,
) -> Hold:
    """Take the chosen time until the hold ends. Whoever calls has locked who has it."""
    hold = Hold(
        business_id=location.business_id,
        location_id=location.id,
        visits=len(choices),
        made_at=now,
        expires_at=until,
        **who,
    )
    hold.id = session.scalar(_HOLD, values_of(hold))
    owner = {
        "business_id": location.business_id,
        "hold_id": hold.id,
        "held_until": hold.expires_at,
    }
    for choice in choices:
        start = moment_of(choice.start)
        end = start + timedelta(seconds=choice.need.duration + choice.need.buffer)
        takes: list[Taken] = [(choice.staff.id, None, start, end)]
        takes += [(None, one, start, end) for one in choice.instance_ids]
        take(session, [(owner, one) for one in takes], now=now, handle=choice.handle)
    return hold


def release_hold(session: Session, *, location_id: int, token: str, call: Call) -> None:
    """Give the time back. One that is over, or is none of theirs, is no matter."""
    find_location(session, location_id)
    give_back(session, _live(session, _has_token(token, call), call.now))


def holds_of(session: Session, token: str | None, call: Call) -> list[Hold]:
    """What is kept for who books: the hold of the token, if it is one of theirs and not over."""
    return _live(session, _has_token(token, call), call.now) if token else []


@contextmanager
def told_that_hold_is_over(token: str | None, live: Collection[Hold]) -> Iterator[None]:
    """``hold_expired`` where somebody else has the time by now that was held for who books."""
    try:
        yield
    except Conflict as refusal:
        if token is None or live or refusal.code not in TAKEN:
            raise
        raise Conflict("hold_expired", fields={"hold": "over"}, handle=refusal.handle) from refusal


def kept_by(session: Session, holds: Iterable[Hold]) -> Kept:
    """Whose time, from when, these holds keep."""
    ids = [hold.id for hold in holds]
    if not ids:
        return Kept()
    rows = session.execute(
        select(Reservation.staff_id, Reservation.starts_at).where(Reservation.hold_id.in_(ids))
    )
    times = frozenset((staff_id, seconds_of(start)) for staff_id, start in rows if staff_id)
    return Kept(tuple(ids), times)


def give_back(session: Session, holds: Collection[Hold]) -> None:
    """End these holds: their time is anybody's. Twice is once."""
    if holds:
        _end(session, Hold.id.in_([hold.id for hold in holds]))
        tell_of_free_time(session, {hold.location_id for hold in holds})


def forget_holds(session: Session, *, now: datetime) -> bool:
    """Delete what holds that are over have left; whether there may be more.

    Waits for nobody: rows that others are at are theirs to delete.
    """
    left = session.scalars(
        select(Reservation.id)
        .where(Reservation.held_until <= now)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(delete(Reservation).where(Reservation.id.in_(left)))
    over = session.execute(
        select(Hold.id, Hold.location_id)
        .where(Hold.expires_at <= now, ~_keeps_time())
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(delete(Hold).where(Hold.id.in_([hold_id for hold_id, _ in over])))
    tell_of_free_time(session, {location_id for _, location_id in over})
    return AT_ONCE in (len(left), len(over))


def _keeps_time() -> ColumnElement[bool]:
    return select(Reservation.id).where(Reservation.hold_id == Hold.id).exists()


def _end(session: Session, which: ColumnElement[bool]) -> None:
    ids = select(Hold.id).where(which)
    session.execute(
        delete(Reservation)
        .where(Reservation.hold_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Hold).where(which).execution_options(synchronize_session=False))


def _live(session: Session, which: ColumnElement[bool], now: datetime) -> list[Hold]:
    return list(session.scalars(select(Hold).where(which, Hold.expires_at > now)))


def _is_theirs(holder: str | None, token: str | None, call: Call) -> ColumnElement[bool]:
    ways = [_has_token(token or "", call)]
    if holder is not None:
        ways.append(Hold.holder == holder)
    return or_(*ways)


def _has_token(token: str, call: Call) -> ColumnElement[bool]:
    """Told to another front end, it opens nothing."""
    return and_(
        Hold.token_digest == digest_of(token),
        Hold.partner_id.is_not_distinct_from(call.viewer.get("partner_id")),
    )


def _holder(call: Call) -> str | None:
    """Who has one hold at a time: an account, or else whoever sends the same key again."""
    user_id = call.viewer.get("user_id")
    if user_id is not None:
        return digest_of(f"user/{user_id}")
    return digest_of(call.command_id) if call.command_id.startswith("key:") else None


def _origin(call: Call, address: str | None) -> str | None:
    """Where people whom nobody knows are counted together: a front end and an address."""
    if call.viewer.get("user_id") is not None or address is None:
        return None
    return digest_of(f"{call.viewer.get('partner_id')}/{neighbourhood(address) or address}")


def _refuse_too_many(
    session: Session,
    origin: str,
    earlier: Iterable[Hold],
    wanted: int,
    settings: Settings,
    now: datetime,
) -> None:
    """``holds_used_up`` when too many visits are held from there, beside what is replaced."""
    held = session.scalar(
        select(func.coalesce(func.sum(Hold.visits), 0)).where(
            Hold.origin == origin,
            Hold.expires_at > now,
            Hold.id.not_in([hold.id for hold in earlier]),
        )
    )
    if (held or 0) + wanted > settings.holds_per_address:
        raise TooManyAttempts("holds_used_up")
