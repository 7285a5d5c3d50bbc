"""The shapes of auth's requests and events."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate


def printable(text: str) -> None:
    """Refuses what a database or a screen would choke on."""
    if not text.isprintable():
        raise ValidationError("It contains characters that cannot be printed.")


def Text(longest: int, *, shortest: int = 0, **kwargs: Any) -> fields.String:  # noqa: N802
    limits = validate.Length(min=shortest, max=longest)
    return fields.Str(validate=[limits, printable], **kwargs)


def Digest(**kwargs: Any) -> fields.String:  # noqa: N802
    """What is sent of a secret: its SHA-256 in hexadecimal digits."""
    return Text(64, shortest=64, **kwargs)


class IdentifySchema(Schema):
    partner_digest = Digest(required=True)
    user_digest = Digest(load_default=None, allow_none=True)


class PhoneSchema(Schema):
    """A phone as somebody wrote it; without its country it is read as one of ``country_code``."""

    phone = Text(50, required=True)
    country_code = fields.Str(
        load_default=None, allow_none=True, validate=validate.Regexp(r"[A-Za-z]{2}\Z")
    )


class RequestCodeSchema(PhoneSchema):
    locale = Text(20, load_default="", allow_none=True)


class ProvePhoneSchema(PhoneSchema):
    code = Text(50, required=True)


class SignInSchema(ProvePhoneSchema):
    device = Text(255, load_default=None, allow_none=True)


class StaffSignInSchema(Schema):
    login = Text(255, required=True)
    password = fields.Str(required=True, validate=validate.Length(max=1000))
    device = Text(255, load_default=None, allow_none=True)


class SignOutSchema(Schema):
    user_digest = Digest(required=True)


class GetCodeTextSchema(Schema):
    challenge_id = Text(36, shortest=1, required=True)


class ContactSchema(Schema):
    """The only personal data of an event."""

    phone = fields.Str(required=True, allow_none=True)
    email = fields.Str(required=True, allow_none=True)


class ChallengeEventSchema(Schema):
    """A code that is to be sent, without the code: whoever sends it asks for it at that moment."""

    challenge_id = fields.Str(required=True)
    purpose = fields.Str(required=True, metadata={"description": "prove_phone"})
    medium = fields.Str(required=True, metadata={"description": "sms, call, email"})
    locale = fields.Str(required=True)
    expires_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    contact = fields.Nested(ContactSchema, required=True)


class BookedSchema(Schema):
    """As much of a booked appointment as auth needs."""

    class Meta:
        unknown = EXCLUDE

    proof_id = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=36))


def proof_in(data: dict[str, Any]) -> str | None:
    """The proof that a booking has used up, if there was one."""
    proof_id: str | None = BookedSchema().load(data)["proof_id"]
    return proof_id
