"""The inbox: each event has its effect once, or ends where somebody will look.

The effect of a handler and the id of its event commit together, so a second
delivery changes nothing. When a handler fails, the event itself is kept here
with the reason and is tried again with growing delays; what has used up its
tries is a dead letter, which an operator reads and re-queues.
"""

import traceback
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from services.common.db import Json, UTCDateTime, chassis, for_dialect, insert_into
from services.common.events import Envelope
from services.common.logs import redact

KEPT_FOR = timedelta(days=30)

inbox = Table(
    "inbox",
    chassis,
    Column("event_id", String(64), primary_key=True),
    Column("handler", String(100), primary_key=True),
    Column("event_type", String(200), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("handled_at", UTCDateTime),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", UTCDateTime),
    Column("dead_at", UTCDateTime),
    Column("reason", Text),
    Column("envelope", Json),
    Index(
        "ix_inbox_due",
        "next_attempt_at",
        postgresql_where=text("next_attempt_at IS NOT NULL"),
        sqlite_where=text("next_attempt_at IS NOT NULL"),
    ),
    Index("ix_inbox_received_at", "received_at"),
)


@for_dialect
def _admission(insert: Any) -> Any:
    return insert(inbox).on_conflict_do_nothing().returning(inbox.c.event_id)


def admit(session: Session, event: Envelope, handler: str, *, now: datetime) -> bool:
    """Note the event as handled; False when this handler has met it before.

    A twin that is being handled at this moment is waited for.
    """
    note = _row(event, handler, now) | {"handled_at": now}
    return session.scalar(_admission(session), note) is not None


def keep_failed(
    session: Session,
    event: Envelope,
    handler: str,
    *,
    envelope: dict[str, Any],
    error: Exception,
    delays: tuple[float, ...],
    now: datetime,
) -> None:
    """Keep an event whose first attempt failed, to be tried again."""
    note = (
        _row(event, handler, now) | {"envelope": envelope} | _after_failure(0, error, delays, now)
    )
    session.execute(insert_into(session, inbox).values(**note).on_conflict_do_nothing())


_DUE: Select[Any] = (
    select(inbox.c.event_id, inbox.c.handler, inbox.c.attempts, inbox.c.envelope)
    .where(inbox.c.next_attempt_at <= bindparam("now"))
    .order_by(inbox.c.next_attempt_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def take_due(session: Session, *, now: datetime) -> Row[Any] | None:
    """The failed event whose next attempt is most overdue, locked."""
    return session.execute(_DUE, {"now": now}).first()


def settle_success(session: Session, due: Row[Any], *, now: datetime) -> None:
    _update(session, due, handled_at=now, next_attempt_at=None, reason=None, envelope=None)


def settle_failure(
    session: Session,
    due: Row[Any],
    error: Exception,
    *,
    delays: tuple[float, ...],
    now: datetime,
) -> None:
    _update(session, due, **_after_failure(due.attempts, error, delays, now))


def dead_letters(session: Session) -> list[Row[Any]]:
    """Events that have used up their attempts, the oldest first."""
    return list(
        session.execute(select(inbox).where(inbox.c.dead_at.is_not(None)).order_by(inbox.c.dead_at))
    )


def requeue(session: Session, event_ids: list[str] | None, *, now: datetime) -> int:
    """Give dead letters (all, or those named) a full new set of attempts; how many."""
    chosen: ColumnElement[bool] = inbox.c.dead_at.is_not(None)
    if event_ids is not None:
        chosen &= inbox.c.event_id.in_(event_ids)
    revived = session.scalars(
        update(inbox)
        .where(chosen)
        .values(dead_at=None, attempts=0, next_attempt_at=now)
        .returning(inbox.c.event_id)
    )
    return len(revived.all())


def forget_handled(session: Session, *, now: datetime) -> None:
    """Delete notes that are older than anything the bus may still send."""
    session.execute(
        delete(inbox).where(inbox.c.handled_at.is_not(None), inbox.c.received_at < now - KEPT_FOR)
    )


def count_unhandled(session: Session) -> int:
    unhandled = select(func.count()).select_from(inbox).where(inbox.c.handled_at.is_(None))
    return session.scalar(unhandled) or 0


def reason_of(error: Exception) -> str:
    """What an operator needs to know: the error, masked, and where it was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" at {last[0].filename.rsplit('/', 1)[-1]}:{last[0].lineno}" if last else ""
    return redact(f"{type(error).__name__}: {error}"[:1000]) + where


def _row(event: Envelope, handler: str, now: datetime) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "handler": handler,
        "event_type": f"{event.source}.{event.type}",
        "subject": event.subject,
        "received_at": now,
    }


def _after_failure(
    attempts: int, error: Exception, delays: tuple[float, ...], now: datetime
) -> dict[str, Any]:
    """One attempt more; the next one after its delay, or none when they are used up."""
    is_dead = attempts >= len(delays)
    return {
        "attempts": attempts + 1,
        "next_attempt_at": None if is_dead else now + timedelta(seconds=delays[attempts]),
        "dead_at": now if is_dead else None,
        "reason": reason_of(error),
    }


def _update(session: Session, due: Row[Any], **values: Any) -> None:
    session.execute(
        update(inbox)
        .where(inbox.c.event_id == due.event_id, inbox.c.handler == due.handler)
        .values(**values)
    )
