"""What a developer needs and production must not have."""

from typing import Any

from flask import Response, jsonify

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.wire.fields import Query, Text

routes = Routes("development", __name__, url_prefix="/dev", description="Development only")


class MessagesQuerySchema(Query):
    to = Text(load_default=None, metadata={"description": "Phone or e-mail"})


@routes.get("/noop")
@routes.answers_bare({"type": "object"})
def noop() -> Response:
    """Do nothing: what a request costs at the least"""
    return jsonify({})


@routes.get("/echo")
@routes.answers_bare({"type": "object"})
def echo() -> Response:
    """Make one empty call: what a request to a service costs at the least"""
    return jsonify(rpc.call("booking", "ping"))


@routes.get("/messages")
@routes.arguments(MessagesQuerySchema, location="query")
@routes.answers_bare({"type": "array", "items": {"type": "object"}})
def messages(query: dict[str, Any]) -> Response:
    """Messages that would have been sent to people"""
    return jsonify(rpc.call("notify", "list_sent_messages", to=query["to"])["messages"])
