"""A second factor for staff: our own part of the API; the contract has signing in alone."""

from collections.abc import Mapping
from typing import Any

from gateway.wire.fields import Choice, Code, Request, Secret, Text

BEGIN_EXAMPLE: dict[str, Any] = {
    "channel": "sms",
    "phone": "+33612345678",
    "password": "correct horse battery",
}
CODE_EXAMPLE: dict[str, Any] = {"uuid": "019ab3c1-0000-7000-8000-000000000000", "code": "123456"}


class BeginSecondFactorSchema(Request):
    """Where codes shall go, and the password once more."""

    channel = Choice("sms", "call", "email", required=True)
    phone = Text(load_default="", allow_none=True)
    email = Text(load_default=None, allow_none=True)
    password = Secret(required=True)


class SecondFactorCodeSchema(Request):
    uuid = Text(most=36, required=True)
    code = Code(required=True)


def begun(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "medium": form["channel"],
        "phone": form["phone"] or "",
        "email": form["email"] or None,
        "password": form["password"],
    }


def guessed(form: Mapping[str, Any]) -> dict[str, Any]:
    return {"challenge_id": form["uuid"], "code": form["code"]}


def second_factor(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"channel": told["medium"] or ""}
