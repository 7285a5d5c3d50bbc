"""What notify shows."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify.models import Message


def list_sent_messages(session: Session, *, to: str | None, limit: int) -> dict[str, Any]:
    """What was sent, the newest first; for developers."""
    wanted = select(Message).where(Message.sent_at.is_not(None)).order_by(Message.id.desc())
    if to is not None:
        wanted = wanted.where(Message.recipient.in_([to, f"+{to.lstrip('+ ')}"]))
    return {"messages": [show_message(one) for one in session.scalars(wanted.limit(limit))]}


def show_message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "kind": message.kind,
        "channel": message.channel,
        "recipient": message.recipient,
        "subject": message.subject,
        "body": message.body,
        "language": message.language,
        "created_at": message.created_at.isoformat(),
        "sent_at": None if message.sent_at is None else message.sent_at.isoformat(),
    }
