"""What people do with their list: read, and delete.

A person is who may see the clients that the caller names; what belongs to others
does not exist.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from services.common.errors import NotFound
from services.notify.models import Notice


def visible_to(client_ids: list[int]) -> ColumnElement[bool]:
    """What stands in the list of these clients."""
    return and_(Notice.client_id.in_(client_ids), Notice.deleted_at.is_(None))


def mark_read(session: Session, *, client_ids: list[int], message_id: int, now: datetime) -> Notice:
    """The message as read, at the first time it was; NotFound for one that is not theirs."""
    notice = _find(session, client_ids, message_id)
    notice.read_at = notice.read_at or now
    return notice


def mark_all_read(session: Session, *, client_ids: list[int], now: datetime) -> int:
    """Mark what is in the list at this moment; how many were new."""
    marked = session.scalars(
        update(Notice)
        .where(visible_to(client_ids), Notice.read_at.is_(None))
        .values(read_at=now)
        .returning(Notice.id)
    )
    return len(marked.all())


def delete_message(
    session: Session, *, client_ids: list[int], message_id: int, now: datetime
) -> None:
    """Take the message out of the list for good; NotFound for one that is not (or no more) there.

    Its row stays, without what it said, so that a late event does not bring it back.
    """
    notice = _find(session, client_ids, message_id)
    notice.deleted_at = now
    notice.title = notice.body = ""


def _find(session: Session, client_ids: list[int], message_id: int) -> Notice:
    notice = session.scalar(
        select(Notice).where(Notice.id == message_id, visible_to(client_ids)).with_for_update()
    )
    if notice is None:
        raise NotFound("message_not_found")
    return notice
