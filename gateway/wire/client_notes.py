"""What staff keep about clients beside their card: comments, and whom they take no bookings of."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import Id, Request, Text
from gateway.wire.pages import PagedQuerySchema

COMMENT_EXAMPLE: dict[str, Any] = {"text": "Allergic to ammonia"}
BLOCK_EXAMPLE: dict[str, Any] = {"phone": "+33612345678", "comment": "Did not come five times"}


class ClientCommentFormSchema(Request):
    text = Text(least=1, most=2000, lines=True, required=True)


class CommentAuthorSchema(doc.Answer):
    id = doc.whole("0: not known")


class ClientCommentSchema(doc.Answer):
    id = doc.whole()
    text = doc.text()
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")
    user = doc.one(CommentAuthorSchema)
    files = doc.either(doc.EMPTY_ARRAY, about=doc.NOT_KEPT)


class BlockFormSchema(Request):
    """A phone, or a client of the business: then whatever phone they use."""

    phone = Text(most=40, load_default="", allow_none=True)
    client_id = Id(load_default=0, allow_none=True)
    comment = Text(most=1000, lines=True, load_default="", allow_none=True)


class BlacklistQuerySchema(PagedQuerySchema):
    pass


class BlacklistEntrySchema(doc.Answer):
    id = doc.whole()
    phone = doc.text("E.164, or empty")
    client_id = doc.whole("0: the phone, whoever has it")
    comment = doc.text()
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")
    created_user_id = doc.whole("0: not known")


def comment_told(comment: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": comment["id"],
        "text": comment["text"],
        "create_date": times.utc(comment["created_at"]),
        "user": {"id": comment["created_by_user_id"] or 0},
        "files": [],
    }


def block_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "phone": form["phone"] or None,
        "client_id": form["client_id"] or None,
        "comment": form["comment"] or "",
    }


def blacklist_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "phone": entry["phone"] or "",
        "client_id": entry["client_id"] or 0,
        "comment": entry["comment"],
        "create_date": times.utc(entry["created_at"]),
        "created_user_id": entry["created_by_user_id"] or 0,
    }
