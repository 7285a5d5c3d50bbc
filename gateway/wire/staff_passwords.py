"""Passwords of staff: our own part of the API; the contract has those of clients alone."""

from typing import Any

from marshmallow import ValidationError, validates

from gateway.wire.fields import Request, Secret, Text

CHANGE_EXAMPLE: dict[str, Any] = {
    "old_password": "correct horse battery",
    "new_password": "another horse battery",
}
FORGOTTEN_EXAMPLE: dict[str, Any] = {"login": "owner@example.com"}


class ChangeStaffPasswordSchema(Request):
    old_password = Secret(required=True)
    new_password = Secret(required=True)


class ForgottenPasswordSchema(Request):
    """Whose password was forgotten."""

    login = Text(required=True, metadata={"description": "Login, or e-mail address of the account"})

    @validates("login")
    def refuse_blank(self, login: str, **_: Any) -> None:
        if not login:
            raise ValidationError("field_missing")
