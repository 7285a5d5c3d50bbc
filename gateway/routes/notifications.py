"""A client's messages."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import done, page
from gateway.wire import notifications as wire
from gateway.wire.notifications import NotificationSchema, NotificationsQuerySchema
from gateway.wire.shapes import INBOX

routes = Routes("notifications", __name__, url_prefix="/api/v1", description="Messages")


@routes.get("/user/notifications")
@routes.arguments(NotificationsQuerySchema, location="query")
@routes.answers_page(NotificationSchema, INBOX)
def notifications(query: dict[str, Any]) -> Response:
    """The signed-in client's messages, the newest first"""
    wanted = wire.inbox_wanted(query)
    found = rpc.call("notify", "list_inbox", **_own_clients(), **wanted)
    return page(
        [wire.notification(message) for message in found["items"]],
        page=wanted["page"],
        total=found["total"],
        unread_count=found["unread"],
    )


@routes.post("/user/notifications/<id:notification_id>/read")
@routes.answers_nothing(status=200)
def read_notification(notification_id: int) -> Response:
    """Mark a message as read"""
    _do("mark_read", message_id=notification_id)
    return done(200)


@routes.post("/user/notifications/read_all")
@routes.answers_nothing(status=200)
def read_all_notifications() -> Response:
    """Mark all messages as read"""
    _do("mark_all_read")
    return done(200)


@routes.delete("/user/notifications/<id:notification_id>")
@routes.answers_nothing(status=204)
def delete_notification(notification_id: int) -> Response:
    """Delete a message"""
    _do("delete_message", message_id=notification_id)
    return done(204)


def _do(command: str, **request: Any) -> None:
    rpc.command("notify", command, request={**_own_clients(), **request})


def _own_clients() -> dict[str, list[int]]:
    """``client_ids``: whose messages they are."""
    own: dict[str, list[int]] = rpc.call("booking", "list_own_client_ids", business_id=None)
    return own
