"""Counting how often something is done, one at a time for each phone or login."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from services.auth.domain.limits import Limit
from services.auth.models import Throttle
from services.common.db import insert_into
from services.common.errors import TooManyAttempts

KEPT_FOR = timedelta(hours=1)
"""Longer than the window of any limit."""


def take_turn(session: Session, kind: str, subject: str, *, now: datetime) -> list[datetime]:
    """When it was done before. Whoever asks for the same waits until this transaction is over.

    One statement makes the row if there is none and locks it in either case, so
    that two first requests wait for each other, too.
    """
    inserted = insert_into(session, Throttle).values(
        key=_key(kind, subject), moments=[], last_at=now
    )
    moments: list[str] | None = session.scalar(
        inserted.on_conflict_do_update(
            index_elements=["key"], set_={"key": inserted.excluded.key}
        ).returning(Throttle.moments)
    )
    return [datetime.fromisoformat(moment) for moment in moments or []]


def count(session: Session, kind: str, subject: str, limit: Limit, *, now: datetime) -> int:
    """Count it once more, unless it was done too often: then, in how many seconds it may be."""
    done = take_turn(session, kind, subject, now=now)
    seconds = limit.seconds_to_wait(done, now)
    if not seconds:
        remember(session, kind, subject, [*limit.recent(done, now), now], now=now)
    return seconds


def count_or_refuse(
    session: Session, kind: str, subject: str, limit: Limit, *, now: datetime
) -> None:
    """The same, where nothing more is to be said: ``too_many_attempts``."""
    if seconds := count(session, kind, subject, limit, now=now):
        raise TooManyAttempts("too_many_attempts", params={"seconds": seconds})


def remember(
    session: Session, kind: str, subject: str, moments: list[datetime], *, now: datetime
) -> None:
    """From now on these are the times at which it was done."""
    session.execute(
        update(Throttle)
        .where(Throttle.key == _key(kind, subject))
        .values(moments=[moment.isoformat() for moment in moments], last_at=now)
    )


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(Throttle).where(Throttle.last_at < now - KEPT_FOR))


def _key(kind: str, subject: str) -> str:
    """Of a phone only a hash is kept, and of a login, which may be a mistyped password."""
    return hashlib.sha256(f"{kind}:{subject}".encode()).hexdigest()
