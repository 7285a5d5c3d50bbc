"""Signing in: codes, passwords and the people behind them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates

from gateway.wire import documents as doc
from gateway.wire.agreements import Agreements
from gateway.wire.fields import Choice, Code, Id, Query, Request, Secret, Text

CODE_EXAMPLE: dict[str, Any] = {"phone": "+33612345678", "fullname": "Camille Laurent"}
SIGN_IN_EXAMPLE: dict[str, Any] = {"phone": "+33612345678", "code": "123456"}
LOGIN_EXAMPLE: dict[str, Any] = {"login": "owner@example.com", "password": "correct horse"}

CHANNELS = {
    "sms": {"en": "SMS", "fr": "SMS"},
    "call": {"en": "Phone call", "fr": "Appel téléphonique"},
    "email": {"en": "E-mail", "fr": "E-mail"},
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
    """What staff sign in with."""

    login = Text(required=True, metadata={"description": "Phone, e-mail or name of the account"})
    password = Secret(required=True)


class UserSchema(doc.Answer):
    """Who has signed in, and their token."""

    id = doc.whole()
    user_token = doc.text("For the Authorization header: `Bearer <key>, User <user_token>`")
    name = doc.text()
    phone = doc.text("E.164, or empty")
    login = doc.text()
    email = doc.text()
    avatar = doc.text("URL, or empty")


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


def staff_user(signed_in: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    """Somebody of the staff who has signed in."""
    return {
        "0": signed_in["token"],
        **user(signed_in, base),
        "is_approved": True,
        "is_email_confirmed": False,
    }
