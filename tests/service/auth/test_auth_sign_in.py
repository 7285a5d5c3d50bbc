"""Signing in with a code, who a token is, and signing out."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from services.auth.models import PartnerKey
from services.auth.use_cases.partner_keys import create_partner_key, revoke_partner_key
from services.common.errors import Invalid, Unauthenticated
from tests.service.auth.conftest import MINUTES, OTHER_PHONE, PHONE, Auth, refused
from tests.service.conftest import NOW

WEB_KEY = {
    "id": 1,
    "title": "Web",
    "business_ids": None,
    "scopes": ["booking", "client", "staff"],
    "rate_per_second": None,
    "rate_per_minute": None,
}


def digest(secret: str) -> str:
    """What the gateway sends instead of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@pytest.fixture
def key(auth: Auth) -> str:
    with auth.database.write() as session:
        return create_partner_key(session, title="Web", now=NOW)[1]


def identify(auth: Auth, key: str, token: str | None = None, *, after: float = 0) -> Any:
    return auth.worker(after, viewer={}).identify(
        partner_digest=digest(key), user_digest=digest(token) if token else None
    )


def sign_out(auth: Auth, token: str) -> Any:
    return auth.worker().sign_out(request={"user_digest": digest(token)})


def test_a_new_client_is_known_by_the_proven_phone(auth: Auth) -> None:
    signed_in = auth.sign_in(auth.get_code())

    assert signed_in["user"] == {
        "id": 1,
        "kind": "client",
        "phone": PHONE,
        "name": "",
        "email": None,
        "login": PHONE,
        "photo": None,
    }


def test_who_comes_again_is_the_same_user_with_another_token(auth: Auth) -> None:
    first = auth.sign_in(auth.get_code())
    again = auth.sign_in(auth.get_code(after=60), after=61)
    other = auth.sign_in(auth.get_code(OTHER_PHONE), OTHER_PHONE)

    assert again["user"] == first["user"]
    assert other["user"]["id"] != first["user"]["id"]
    assert len({first["token"], again["token"], other["token"]}) == 3


def test_the_same_code_does_not_sign_in_twice(auth: Auth) -> None:
    code = auth.get_code()
    auth.sign_in(code)

    for act in (auth.sign_in, auth.prove):
        with refused("code_incorrect"):
            act(code)
    assert auth.count("sessions") == 1


def test_a_code_that_proved_the_phone_may_still_sign_in(auth: Auth) -> None:
    code = auth.get_code()
    auth.prove(code)

    assert auth.sign_in(code, after=5 * MINUTES)["user"]["phone"] == PHONE


def test_tokens_are_long_and_fit_into_the_header(auth: Auth) -> None:
    token = auth.sign_in(auth.get_code())["token"]

    assert len(token) >= 64 and token.isascii() and token.isidentifier()


def test_only_the_digest_of_a_token_is_kept(auth: Auth) -> None:
    token = auth.sign_in(auth.get_code())["token"]

    assert token not in str(auth.dump())
    assert digest(token) in str(auth.dump()["sessions"])


def test_a_token_says_who_comes(auth: Auth, key: str) -> None:
    token = auth.sign_in(auth.get_code())["token"]

    assert identify(auth, key) == {"partner": WEB_KEY, "user": None}
    assert identify(auth, key, token) == {
        "partner": WEB_KEY,
        "user": {
            "id": 1,
            "kind": "client",
            "phone": PHONE,
            "phone_is_fresh": True,
            "name": "",
            "email": None,
            "language": None,
            "rights": [],
        },
    }


@pytest.mark.parametrize("unknown", ["0" * 64, "%" * 64, "é" * 64])
def test_an_unknown_token_is_nobodys(auth: Auth, key: str, unknown: str) -> None:
    auth.sign_in(auth.get_code())

    with refused("session_unknown", Unauthenticated):
        auth.worker().identify(partner_digest=digest(key), user_digest=unknown)


def test_the_digest_is_no_token_itself(auth: Auth, key: str) -> None:
    token = auth.sign_in(auth.get_code())["token"]

    with refused("session_unknown", Unauthenticated):
        identify(auth, key, digest(token))


def test_a_token_is_no_partner_key_nor_the_other_way_round(auth: Auth, key: str) -> None:
    token = auth.sign_in(auth.get_code())["token"]

    with refused("partner_key_unknown", Unauthenticated):
        identify(auth, token)
    with refused("session_unknown", Unauthenticated):
        identify(auth, key, key)


def test_a_token_is_of_no_use_with_a_revoked_key(auth: Auth, key: str) -> None:
    token = auth.sign_in(auth.get_code())["token"]
    with auth.database.write() as session:
        key_id = session.scalars(select(PartnerKey.id)).one()
        revoke_partner_key(session, key_id=key_id, now=NOW)

    with refused("partner_key_unknown", Unauthenticated):
        identify(auth, key, token)


def test_who_has_signed_out_is_unknown_at_once(auth: Auth, key: str) -> None:
    phone, tablet = auth.sign_in(auth.get_code()), auth.sign_in(auth.get_code(after=60), after=60)
    assert sign_out(auth, phone["token"]) == {}

    with refused("session_unknown", Unauthenticated):
        identify(auth, key, phone["token"])
    assert identify(auth, key, tablet["token"])["user"]["id"] == 1


def test_signing_out_twice_or_with_an_unknown_token_is_as_well(auth: Auth) -> None:
    token = auth.sign_in(auth.get_code())["token"]
    sign_out(auth, token)
    before = auth.dump()

    assert sign_out(auth, token) == {}
    assert sign_out(auth, "unknown") == {}
    assert auth.dump() == before


@pytest.mark.parametrize("wrong", ["", "short", "0" * 65, None, 7, "\x00" * 64])
def test_a_digest_of_a_wrong_shape_is_refused(auth: Auth, wrong: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        auth.worker().sign_out(request={"user_digest": wrong})
    assert refusal.value.code == "validation_failed"


def test_nobody_signs_in_without_a_partner(auth: Auth) -> None:
    code = auth.get_code()
    with refused("partner_key_missing", Unauthenticated):
        auth.worker(viewer={}).sign_in(request={"phone": PHONE, "code": code})


def test_the_session_remembers_partner_and_device(auth: Auth) -> None:
    auth.sign_in(auth.get_code(partner_id=2), partner_id=2)

    [row] = auth.dump()["sessions"]
    assert {2, "iPhone", NOW} <= set(row)
