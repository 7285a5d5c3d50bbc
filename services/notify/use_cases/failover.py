"""Sending a message another way when one has failed for good."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.common.config import Settings
from services.notify.channels import channels_for
from services.notify.domain.media import Medium
from services.notify.models import Message, Subject
from services.notify.use_cases.messages import add_messages


def lock_subject(session: Session, message: Message) -> None:
    """Wait for whatever is decided about the same subject. Always before locking its messages."""
    session.execute(
        select(Subject.version).where(Subject.name == message.subject).with_for_update()
    )


def try_next_way(session: Session, failed: Message, settings: Settings, *, now: datetime) -> None:
    """Queue the message the next way, unless another channel still carries it or has.

    The caller has locked the subject: of two channels that fail at once, the second
    sees the first, and no newer version comes meanwhile, which would have skipped it.
    """
    session.flush()
    is_carried = exists().where(
        Message.subject == failed.subject,
        Message.version == failed.version,
        Message.kind == failed.kind,
        Message.failed_at.is_(None),
    )
    if session.scalar(select(is_carried)):
        return
    for number, (name, recipient) in enumerate(failed.other_ways, start=1):
        medium = Medium(name)
        if channels := channels_for(medium, settings):
            add_messages(
                session,
                channels,
                subject=failed.subject,
                version=failed.version,
                kind=failed.kind,
                user_id=failed.user_id,
                medium=medium,
                recipient=recipient,
                other_ways=failed.other_ways[number:],
                language=failed.language,
                title=failed.title,
                body=failed.body,
                is_urgent=failed.is_urgent,
                stale_at=failed.stale_at,
                created_at=now,
                next_attempt_at=now,
            )
            return
