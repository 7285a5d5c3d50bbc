"""A client's messages: our own part of the API, for the contract documents none."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import Text
from gateway.wire.pages import PagedQuerySchema, page_wanted

LARGEST_PAGE_SIZE = 200
KINDS = {
    "appointment_created": "record_created",
    "appointment_confirmed": "record_confirmed",
    "appointment_moved": "record_moved",
    "appointment_cancelled": "record_deleted",
}
CATEGORIES = {"appointment": "record", "cancelled_appointment": "deleted_record"}
OUR_CATEGORIES = {contract: ours for ours, contract in CATEGORIES.items()}


class NotificationSchema(doc.Answer):
    """A message in a client's inbox."""

    id = doc.whole()
    type = doc.text("What it is about", example="record_created")
    category = doc.text("To group them by", example="record")
    title = doc.text()
    text = doc.text()
    group_id = doc.whole("The business it comes from")
    record_id = doc.whole("The appointment it is about; 0 for none")
    action = doc.text("What its button does; empty for none", example="details")
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")
    is_read = doc.flag()
    read_date = doc.text(null=True)


class NotificationsQuerySchema(PagedQuerySchema):
    category = Text(most=30, load_default=None, metadata={"description": "Only these"})


def inbox_wanted(query: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``list_inbox`` for a query."""
    category = query["category"]
    return {
        "category": OUR_CATEGORIES.get(category, category),
        **page_wanted(query, largest=LARGEST_PAGE_SIZE),
    }


def notification(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message in the words of the API."""
    return {
        "id": message["id"],
        "type": KINDS.get(message["kind"], message["kind"]),
        "category": CATEGORIES.get(message["category"], message["category"]),
        "title": message["title"] or "",
        "text": message["body"],
        "group_id": message["business_id"],
        "record_id": message["appointment_id"] or 0,
        "action": message["action"] or "",
        "create_date": times.utc(message["created_at"]),
        "is_read": message["read_at"] is not None,
        "read_date": message["read_at"] and times.utc(message["read_at"]),
    }
