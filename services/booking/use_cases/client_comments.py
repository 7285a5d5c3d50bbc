"""What the staff note about a client, for each other."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import ClientComment
from services.booking.use_cases.client_base import find_client
from services.booking.use_cases.permissions import staff_location
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.rights import Permission

MOST_SHOWN = 500


def list_client_comments(
    session: Session, *, location_id: int, client_id: int, call: Call
) -> list[dict[str, Any]]:
    """The newest first."""
    location = staff_location(session, call, location_id, Permission.CLIENTS_VIEW)
    client = find_client(session, location, client_id)
    found = session.scalars(
        select(ClientComment)
        .where(ClientComment.client_id == client.id)
        .order_by(ClientComment.id.desc())
        .limit(MOST_SHOWN)
    )
    return [_show(one) for one in found]


def add_client_comment(
    session: Session, *, location_id: int, client_id: int, text: str, call: Call
) -> dict[str, Any]:
    location = staff_location(session, call, location_id, Permission.CLIENTS_EDIT)
    client = find_client(session, location, client_id, lock=True)
    comment = ClientComment(
        business_id=client.business_id,
        client_id=client.id,
        text=text,
        created_by_user_id=call.viewer.get("user_id"),
        created_at=call.now,
    )
    session.add(comment)
    session.flush()
    return _show(comment)


def delete_client_comment(
    session: Session, *, location_id: int, client_id: int, comment_id: int, call: Call
) -> None:
    location = staff_location(session, call, location_id, Permission.CLIENTS_EDIT)
    client = find_client(session, location, client_id)
    comment = session.get(ClientComment, comment_id)
    if comment is None or comment.client_id != client.id:
        raise NotFound("comment_not_found")
    session.delete(comment)


def _show(comment: ClientComment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "text": comment.text,
        "created_at": comment.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "created_by_user_id": comment.created_by_user_id,
    }
