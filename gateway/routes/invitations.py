"""Inviting people to work at a location."""

from typing import Any

from flask import Response

from gateway.context import locale, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.routes.staff_users import place
from gateway.wire import staff_users as wire
from gateway.wire.shapes import COUNTED
from gateway.wire.staff_users import (
    AcceptedSchema,
    AcceptInvitationSchema,
    InvitationSchema,
    InviteSchema,
)

routes = Routes("invitations", __name__, url_prefix="/api/v1", description="Invitations of staff")


@routes.post("/user/invite/<id:company_id>")
@routes.arguments(InviteSchema, example=wire.INVITE_EXAMPLE)
@routes.answers(InvitationSchema, status=201)
def invite(form: dict[str, Any], company_id: int) -> Response:
    """Send somebody a letter with a link by which they get to work here"""
    wanted = {name: value for name, value in wire.right_wanted(form).items() if value is not None}
    invited = rpc.command(
        "auth",
        "invite_staff",
        request={**place(company_id), "email": form["email"], "locale": locale(), **wanted},
    )
    return answer(wire.invitation_told(invited, locale()), status=201)


@routes.get("/company/<id:company_id>/users/invitations")
@routes.answers(InvitationSchema, many=True, meta=COUNTED)
def invitations(company_id: int) -> Response:
    """Invitations that nobody has accepted yet"""
    found = rpc.call("auth", "list_invitations", **place(company_id))["invitations"]
    shown = [wire.invitation_told(one, locale()) for one in found]
    return answer(shown, meta={"count": len(shown)})


@routes.delete("/company/<id:company_id>/users/invitations/<id:invitation_id>")
@routes.answers_nothing(status=204)
def withdraw_invitation(company_id: int, invitation_id: int) -> Response:
    """Take an invitation back: its link is dead"""
    request = {**place(company_id), "invitation_id": invitation_id}
    rpc.command("auth", "withdraw_invitation", request=request)
    return done(204)


@routes.post("/user/invitation")
@routes.arguments(AcceptInvitationSchema, example=wire.ACCEPT_EXAMPLE)
@routes.answers(AcceptedSchema, status=201)
def accept_invitation(form: dict[str, Any]) -> Response:
    """Accept an invitation; who has no account yet sets a name and a password"""
    return answer(rpc.command("auth", "accept_invitation", request=form), status=201)
