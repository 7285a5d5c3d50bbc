"""What notify shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from services.notify.models import Message, Notice
from services.notify.use_cases.notices import visible_to


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
        "medium": message.medium,
        "channel": message.channel,
        "recipient": message.recipient,
        "subject": message.subject,
        "title": message.title,
        "body": message.body,
        "language": message.language,
        "created_at": _instant(message.created_at),
        "sent_at": _instant(message.sent_at),
    }


def list_inbox(
    session: Session, *, client_ids: list[int], page: int, page_size: int, category: str | None
) -> dict[str, Any]:
    """A page of what these clients were told, what happened last first.

    ``total`` counts what the page is cut from, ``unread`` all that is new to them,
    whatever its category. The order is that of the facts, not of their arrival.
    """
    chosen: ColumnElement[bool] = true() if category is None else Notice.category == category
    mine = visible_to(client_ids)
    total, unread = session.execute(
        select(
            func.count().filter(chosen),
            func.count().filter(Notice.read_at.is_(None)),
        )
        .select_from(Notice)
        .where(mine)
    ).one()
    shown = session.scalars(
        select(Notice)
        .where(mine, chosen)
        .order_by(Notice.happened_at.desc(), Notice.version.desc(), Notice.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return {"items": [show_notice(one) for one in shown], "total": total, "unread": unread}


def show_notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "category": notice.category,
        "title": notice.title,
        "body": notice.body,
        "business_id": notice.business_id,
        "appointment_id": notice.appointment_id,
        "action": notice.action,
        "created_at": _instant(notice.happened_at),
        "read_at": _instant(notice.read_at),
    }


def show_reading(notice: Notice) -> dict[str, Any]:
    """The answer to a command, which is kept: without what the message says."""
    return {"id": notice.id, "read_at": _instant(notice.read_at)}


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
