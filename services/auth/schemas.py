"""The shapes of auth's requests and events."""

from enum import StrEnum
from functools import partial
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.auth.domain.budgets import Origin, network_of
from services.auth.domain.profiles import DATE_FORMATS, TIME_FORMATS
from services.auth.models import Medium
from services.common.rights import Permission, Role, Scope

MAX_ID = 2**63 - 1
MOST_A_SECOND, MOST_A_MINUTE = 100, 3000
MOST_PHOTO_LETTERS = 1_000_000


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


def Id(**kwargs: Any) -> fields.Integer:  # noqa: N802
    return fields.Int(strict=True, validate=validate.Range(min=1, max=MAX_ID), **kwargs)


def Rate(most: int) -> fields.Integer:  # noqa: N802
    """What owners may give their keys: a key with a rate is not counted by address."""
    return fields.Int(strict=True, allow_none=True, validate=validate.Range(min=1, max=most))


def OneOf(words: type[StrEnum], **kwargs: Any) -> fields.Enum[Any]:  # noqa: N802
    return fields.Enum(words, by_value=True, **kwargs)


def Permissions() -> fields.List[Any]:  # noqa: N802
    return fields.List(OneOf(Permission, required=True), load_default=list)


CountryCode = partial(
    fields.Str,
    load_default=None,
    allow_none=True,
    validate=validate.Regexp(r"[A-Za-z]{2}\Z"),
)


class IdentifySchema(Schema):
    partner_digest = Digest(required=True)
    user_digest = Digest(load_default=None, allow_none=True)


class PhoneSchema(Schema):
    """A phone as somebody wrote it; without its country it is read as one of ``country_code``."""

    phone = Text(50, required=True)
    country_code = CountryCode()


class AgreementSchema(Schema):
    """A version of a text that somebody accepts."""

    kind = fields.Str(required=True, validate=validate.Length(max=20))
    version = fields.Int(required=True)


def Agreements(**kwargs: Any) -> fields.List[Any]:  # noqa: N802
    limits = validate.Length(max=20)
    return fields.List(fields.Nested(AgreementSchema), validate=limits, **kwargs)


class SendingSchema(Schema):
    """``address`` and ``device`` say where the request comes from, as the gateway saw it."""

    locale = Text(20, load_default="", allow_none=True)
    address = Text(45, load_default=None, allow_none=True)
    device = Text(255, load_default=None, allow_none=True)
    business_id = fields.Int(load_default=None, allow_none=True)


class AgreeingSchema(SendingSchema):
    """What is accepted with the request, and at which location."""

    location_id = fields.Int(load_default=None, allow_none=True)
    agreements = Agreements(load_default=list)


class RequestCodeSchema(PhoneSchema, AgreeingSchema):
    medium = fields.Enum(Medium, by_value=True, load_default=None, allow_none=True)


ORIGIN = ("address", "device")
"""Fields that are no part of what is asked for: who repeats a request may do so elsewhere."""


def origin_of(request: dict[str, Any]) -> Origin:
    """Where a request for a code comes from."""
    return Origin(
        business_id=request["business_id"],
        address=network_of(request["address"] or ""),
        device=request["device"],
    )


class DocumentsAtSchema(Schema):
    location_id = fields.Int(required=True)


class AgreeSchema(DocumentsAtSchema):
    agreements = Agreements(required=True)
    address = Text(45, load_default=None, allow_none=True)


class ProvePhoneSchema(PhoneSchema):
    code = Text(50, required=True)


Password = partial(fields.Str, validate=validate.Length(max=1000))


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


class PasswordSignInSchema(LoginSchema, FromSchema):
    password = Password(required=True)


class ChangePasswordSchema(FromSchema):
    old_password = Password(load_default="", allow_none=True)
    new_password = Password(required=True)


class RequestPasswordResetSchema(LoginSchema, SendingSchema):
    """Whose password was forgotten."""


class ResetPasswordSchema(LoginSchema, FromSchema):
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


class SignOutSchema(Schema):
    user_digest = Digest(required=True)


class SessionsSchema(Schema):
    """``user_digest`` is that of the token with which is asked."""

    user_digest = Digest(required=True)


class EndSessionSchema(Schema):
    session_id = Id(required=True)


class EndSessionsSchema(SessionsSchema):
    with_current = fields.Bool(load_default=False)


class AtPlaceSchema(Schema):
    """A location, and the business that it belongs to as booking says."""

    business_id = Id(required=True)
    location_id = Id(required=True)


class StaffUserAtSchema(AtPlaceSchema):
    user_id = Id(required=True)


class ChangeRightSchema(StaffUserAtSchema):
    """No ``role``: as it is. ``allow`` and ``refuse`` name single permissions."""

    role = OneOf(Role, load_default=None, allow_none=True)
    allow = Permissions()
    refuse = Permissions()
    all_locations = fields.Bool(load_default=False)


class RemoveStaffUserSchema(StaffUserAtSchema):
    all_locations = fields.Bool(load_default=False)


class PlacesSchema(Schema):
    user_id = Id(required=True)
    places = fields.List(
        fields.Nested(AtPlaceSchema), required=True, validate=validate.Length(min=1, max=100)
    )


class CopyRightSchema(StaffUserAtSchema, PlacesSchema):
    """``places`` are those to which the right is copied."""


class InviteStaffSchema(AtPlaceSchema):
    email = fields.Email(required=True, validate=[validate.Length(max=255), printable])
    role = OneOf(Role, load_default=Role.STAFF)
    allow = Permissions()
    refuse = Permissions()
    all_locations = fields.Bool(load_default=False)
    locale = Text(20, load_default="", allow_none=True)


class WithdrawInvitationSchema(AtPlaceSchema):
    invitation_id = Id(required=True)


class AcceptInvitationSchema(Schema):
    """Name and password of a new user; who has an account already needs neither."""

    token = Text(100, required=True)
    name = Text(255, load_default="")
    password = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=1000))


class OfBusinessSchema(Schema):
    business_id = Id(required=True)


class PartnerKeySchema(OfBusinessSchema):
    title = Text(255)
    scopes = fields.List(OneOf(Scope, required=True))
    rate_per_second = Rate(MOST_A_SECOND)
    rate_per_minute = Rate(MOST_A_MINUTE)


class CreatePartnerKeySchema(PartnerKeySchema):
    title = Text(255, required=True)


class ChangePartnerKeySchema(PartnerKeySchema):
    key_id = Id(required=True)


class OnePartnerKeySchema(OfBusinessSchema):
    key_id = Id(required=True)


class RotatePartnerKeySchema(OnePartnerKeySchema):
    overlap_seconds = fields.Int(
        load_default=24 * 3600, validate=validate.Range(min=0, max=90 * 24 * 3600)
    )


class GetCodeTextSchema(Schema):
    """By which ``medium`` it is about to be sent: a letter has a code of its own."""

    challenge_id = Text(36, shortest=1, required=True)
    medium = fields.Enum(Medium, by_value=True, load_default=None, allow_none=True)


class ContactSchema(Schema):
    """The only personal data of an event: what the code is for, and where else it may go."""

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


class UserChangedEventSchema(Schema):
    """An account after the change, as far as others act on it. Nothing of who it is."""

    user_id = fields.Int(required=True)
    notifications_enabled = fields.Bool(
        required=True, metadata={"description": "false: no messages that were not asked for"}
    )


class UserMergedEventSchema(Schema):
    """Which account there is no longer, and which one has become of it."""

    user_id = fields.Int(required=True)
    into_user_id = fields.Int(required=True)


class BookedSchema(Schema):
    """As much of a booked appointment as auth needs."""

    class Meta:
        unknown = EXCLUDE

    proof_id = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=36))


def proof_in(data: dict[str, Any]) -> str | None:
    """The proof that a booking has used up, if there was one."""
    proof_id: str | None = BookedSchema().load(data)["proof_id"]
    return proof_id
