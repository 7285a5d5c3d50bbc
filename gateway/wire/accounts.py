"""A client's account: getting one, its password, and what it says of its owner."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates

from gateway.wire import documents as doc
from gateway.wire.agreements import Agreements
from gateway.wire.fields import Choice, Code, Flag, Id, Query, Request, Secret, Text
from gateway.wire.sessions import UserSchema, photo_url

SIGN_IN_EXAMPLE: dict[str, Any] = {"login": "camille@example.com", "password": "correct horse"}
SIGN_UP_EXAMPLE: dict[str, Any] = {
    "email": "camille@example.com",
    "password": "correct horse",
    "fullname": "Camille Laurent",
    "terms": True,
}
RESET_EXAMPLE: dict[str, Any] = {"login": "camille@example.com"}
NEW_PASSWORD_EXAMPLE: dict[str, Any] = RESET_EXAMPLE | {
    "code": "123456",
    "new_password": "battery staple",
}
PASSWORD_EXAMPLE: dict[str, Any] = {
    "old_password": "correct horse",
    "new_password": "battery staple",
}
PROFILE_EXAMPLE: dict[str, Any] = {"name": "Camille Laurent", "email": "camille@example.com"}
WHOSE_COUNTRY = {"description": "Whose country a phone without its country code is of"}


def AnyLocation() -> Id:  # noqa: N802  (it stands where a field's class would)
    return Id(load_default=0, allow_none=True, metadata=WHOSE_COUNTRY)


def TextsAccepted() -> Any:  # noqa: N802
    description = "Texts accepted: see `privacy_policy` and `bookform`"
    return Agreements(load_default=list, allow_none=True, metadata={"description": description})


class Login(Request):
    """A client's phone or e-mail address."""

    login = Text(required=True, metadata={"description": "Phone or e-mail address"})
    company_id = AnyLocation()


class Accepting(Login):
    """Somebody who signs in, and what they accept with it."""

    agreements = TextsAccepted()


class BookingAuthSchema(Accepting):
    """What a client with a password signs in with."""

    password = Secret(required=True)


class PasswordResetSchema(Login):
    """Whose password was forgotten."""


class NewPasswordSchema(Accepting):
    """A new password, and the code that was sent."""

    code = Code(required=True)
    new_password = Secret(required=True)


class ChangePasswordSchema(Request):
    """Who has no password yet leaves the old one out."""

    old_password = Secret(least=0, load_default="", allow_none=True)
    new_password = Secret(required=True)


class SignUpSchema(Request):
    """An account by e-mail; name and address may be those of an appointment."""

    email = Text(load_default="", allow_none=True)
    password = Secret(required=True)
    fullname = Text(load_default="", allow_none=True)
    terms = Flag(
        required=True,
        metadata={"description": "Accepted; `agreements` says which version of a text"},
    )
    company_id = Id(load_default=0, allow_none=True)
    agreements = TextsAccepted()
    record_id = Id(load_default=0, allow_none=True)
    record_hash = Text(load_default="", allow_none=True, most=64)

    @validates("terms")
    def refuse_without(self, terms: bool, **_: Any) -> None:
        if not terms:
            raise ValidationError("terms_not_accepted")


class PhoneConfirmationSchema(Query):
    """Which phone is to be the account's."""

    phone = Text(load_default="")
    company_id = AnyLocation()
    group_id = Id(load_default=0, allow_none=True)


class EmailConfirmationSchema(Query):
    """Which e-mail address is to be the account's."""

    email = Text(load_default="")


class ProfileChangesSchema(Request):
    """What is to be different; what is not given stays as it is."""

    name = Text(load_default=None, allow_none=True)
    phone = Text(load_default=None, allow_none=True)
    confirmation_code = Code(
        load_default=None,
        allow_none=True,
        metadata={"description": "For another phone: from `booking/user/phone_confirmation`"},
    )
    email = Text(load_default=None, allow_none=True)
    email_confirmation_code = Code(
        load_default=None,
        allow_none=True,
        metadata={"description": "For another e-mail: from `booking/user/email_confirmation`"},
    )
    company_id = AnyLocation()
    language = Text(load_default=None, allow_none=True, most=3, metadata={"example": "fr"})
    date_format = Choice("dmy", "mdy", "ymd", load_default=None, allow_none=True)
    time_format = Choice("24h", "12h", load_default=None, allow_none=True)
    notifications = Flag(load_default=None, allow_none=True)


class PrefillSchema(doc.Answer):
    """What the next booking can be filled in with."""

    name = doc.text()
    phone = doc.text()
    email = doc.text()
    custom_fields = doc.mapping("What was last answered to a form's own questions")


class ProfileSchema(UserSchema):
    """Whose account it is."""

    is_email_confirmed = doc.flag()
    has_password = doc.flag()
    language = doc.text("Empty: as the request asks")
    date_format = doc.text("dmy, mdy or ymd; empty: as the language has it")
    time_format = doc.text("24h or 12h; empty: as the language has it")
    notifications = doc.flag()
    prefill = doc.one(PrefillSchema)

    class Meta:
        include = {"0": doc.text("The same as user_token")}


class AvatarSchema(doc.Answer):
    avatar = doc.text("URL")


def changes(form: Mapping[str, Any], country_code: str | None) -> dict[str, Any]:
    """A change of the profile, in our words."""
    return {
        "name": form["name"],
        "phone": form["phone"] or None,
        "country_code": country_code,
        "phone_code": form["confirmation_code"] or None,
        "email": form["email"],
        "email_code": form["email_confirmation_code"] or None,
        "language": form["language"] or None,
        "date_format": form["date_format"],
        "time_format": form["time_format"],
        "notifications_enabled": form["notifications"],
    }


def profile(
    known: Mapping[str, Any], answers: Mapping[str, Any], *, token: str, base: str = ""
) -> dict[str, Any]:
    """Somebody's account, and what they last answered when booking."""
    name, phone, email = known["name"], known["phone"] or "", known["email"] or ""
    return {
        "0": token,
        "id": known["id"],
        "user_token": token,
        "name": name,
        "phone": phone,
        "login": known["login"] or "",
        "email": email,
        "avatar": photo_url(known["photo"], base),
        "is_email_confirmed": known["is_email_proven"],
        "has_password": known["has_password"],
        "language": known["language"] or "",
        "date_format": known["date_format"] or "",
        "time_format": known["time_format"] or "",
        "notifications": known["notifications_enabled"],
        "prefill": {"name": name, "phone": phone, "email": email, **answers},
    }
