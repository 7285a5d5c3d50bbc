"""Receiving an event: a delivery is acknowledged only when it is safe to forget.

It is safe when the handler's effect is committed, or when the event stands in
the inbox to be tried again. When not even the inbox can be written, the event
goes back to the queue.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from services.common.db import Database
from services.common.events import Envelope, unseal
from services.common.inbox import admit, keep_failed

log = structlog.get_logger(__name__)

PAUSE_BEFORE_REDELIVERY_SECONDS = 1.0


class NotKept(Exception):
    """An event could neither be handled nor kept: the broker must deliver it again."""


def receive(
    database: Database,
    handler: str,
    handle: Callable[[Session, Envelope], None],
    message: Any,
    delays: tuple[float, ...],
) -> None:
    """Handle one delivery: ``handle(session, event)`` has its effect once per event."""
    try:
        event = unseal(message)
    except ValueError as error:
        log.error("event_unreadable", handler=handler, error=str(error))
        return
    with structlog.contextvars.bound_contextvars(event_id=event.id, request_id=event.request_id):
        try:
            with database.write() as session:
                if admit(session, event, handler, now=datetime.now(UTC)):
                    handle(session, event)
        except Exception as error:
            log.exception("event_failed", handler=handler, subject=event.subject)
            _keep(database, event, handler, message, error, delays)


def _keep(
    database: Database,
    event: Envelope,
    handler: str,
    envelope: dict[str, Any],
    error: Exception,
    delays: tuple[float, ...],
) -> None:
    try:
        with database.write() as session:
            keep_failed(
                session,
                event,
                handler,
                envelope=envelope,
                error=error,
                delays=delays,
                now=datetime.now(UTC),
            )
    except Exception as failure:
        log.warning("event_not_kept", handler=handler, error=type(failure).__name__)
        time.sleep(PAUSE_BEFORE_REDELIVERY_SECONDS)
        raise NotKept(event.id) from failure
