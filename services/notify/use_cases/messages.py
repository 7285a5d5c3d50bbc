"""Queueing messages, and sending those that are due.

A request only queues. The loop settles when a message would be tried again
before it tries, so that a crash costs one attempt and never leaves a message
"in progress" for ever.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.common.db import Database, insert_into, wake_loops
from services.common.events import Envelope
from services.common.inbox import reason_of
from services.notify.channels import channel
from services.notify.domain.retries import next_attempt_at
from services.notify.domain.wording import facts_about, fill, language_of
from services.notify.models import Message
from services.notify.templates import template_of

log = structlog.get_logger(__name__)


def queue_about_appointment(
    session: Session, event: Envelope, appointment: Mapping[str, Any], *, now: datetime
) -> None:
    """Queue the message of the event's kind to the client, once per version of the appointment."""
    phone = appointment["contact"]["phone"]
    if not phone:
        return
    language = language_of(appointment["locale"], appointment["location"]["language"])
    body = fill(template_of(event.type, language), facts_about(appointment, language))
    session.execute(
        insert_into(session, Message)
        .values(
            business_id=appointment["business_id"],
            client_id=appointment["client_id"],
            subject=event.subject,
            version=event.sequence,
            kind=event.type,
            channel="console",
            recipient=phone,
            language=language,
            body=body,
            stale_at=appointment["starts_at"],
            attempts=0,
            created_at=now,
            next_attempt_at=now,
        )
        .on_conflict_do_nothing()
    )
    wake_loops(session)


def send_next(database: Database, *, is_dev: bool, now: datetime) -> bool:
    """Send the message that is most overdue; whether there was one. A failure stops no other."""
    with database.write() as session:
        message = _claim(session, now)
    if message is None:
        return False
    if message.skipped_at is not None:
        return True
    try:
        channel(message.channel, is_dev=is_dev)(message)
    except Exception as error:
        log.warning("message_not_sent", message_id=message.id, error=type(error).__name__)
        _settle(database, message, failed=reason_of(error), now=now)
    else:
        _settle(database, message, failed=None, now=now)
    return True


def count_due(session: Session) -> int:
    """How many messages are still to be sent, now or later."""
    due = select(func.count()).where(Message.next_attempt_at.is_not(None))
    return session.scalar(due.select_from(Message)) or 0


def _claim(session: Session, now: datetime) -> Message | None:
    """Take the next due message and settle first when it may be tried again, or that it failed."""
    message = session.scalar(
        select(Message)
        .where(Message.next_attempt_at <= now)
        .order_by(Message.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message is None:
        return None
    if message.stale_at <= now:
        message.skipped_at, message.next_attempt_at = now, None
        message.reason = "it is about something that is over"
        return message
    message.attempts += 1
    message.next_attempt_at = next_attempt_at(message.attempts, now)
    if message.next_attempt_at is None:
        message.failed_at, message.reason = now, "the last attempt was not finished"
    return message


def _settle(database: Database, message: Message, *, failed: str | None, now: datetime) -> None:
    with database.write() as session:
        stored = session.get_one(Message, message.id)
        stored.reason = failed
        if failed is None:
            stored.sent_at, stored.next_attempt_at, stored.failed_at = now, None, None
