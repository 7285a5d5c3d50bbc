"""An event, handlers that fill cups or spill them, and a look at what became of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from services.common import inbox
from services.common.bus.receive import receive
from services.common.db import Database
from services.common.events import Envelope

DELAYS = (1.0, 5.0)
ENVELOPE = {
    "specversion": "1.0",
    "id": "01936d2e-0000-7000-8000-000000000001",
    "source": "kitchen",
    "type": "kettle_boiled",
    "time": "2030-06-03T06:00:00Z",
    "subject": "kettle/7",
    "sequence": 1,
    "datacontenttype": "application/json",
    "data": {"water_ml": 500},
}


def pour(session: Session, event: Envelope) -> None:
    session.execute(text("INSERT INTO cups VALUES (:id)"), {"id": event.id})


def spill(session: Session, event: Envelope) -> None:
    pour(session, event)
    raise ValueError("nobody at +33612345678 wants tea")


def deliver(
    database: Database,
    handle: Callable[[Session, Envelope], None] = pour,
    message: Any = ENVELOPE,
    handler: str = "fill_cup",
) -> None:
    receive(database, handler, handle, message, DELAYS)


def cups(database: Database) -> int:
    with database.read() as session:
        return session.scalar(text("SELECT count(*) FROM cups")) or 0


def notes(database: Database) -> list[Row[Any]]:
    with database.read() as session:
        return list(session.execute(select(inbox.inbox)))


def retry(database: Database, handle: Callable[[Session], None], *, now: datetime) -> bool:
    """One turn of the loop that takes up failed events."""
    with database.write() as session:
        due = inbox.take_due(session, now=now)
        if due is None:
            return False
        try:
            with session.begin_nested():
                handle(session)
        except ValueError as error:
            inbox.settle_failure(session, due, error, delays=DELAYS, now=now)
        else:
            inbox.settle_success(session, due, now=now)
        return True


def fail(_session: Session) -> None:
    raise ValueError("still no tea")


def use_up_all_attempts(database: Database) -> datetime:
    """Let an event fail until it is a dead letter; the moment at which it became one."""
    deliver(database, spill)
    now = datetime.now(UTC)
    for delay in DELAYS:
        now += timedelta(seconds=delay + 1)
        assert retry(database, fail, now=now)
    return now
