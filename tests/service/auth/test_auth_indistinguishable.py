"""Nobody learns from an answer, its statements or its time whether a number has an account."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from services.auth.models import Kind, User
from services.auth.use_cases import codes
from services.auth.use_cases.hashes import hash_of
from services.common.errors import Refusal
from tests.likeness import likeness, times_of
from tests.service.auth.conftest import Auth
from tests.service.conftest import NOW

ROUNDS = 60
PASSWORD_HASH = hash_of("correct horse battery")
Ask = Callable[[Auth, str], Any]


def known(number: int) -> str:
    return f"+33612{number:06d}"


def unknown(number: int) -> str:
    return f"+33698{number:06d}"


@pytest.fixture
def auth(auth: Auth) -> Auth:
    """An installation in production, half of whose numbers have an account with an e-mail."""
    auth.settings = {
        "env": "production",
        "codes_per_business": 10_000,
        "codes_per_address": 1000,
        "codes_unused_per_prefix": 10_000,
        "password_sign_in": True,
    }
    with auth.database.write() as session:
        for number in range(2 * ROUNDS):
            session.add(an_account(number))
    return auth


def address_of(phone: str) -> str:
    return f"somebody{phone[1:]}@example.com"


def an_account(number: int) -> User:
    return User(
        kind=Kind.CLIENT,
        phone=known(number),
        name="Ann",
        email=address_of(known(number)),
        email_proven_at=NOW,
        phone_proven_at=NOW,
        password_hash=PASSWORD_HASH,
        created_at=NOW,
    )


def answer_of(ask: Ask, auth: Auth, phone: str) -> Any:
    """The answer or the refusal."""
    try:
        return ask(auth, phone)
    except Refusal as refusal:
        return refusal.code, refusal.fields, refusal.params


def request_by_sms(auth: Auth, phone: str) -> Any:
    return auth.request_code(phone, business_id=7, address=f"198.51.100.{phone[-2:]}")


def request_by_email(auth: Auth, phone: str) -> Any:
    return auth.request_code(phone, medium="email", business_id=7)


def sign_in_without_a_code(auth: Auth, phone: str) -> Any:
    return auth.sign_in("000000", phone)


def sign_in_with_a_wrong_code(auth: Auth, phone: str) -> Any:
    return auth.sign_in("000000", phone, after=60)


def sign_in_with_a_password(auth: Auth, phone: str) -> Any:
    request = {"login": phone, "country_code": None, "password": "wrong one", "device": None}
    return auth.worker().sign_in_with_password(request=request)


def sign_in_with_an_email(auth: Auth, phone: str) -> Any:
    """The address that a known number's account has; of an unknown number, one that is nobody's."""
    return sign_in_with_a_password(auth, address_of(phone))


ASKING: dict[str, Ask] = {
    "book_code": request_by_sms,
    "book_code by e-mail": request_by_email,
    "user/auth without a code": sign_in_without_a_code,
    "booking/auth by phone": sign_in_with_a_password,
    "booking/auth by e-mail": sign_in_with_an_email,
}


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_the_answer_and_its_statements_are_the_same(auth: Auth, ask: Ask) -> None:
    answer_of(ask, auth, known(ROUNDS))  # what comes first makes rows that others find
    answer_of(ask, auth, unknown(ROUNDS))
    with auth.statements() as for_known:
        told = answer_of(ask, auth, known(0))
    with auth.statements() as for_unknown:
        assert answer_of(ask, auth, unknown(0)) == told

    assert for_known == for_unknown


def test_so_they_are_where_a_code_was_asked_for(auth: Auth) -> None:
    for phone in (known(0), unknown(0)):
        request_by_sms(auth, phone)
    with auth.statements() as for_known:
        told = answer_of(sign_in_with_a_wrong_code, auth, known(0))
    with auth.statements() as for_unknown:
        assert answer_of(sign_in_with_a_wrong_code, auth, unknown(0)) == told

    assert for_known == for_unknown


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_the_time_it_takes_does_not_tell_them_apart(auth: Auth, ask: Ask) -> None:
    for_known, for_unknown = times_of(
        ROUNDS,
        lambda number: answer_of(ask, auth, known(number)),
        lambda number: answer_of(ask, auth, unknown(number)),
    )

    found = likeness(for_known, for_unknown)
    assert not found.can_be_told_apart, found


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_careless_service_would_be_found_out(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: one more thing is done for those who have an account."""
    look_up = codes._other_address

    def careless(session: Any, aim: codes.Aim) -> str | None:
        found = look_up(session, aim)
        if aim.recipient.startswith("+33612"):
            time.sleep(0.02)
        return found

    monkeypatch.setattr(codes, "_other_address", careless)
    for_known, for_unknown = times_of(
        ROUNDS,
        lambda number: request_by_sms(auth, known(number)),
        lambda number: request_by_sms(auth, unknown(number)),
    )

    assert likeness(for_known, for_unknown).can_be_told_apart
