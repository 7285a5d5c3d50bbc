"""Signing in and out."""

from typing import Any

from flask import Response, request

from gateway.access import credentials_of
from gateway.addresses import client_address
from gateway.context import (
    country_of,
    digests,
    gateway,
    locale,
    location_facts,
    public_base,
    rpc,
)
from gateway.openapi import Routes
from gateway.partners import digest_of
from gateway.responses import answer, done
from gateway.wire import sessions as wire
from gateway.wire.agreements import agreements_given
from gateway.wire.sessions import (
    BookCodeSchema,
    ChallengeSchema,
    ChannelQuerySchema,
    ChannelSchema,
    LoginSchema,
    StaffUserSchema,
    UserAuthSchema,
    UserSchema,
)
from gateway.wire.shapes import CODE_SENT, COUNTED
from services.common.errors import Forbidden, NotFound
from services.common.phones import normal_phone

routes = Routes("sessions", __name__, url_prefix="/api/v1", description="Signing in")

LONGEST_DEVICE = 200
FORM = "application/x-www-form-urlencoded"
LOGIN = {"schema": {"$ref": "#/components/schemas/Login"}}


@routes.post("/book_code/<id:company_id>")
@routes.arguments(BookCodeSchema, example=wire.CODE_EXAMPLE)
@routes.answers_nothing(status=201, meta=CODE_SENT)
def book_code(form: dict[str, Any], company_id: int) -> Response:
    """Send a code to a phone: for a booking or for signing in; repeated, it is the same code"""
    facts = location_facts(company_id)
    sent = rpc.command(
        "auth",
        "request_code",
        request={
            "phone": form["phone"] or "",
            "country_code": facts["country_code"],
            "locale": locale(),
            "location_id": company_id,
            "agreements": agreements_given(form),
            "medium": form["channel"] or None,
            "business_id": facts["business_id"],
            "address": client_address(),
            "device": device(),
        },
    )
    return done(201, meta=wire.code_sent(sent))


@routes.get("/book_code/<id:company_id>/channel")
@routes.arguments(ChannelQuerySchema, location="query")
@routes.answers(ChannelSchema, many=True, meta=COUNTED)
def book_code_channel(query: dict[str, Any], company_id: int) -> Response:
    """List the ways a code can be sent, the usual one first; they are the same for every phone"""
    country_code = location_facts(company_id)["country_code"]
    if query["phone"]:
        normal_phone(query["phone"], country_code)
    channels = [wire.channel(name, locale()) for name in _channels()]
    return answer(channels, meta={"count": len(channels)})


@routes.post("/user/auth")
@routes.arguments(UserAuthSchema, example=wire.SIGN_IN_EXAMPLE)
@routes.answers(UserSchema, status=201)
def user_auth(form: dict[str, Any]) -> Response:
    """Sign in as a client, with a phone and the code that was sent to it"""
    with_accounts(form["company_id"])
    phone = form["phone"] or ""
    signed_in = rpc.command(
        "auth",
        "sign_in",
        request={
            "phone": phone,
            "country_code": country_of(phone, form["company_id"]),
            "code": form["code"],
            "device": device(),
            **_second_fact(form),
        },
    )
    return secret(answer(wire.user(signed_in, public_base()), status=201))


@routes.post("/auth")
@routes.doc(requestBody={"required": False, "content": {FORM: LOGIN}})
@routes.arguments(LoginSchema, location="credentials", example=wire.LOGIN_EXAMPLE)
@routes.answers(ChallengeSchema, status=200)
@routes.answers(StaffUserSchema, status=201)
def auth(form: dict[str, Any]) -> Response:
    """Sign in as staff; the credentials may come as JSON, as a form or in the query

    Who has a second factor is answered 200 with a `uuid`, which goes on with
    `{login, code, uuid}`.
    """
    signed_in = rpc.command(
        "auth", "staff_sign_in", request={**wire.credentials(form), **sending()}
    )
    if "challenge" in signed_in:
        return secret(answer(wire.challenge(signed_in["challenge"])))
    return secret(answer(wire.staff_user(signed_in, public_base()), status=201))


@routes.delete("/user/session")
@routes.answers_nothing(status=204)
def sign_out() -> Response:
    """Sign out: the token of this request is dead"""
    rpc.command("auth", "sign_out", request={"user_digest": digests().user})
    gateway().identities.forget(digests())
    return done(204)


def _channels() -> list[str]:
    """How codes can be sent here."""
    return gateway().code_channels.get(
        "all", lambda: rpc.call("notify", "list_code_channels")["channels"]
    )


def with_accounts(location_id: int) -> None:
    """``client_accounts_off`` where the business has none for its clients."""
    if location_id and not location_facts(location_id)["client_accounts"]:
        raise Forbidden("client_accounts_off")


def _second_fact(form: dict[str, Any]) -> dict[str, Any]:
    """What somebody who signs in by phone knows of an account that had it long ago."""
    token = credentials_of(request.headers.get("Authorization")).user_token
    return {
        "password": form["password"],
        "user_digest": digest_of(token) if token else None,
        "owner_id": _owner_of(form["record_id"], form["record_hash"]),
    }


def _owner_of(record_id: int, record_hash: str) -> int | None:
    """Whose appointment it is that they know the hash of; a wrong one is none."""
    if not (record_id and record_hash):
        return None
    try:
        told = rpc.call(
            "booking", "get_appointment_owner", appointment_id=record_id, hash=record_hash
        )
    except NotFound:
        return None
    owner: int | None = told["user_id"]
    return owner


def sending(location_id: int | None = None) -> dict[str, Any]:
    """In which language a code is wished, from where, and at whose expense."""
    return {
        "locale": locale(),
        "address": client_address(),
        "device": device(),
        "business_id": location_facts(location_id)["business_id"] if location_id else None,
    }


def device() -> str | None:
    """How the caller's program calls itself."""
    named = request.headers.get("User-Agent", "")[:LONGEST_DEVICE]
    return named if named.isprintable() and named else None


def secret(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
