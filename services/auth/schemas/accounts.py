"""Clients' accounts: signing in, passwords, accounts by e-mail, profiles."""

from marshmallow import Schema, fields, validate

from services.auth.domain.profiles import DATE_FORMATS, TIME_FORMATS
from services.auth.schemas.agreements import AcceptingSchema, AgreeingSchema
from services.auth.schemas.codes import PhoneSchema, ProvePhoneSchema
from services.auth.schemas.fields import CountryCode, Digest, Password, Text
from services.auth.schemas.sending import SendingSchema

MOST_PHOTO_LETTERS = 1_000_000


class FromSchema(Schema):
    """On what device somebody signs in."""

    device = Text(255, load_default=None, allow_none=True)


class SignInSchema(ProvePhoneSchema, FromSchema):
    """Beside the code, something else of an account that may have had the number long ago:
    its password, the token of one of its sessions, or that it is known to be its owner.
    """

    password = Password(load_default=None, allow_none=True)
    user_digest = Digest(load_default=None, allow_none=True)
    owner_id = fields.Int(load_default=None, allow_none=True)


class LoginSchema(Schema):
    """A phone, read like any phone, or an e-mail address."""

    login = Text(255, required=True)
    country_code = CountryCode()


class PasswordSignInSchema(LoginSchema, FromSchema, AcceptingSchema):
    password = Password(required=True)


class ChangePasswordSchema(FromSchema):
    old_password = Password(load_default="", allow_none=True)
    new_password = Password(required=True)


class RequestPasswordResetSchema(LoginSchema, SendingSchema):
    """Whose password was forgotten."""


class ResetPasswordSchema(LoginSchema, FromSchema, AcceptingSchema):
    code = Text(50, required=True)
    password = Password(required=True)


class LinkSchema(Schema):
    token = Text(200, required=True)


class LookAtLinkSchema(LinkSchema):
    purpose = Text(20, required=True)


class LinkWithPasswordSchema(LinkSchema):
    password = Password(required=True)


class SignUpSchema(AgreeingSchema):
    email = Text(255, required=True)
    password = Password(required=True)
    name = Text(255, load_default="")


class GetPhotoSchema(Schema):
    name = Text(32, required=True)


class ChangePhotoSchema(Schema):
    """A picture in base64, or none."""

    content = fields.Str(
        required=True, allow_none=True, validate=validate.Length(max=MOST_PHOTO_LETTERS)
    )


class NoArgumentsSchema(Schema):
    pass


class RequestPhoneChangeSchema(PhoneSchema, SendingSchema):
    """Which phone is to be the account's."""


class RequestEmailChangeSchema(SendingSchema):
    email = Text(255, required=True)


class ChangeProfileSchema(Schema):
    """What is to be different; what is None stays as it is."""

    name = Text(255, load_default=None, allow_none=True)
    phone = Text(50, load_default=None, allow_none=True)
    country_code = CountryCode()
    phone_code = Text(50, load_default=None, allow_none=True)
    email = Text(255, load_default=None, allow_none=True)
    email_code = Text(50, load_default=None, allow_none=True)
    language = fields.Str(
        load_default=None, allow_none=True, validate=validate.Regexp(r"[a-z]{2,3}\Z")
    )
    date_format = fields.Str(
        load_default=None, allow_none=True, validate=validate.OneOf(DATE_FORMATS)
    )
    time_format = fields.Str(
        load_default=None, allow_none=True, validate=validate.OneOf(TIME_FORMATS)
    )
    notifications_enabled = fields.Bool(load_default=None, allow_none=True)
