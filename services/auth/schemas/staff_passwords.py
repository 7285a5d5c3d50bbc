"""Staff who choose another password."""

from marshmallow import Schema

from services.auth.schemas.accounts import FromSchema
from services.auth.schemas.fields import Password, Text
from services.auth.schemas.sending import SendingSchema


class ChangeStaffPasswordSchema(FromSchema):
    old_password = Password(required=True)
    new_password = Password(required=True)


class RequestStaffResetSchema(SendingSchema):
    """Whose password was forgotten, by login or address."""

    login = Text(255, shortest=1, required=True)


class ResetStaffPasswordSchema(Schema):
    token = Text(200, required=True)
    password = Password(required=True)
