"""Signing in: codes, passwords and the people behind them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates, validates_schema

from gateway.wire import documents as doc
from gateway.wire.agreements import Agreements
from gateway.wire.fields import Choice, Code, Id, Query, Request, Secret, Text
from services.common.languages import LANGUAGES

CODE_EXAMPLE: dict[str, Any] = {"phone": "+33612345678", "fullname": "Camille Laurent"}
SIGN_IN_EXAMPLE: dict[str, Any] = {"phone": "+33612345678", "code": "123456"}
LOGIN_EXAMPLE: dict[str, Any] = {"login": "owner@example.com", "password": "correct horse"}

CHANNELS = {
    "sms": dict.fromkeys(LANGUAGES, "SMS"),
    "call": {
        "en": "Phone call",
        "fr": "Appel téléphonique",
        "es": "Llamada telefónica",
        "de": "Anruf",
        "ru": "Звонок",
    },
    "email": {
        "en": "E-mail",
        "fr": "E-mail",
        "es": "Correo electrónico",
        "de": "E-Mail",
        "ru": "Электронная почта",
    },
}


class BookCodeSchema(Request):
    """Where to send a code."""

    phone = Text(load_default="", allow_none=True, metadata={"example": "+33612345678"})
    fullname = Text(load_default=None, allow_none=True)
    agreements = Agreements(
        load_default=list,
        allow_none=True,
        metadata={"description": "Texts accepted: see `privacy_policy` and `bookform`"},
    )
    channel = Choice(
        "",
        *CHANNELS,
        load_default=None,
        allow_none=True,
        metadata={"description": "How to send it: see `book_code/{company_id}/channel`"},
    )


class ChannelQuerySchema(Query):
    """Whose code it would be."""

    phone = Text(load_default="", allow_none=True, metadata={"example": "+33612345678"})


class ChannelSchema(doc.Answer):
    """A way to send a code. One that does not lead to a phone's owner is replaced by another."""

    channel = doc.text("What `book_code` takes as `channel`", enum=list(CHANNELS))
    title = doc.text("For people")


class UserAuthSchema(Request):
    """A phone, and the code that was sent to it."""

    phone = Text(load_default="", allow_none=True, metadata={"example": "+33612345678"})
    code = Code(required=True, metadata={"description": "From the SMS"})
    company_id = Id(
        load_default=0,
        allow_none=True,
        metadata={"description": "Whose country a phone without its country code is of"},
    )

    password = Secret(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Of an account that proved this phone long ago; or let the request "
            "carry a token of it, or name one of its appointments"
        },
    )
    record_id = Id(load_default=0, allow_none=True)
    record_hash = Text(load_default="", allow_none=True, most=64)

    @validates("code")
    def refuse_blank(self, code: str, **_: Any) -> None:
        if not code:
            raise ValidationError("field_missing")


class LoginSchema(Request):
    """What staff sign in with: a password; or, where that is not enough, `uuid` and `code`."""

    login = Text(required=True, metadata={"description": "Phone, e-mail or name of the account"})
    password = Secret(load_default=None, allow_none=True)
    code = Code(load_default=None, allow_none=True, metadata={"description": "From the message"})
    uuid = Text(
        most=36,
        load_default=None,
        allow_none=True,
        metadata={"description": "That the password was answered by"},
    )

    @validates_schema
    def refuse_half(self, data: Mapping[str, Any], **_: Any) -> None:
        needed = ("code",) if data["uuid"] else ("password",)
        if missing := [name for name in needed if not data[name]]:
            raise ValidationError({name: ["field_missing"] for name in missing})


class UserSchema(doc.Answer):
    """Who has signed in, and their token."""

    id = doc.whole()
    user_token = doc.text("For the Authorization header: `Bearer <key>, User <user_token>`")
    name = doc.text()
    phone = doc.text("E.164, or empty")
    login = doc.text()
    email = doc.text()
    avatar = doc.text("URL, or empty")


class ChallengeSchema(doc.Answer):
    """The password was right; now a code is waited for."""

    uuid = doc.text("To be sent back with the code")
    channel = doc.text("By which the code comes: sms, call or email")
    expires_in = doc.whole("Seconds")


class SecondFactorSchema(doc.Answer):
    channel = doc.text("By which the code comes: sms, call or email; empty: none does")


class StaffUserSchema(UserSchema):
    is_approved = doc.flag()
    is_email_confirmed = doc.flag(doc.NOT_KEPT)

    class Meta:
        include = {"0": doc.text("The same as user_token")}


def channel(name: str, language: str) -> dict[str, Any]:
    return {"channel": name, "title": CHANNELS[name][language]}


def code_sent(sent: Mapping[str, Any], message: str = "Created") -> dict[str, Any]:
    """What a page needs to know that waits for a code."""
    return {
        "message": message,
        "code_length": sent["length"],
        "expires_in": sent["expires_in_seconds"],
        "next_send_in": sent["next_send_in_seconds"],
    }


def photo_url(photo: str | None, base: str) -> str:
    """Where a picture is; empty when there is none."""
    return f"{base}/photos/{photo}.jpg" if photo else ""


def user(signed_in: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    """A client who has signed in."""
    known = signed_in["user"]
    return {
        "id": known["id"],
        "user_token": signed_in["token"],
        "name": known["name"] or "",
        "phone": known["phone"] or "",
        "login": known["login"] or "",
        "email": known["email"] or "",
        "avatar": photo_url(known["photo"], base),
    }


def credentials(form: Mapping[str, Any]) -> dict[str, Any]:
    """What ``staff_sign_in`` is told; a code counts only with the answer to a password."""
    if form["uuid"]:
        return {"login": form["login"], "challenge_id": form["uuid"], "code": form["code"]}
    return {"login": form["login"], "password": form["password"]}


def challenge(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "uuid": told["challenge_id"],
        "channel": told["medium"],
        "expires_in": told["expires_in_seconds"],
    }


def staff_user(signed_in: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    """Somebody of the staff who has signed in."""
    return {
        "0": signed_in["token"],
        **user(signed_in, base),
        "is_approved": True,
        "is_email_confirmed": False,
    }
