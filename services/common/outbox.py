"""The outbox: events wait in the database until the broker has them.

A change and its events commit together, so an event exists exactly when its
change does. The relay (``bus/relay.py``) publishes what waits.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    Identity,
    Index,
    Row,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from services.common.db import BigId, Json, UTCDateTime, chassis, wake_loop
from services.common.events import Event, seal
from services.common.roundtrips import LATER

KEPT_FOR = timedelta(days=7)
AT_ONCE = 1_000
RELAY = "relay"
"""The loop that publishes what waits."""

outbox = Table(
    "outbox",
    chassis,
    Column("position", BigId, Identity(), primary_key=True),
    Column("event_type", String(100), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("envelope", Json, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("published_at", UTCDateTime),
    Index(
        "ix_outbox_waiting",
        "subject",
        "position",
        postgresql_where=text("published_at IS NULL"),
        sqlite_where=text("published_at IS NULL"),
    ),
    Index("ix_outbox_created_at", "created_at"),
)


_ADDITION = insert(outbox).inline().execution_options(**LATER)


def announce(session: Session, event: Event) -> None:
    """Publish this event if, and only if, the transaction commits."""
    session.execute(_ADDITION, _waiting(session, event))
    wake_loop(session, RELAY)


def announce_all(session: Session, events: Iterable[Event]) -> None:
    """The same for very many events, which are written many at a time."""
    waiting = (_waiting(session, event) for event in events)
    while rows := list(islice(waiting, AT_ONCE)):
        session.execute(insert(outbox), rows)
    wake_loop(session, RELAY)


def _waiting(session: Session, event: Event) -> dict[str, Any]:
    now = datetime.now(UTC)
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    source = session.info.get("service", "kabinet")
    return {
        "event_type": event.type,
        "subject": event.subject,
        "envelope": seal(event, source=source, now=now, request_id=request_id),
        "created_at": now,
    }


_EARLIER = outbox.alias("earlier")
_BLOCKED = exists().where(
    _EARLIER.c.subject == outbox.c.subject,
    _EARLIER.c.published_at.is_(None),
    _EARLIER.c.position < outbox.c.position,
)
_WAITING = (
    select(outbox.c.position, outbox.c.event_type, outbox.c.envelope)
    .where(outbox.c.published_at.is_(None), ~_BLOCKED)
    .order_by(outbox.c.position)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)


def next_waiting(session: Session, *, limit: int = 100) -> list[Row[Any]]:
    """The oldest waiting event of each subject, locked against other relays.

    Two relays never hold events of one subject at once, so a subject's events
    leave in the order in which they were written.
    """
    return list(session.execute(_WAITING, {"most": limit}))


_PUBLISHED = (
    update(outbox)
    .where(outbox.c.position.in_(bindparam("positions", expanding=True)))
    .execution_options(**LATER)
)


def mark_published(session: Session, positions: list[int], *, now: datetime) -> None:
    session.execute(_PUBLISHED, {"positions": positions, "published_at": now})


def publish_again(session: Session, *, now: datetime) -> None:
    """Let everything of the last days wait again: for a bus that forgot it all."""
    session.execute(
        update(outbox).where(outbox.c.created_at > now - KEPT_FOR).values(published_at=None)
    )


def forget_published(session: Session, *, now: datetime) -> None:
    """Delete what went out long ago."""
    session.execute(
        delete(outbox).where(
            outbox.c.published_at.is_not(None), outbox.c.created_at < now - KEPT_FOR
        )
    )


def count_waiting(session: Session) -> int:
    waiting = select(func.count()).select_from(outbox).where(outbox.c.published_at.is_(None))
    return session.scalar(waiting) or 0
