"""The second factor of staff."""

from typing import Any

from flask import Response

from gateway.context import digests, rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.routes.sessions import sending
from gateway.wire import second_factors as wire
from gateway.wire.second_factors import BeginSecondFactorSchema, SecondFactorCodeSchema
from gateway.wire.sessions import ChallengeSchema, SecondFactorSchema, challenge

routes = Routes("second_factors", __name__, url_prefix="/api/v1", description="Second factor")


@routes.post("/user/second_factor")
@routes.arguments(BeginSecondFactorSchema, example=wire.BEGIN_EXAMPLE)
@routes.answers(ChallengeSchema)
def begin_second_factor(form: dict[str, Any]) -> Response:
    """Have a code sent to where codes shall go from now on"""
    begun = rpc.command("auth", "begin_second_factor", request={**wire.begun(form), **sending()})
    return answer(challenge(begun["challenge"]))


@routes.put("/user/second_factor")
@routes.arguments(SecondFactorCodeSchema, example=wire.CODE_EXAMPLE)
@routes.answers(SecondFactorSchema)
def confirm_second_factor(form: dict[str, Any]) -> Response:
    """Send that code back: from now on one is asked for after the password"""
    confirmed = {**wire.guessed(form), "user_digest": digests().user}
    told = rpc.command("auth", "confirm_second_factor", request=confirmed)
    return answer(wire.second_factor(told))


@routes.post("/user/second_factor/remove")
@routes.arguments(SecondFactorCodeSchema, example=wire.CODE_EXAMPLE)
@routes.answers(SecondFactorSchema)
def remove_second_factor(form: dict[str, Any]) -> Response:
    """Let the password be enough again: with the `uuid` and the code of a sign-in by `auth`"""
    told = rpc.command("auth", "remove_second_factor", request=wire.guessed(form))
    return answer(wire.second_factor(told))
