"""Where a user is signed in."""

from typing import Any

from flask import Response

from gateway.context import digests, gateway, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import own_sessions as wire
from gateway.wire.own_sessions import EndSessionsQuerySchema, SessionSchema
from gateway.wire.shapes import COUNTED

routes = Routes("own_sessions", __name__, url_prefix="/api/v1", description="Signed in where")


@routes.get("/user/sessions")
@routes.answers(SessionSchema, many=True, meta=COUNTED)
def sessions() -> Response:
    """Where the user of this token is signed in, the last used first"""
    found = rpc.call("auth", "list_sessions", user_digest=digests().user)["sessions"]
    return answer([wire.session(one) for one in found], meta={"count": len(found)})


@routes.delete("/user/sessions/<id:session_id>")
@routes.answers_nothing(status=204)
def end_session(session_id: int) -> Response:
    """Sign out on one device: its token is dead within a second"""
    rpc.command("auth", "end_session", request={"session_id": session_id})
    return _ended()


@routes.delete("/user/sessions")
@routes.arguments(EndSessionsQuerySchema, location="query")
@routes.answers_nothing(status=204)
def end_sessions(query: dict[str, Any]) -> Response:
    """Sign out on all other devices, or on all"""
    rpc.command(
        "auth",
        "end_sessions",
        request={"user_digest": digests().user, "with_current": query["all"]},
    )
    return _ended()


def _ended() -> Response:
    """What is remembered of this token may be over."""
    gateway().identities.forget(digests())
    return done(204)
