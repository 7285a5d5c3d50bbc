"""Staff who sign in: with a password, and a code where they want one."""

from marshmallow import Schema, fields, validate

from services.auth.models import Medium
from services.auth.schemas.fields import Digest, OneOf, Password, Text, printable
from services.auth.schemas.sending import SendingSchema


class StaffSignInSchema(SendingSchema):
    """A password; or the challenge that it was answered by, and its code."""

    login = Text(255, required=True)
    password = Password(load_default="")
    challenge_id = Text(36, shortest=1, load_default=None, allow_none=True)
    code = Text(50, load_default=None, allow_none=True)


class BeginSecondFactorSchema(SendingSchema):
    password = Password(required=True)
    medium = OneOf(Medium, required=True)
    phone = Text(50, load_default="")
    email = fields.Email(
        load_default=None, allow_none=True, validate=[validate.Length(max=255), printable]
    )


class SecondFactorCodeSchema(Schema):
    challenge_id = Text(36, shortest=1, required=True)
    code = Text(50, required=True)


class ConfirmSecondFactorSchema(SecondFactorCodeSchema):
    """``user_digest`` is that of the token whose session goes on."""

    user_digest = Digest(load_default=None, allow_none=True)
