"""Staff who choose another password."""

from typing import Any

from flask import Response

from gateway.context import digests, gateway, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.routes.sessions import device, secret, sending
from gateway.wire import sessions
from gateway.wire import staff_passwords as wire
from gateway.wire.sessions import StaffUserSchema
from gateway.wire.shapes import CREATED
from gateway.wire.staff_passwords import ChangeStaffPasswordSchema, ForgottenPasswordSchema

routes = Routes("staff_passwords", __name__, url_prefix="/api/v1", description="Passwords of staff")


@routes.put("/user/password")
@routes.arguments(ChangeStaffPasswordSchema, example=wire.CHANGE_EXAMPLE)
@routes.answers(StaffUserSchema)
def change_password(form: dict[str, Any]) -> Response:
    """Choose another password; all tokens are dead but the one in the answer"""
    asked = {**form, "device": device()}
    signed_in = rpc.command("auth", "change_staff_password", request=asked)
    gateway().identities.forget(digests())
    return secret(answer(sessions.staff_user(signed_in, public_base())))


@routes.post("/auth/password")
@routes.arguments(ForgottenPasswordSchema, example=wire.FORGOTTEN_EXAMPLE)
@routes.answers_nothing(status=202, meta=CREATED)
def forgot_password(form: dict[str, Any]) -> Response:
    """Have a letter sent with a link to choose a new password; the answer is always the same"""
    rpc.command("auth", "request_staff_reset", request={**form, **sending()})
    return done(202, meta={"message": "Accepted"})
