"""A client's account: passwords, accounts by e-mail, and the profile."""

import base64
from typing import Any

from flask import Response, request

from gateway.access import credentials_of
from gateway.addresses import client_address
from gateway.context import country_of, digests, gateway, public_base, rpc
from gateway.openapi import Routes
from gateway.photos import LARGEST_FILE, portrait
from gateway.responses import answer, done
from gateway.routes.sessions import device, secret, sending, with_accounts
from gateway.wire import accounts as wire
from gateway.wire import sessions
from gateway.wire.accounts import (
    AvatarSchema,
    BookingAuthSchema,
    ChangePasswordSchema,
    EmailConfirmationSchema,
    NewPasswordSchema,
    PasswordResetSchema,
    PhoneConfirmationSchema,
    ProfileChangesSchema,
    ProfileSchema,
    SignUpSchema,
)
from gateway.wire.agreements import agreements_given
from gateway.wire.sessions import UserSchema
from gateway.wire.shapes import CODE_SENT, CREATED
from services.common.errors import Invalid

routes = Routes("accounts", __name__, url_prefix="/api/v1", description="A client's account")

ACCEPTED = {"message": "Accepted"}
PHOTO = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["photo"],
            "properties": {"photo": {"type": "string", "format": "binary"}},
        }
    }
}


@routes.post("/booking/auth")
@routes.arguments(BookingAuthSchema, example=wire.SIGN_IN_EXAMPLE)
@routes.answers(UserSchema, status=201)
def booking_auth(form: dict[str, Any]) -> Response:
    """Sign in as a client, with a phone or e-mail address and a password"""
    with_accounts(form["company_id"])
    asked = {**_login(form), **_accepted(form), "password": form["password"], "device": device()}
    signed_in = rpc.command("auth", "sign_in_with_password", request=asked)
    return secret(answer(sessions.user(signed_in, public_base()), status=201))


@routes.post("/booking/account")
@routes.arguments(SignUpSchema, example=wire.SIGN_UP_EXAMPLE)
@routes.answers_nothing(status=202, meta=CODE_SENT)
def sign_up(form: dict[str, Any]) -> Response:
    """Ask for an account by e-mail; the letter says whether there is one already"""
    contact = _contact_of(form["record_id"], form["record_hash"])
    sent = rpc.command(
        "auth",
        "sign_up",
        request={
            "email": form["email"] or contact.get("email") or "",
            "password": form["password"],
            "name": form["fullname"] or contact.get("name") or "",
            **_accepted(form),
            **sending(form["company_id"]),
        },
    )
    return done(202, meta=sessions.code_sent(sent, "Accepted"))


@routes.post("/booking/password")
@routes.arguments(PasswordResetSchema, example=wire.RESET_EXAMPLE)
@routes.answers_nothing(status=202, meta=CODE_SENT)
def forgot_password(form: dict[str, Any]) -> Response:
    """Have a code sent with which to choose a new password"""
    asked = {**_login(form), **sending(form["company_id"])}
    sent = rpc.command("auth", "request_password_reset", request=asked)
    return done(202, meta=sessions.code_sent(sent, "Accepted"))


@routes.put("/booking/password")
@routes.arguments(NewPasswordSchema, example=wire.NEW_PASSWORD_EXAMPLE)
@routes.answers(UserSchema)
def reset_password(form: dict[str, Any]) -> Response:
    """Choose a new password with the code; whoever was signed in is signed out"""
    asked = {
        **_login(form),
        **_accepted(form),
        "code": form["code"],
        "password": form["new_password"],
        "device": device(),
    }
    signed_in = rpc.command("auth", "reset_password", request=asked)
    return secret(answer(sessions.user(signed_in, public_base())))


@routes.put("/booking/user/password")
@routes.arguments(ChangePasswordSchema, example=wire.PASSWORD_EXAMPLE)
@routes.answers(UserSchema)
def change_password(form: dict[str, Any]) -> Response:
    """Choose another password; all tokens are dead but the one in the answer"""
    signed_in = rpc.command("auth", "change_password", request={**form, "device": device()})
    gateway().identities.forget(digests())
    return secret(answer(sessions.user(signed_in, public_base())))


@routes.get("/booking/user/data")
@routes.answers(ProfileSchema)
def user_data() -> Response:
    """The signed-in client's account, and what to fill the next booking in with"""
    known = rpc.call("auth", "get_profile")
    answers = rpc.call("booking", "get_last_answers", business_id=None)
    token = credentials_of(request.headers.get("Authorization")).user_token or ""
    return secret(answer(wire.profile(known, answers, token=token, base=public_base())))


@routes.put("/booking/user")
@routes.arguments(ProfileChangesSchema, example=wire.PROFILE_EXAMPLE)
@routes.answers_nothing(status=202, meta=CREATED)
def change_user(form: dict[str, Any]) -> Response:
    """Change the account; another phone or a proven e-mail needs the code that was sent to it"""
    country_code = country_of(form["phone"] or "+", form["company_id"])
    rpc.command("auth", "change_profile", request=wire.changes(form, country_code))
    gateway().identities.forget(digests())
    return done(202, meta=ACCEPTED)


@routes.post("/booking/user/photo")
@routes.doc(requestBody={"required": True, "content": PHOTO})
@routes.answers(AvatarSchema, status=201)
def change_photo() -> Response:
    """Change one's picture: a JPEG, PNG, WebP or GIF of up to 8 MiB; it is redrawn small"""
    request.max_content_length = LARGEST_FILE
    file = request.files.get("photo")
    if file is None:
        raise Invalid("field_missing", fields={"photo": "field_missing"})
    content = base64.b64encode(portrait(file.stream)).decode()
    known = rpc.command("auth", "change_photo", request={"content": content})
    return answer({"avatar": sessions.photo_url(known["photo"], public_base())}, status=201)


@routes.delete("/booking/user/photo")
@routes.answers_nothing(status=204)
def delete_photo() -> Response:
    """Take one's picture away"""
    rpc.command("auth", "change_photo", request={"content": None})
    return done(204)


@routes.get("/booking/user/phone_confirmation")
@routes.arguments(PhoneConfirmationSchema, location="query")
@routes.answers_nothing(status=202, meta=CODE_SENT)
def phone_confirmation(query: dict[str, Any]) -> Response:
    """Have a code sent to the phone that is to be the account's"""
    phone = query["phone"]
    asked = {
        "phone": phone,
        "country_code": country_of(phone, query["company_id"]),
        **sending(query["company_id"]),
    }
    sent = rpc.command("auth", "request_phone_change", request=asked)
    return done(202, meta=sessions.code_sent(sent, "Accepted"))


@routes.get("/booking/user/email_confirmation")
@routes.arguments(EmailConfirmationSchema, location="query")
@routes.answers_nothing(status=202, meta=CODE_SENT)
def email_confirmation(query: dict[str, Any]) -> Response:
    """Have a code sent to the e-mail address that is to be the account's"""
    asked = {"email": query["email"], **sending()}
    sent = rpc.command("auth", "request_email_change", request=asked)
    return done(202, meta=sessions.code_sent(sent, "Accepted"))


def _login(form: dict[str, Any]) -> dict[str, Any]:
    login = form["login"]
    country_code = None if "@" in login else country_of(login, form["company_id"])
    return {"login": login, "country_code": country_code}


def _accepted(form: dict[str, Any]) -> dict[str, Any]:
    return {
        "location_id": form["company_id"] or None,
        "agreements": agreements_given(form),
        "address": client_address(),
    }


def _contact_of(record_id: int, record_hash: str) -> dict[str, Any]:
    """Name and e-mail that an appointment was booked with, for whoever knows its hash."""
    if not (record_id and record_hash):
        return {}
    booked = rpc.call("booking", "get_appointment", appointment_id=record_id, hash=record_hash)
    contact: dict[str, Any] = booked["client"] or {}
    return contact
