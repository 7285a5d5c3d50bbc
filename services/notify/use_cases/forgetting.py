"""Forgetting whom messages went to and what they said, once nobody needs to know any more.

In batches, so that no transaction is long; what another process is at is left to it.
What stands in a person's list is theirs, and stays until they delete it.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.orm import Session

from services.notify.domain.kinds import CODE
from services.notify.models import Message, Subject

BATCH = 500
CODES_KEPT_FOR = timedelta(hours=12)
"""How long it can be asked what became of a code, which is less than auth knows its challenge."""


def forget_codes(session: Session, *, now: datetime) -> bool:
    """Delete the rows of codes and letters that were sent or given up; whether there may be more.

    What comes of such a challenge later begins anew, and is over or a new letter.
    """
    ended = func.coalesce(Message.sent_at, Message.skipped_at, Message.failed_at)
    is_old = and_(
        Message.kind == CODE,
        Message.next_attempt_at.is_(None),
        Message.created_at < now - CODES_KEPT_FOR,
        ended < now - CODES_KEPT_FOR,
    )
    found = session.scalars(
        select(Message.subject).where(is_old).order_by(Message.created_at).limit(BATCH)
    ).all()
    locked = session.scalars(
        select(Subject.name)
        .where(Subject.name.in_(set(found)))
        .order_by(Subject.name)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(delete(Message).where(is_old, Message.subject.in_(locked)))
    is_about = exists().where(Message.subject == Subject.name)
    session.execute(delete(Subject).where(Subject.name.in_(locked), ~is_about))
    return len(found) == BATCH and bool(locked)


def forget_recipients(session: Session, *, kept_for: timedelta, now: datetime) -> bool:
    """Take recipient and text out of the rows of other messages; whether there may be more.

    The row stays: of which kind it was, about what, when, and what became of it.
    """
    ids = session.scalars(
        select(Message.id)
        .where(
            Message.kind != CODE,
            Message.recipient.is_not(None),
            Message.next_attempt_at.is_(None),
            Message.created_at < now - kept_for,
        )
        .order_by(Message.created_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(recipient=None, title="", body=None, other_ways=[])
    )
    return len(ids) == BATCH
