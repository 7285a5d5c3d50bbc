"""An account that loses its phone or address while somebody waits for it: they look again."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from services.auth.models import User
from services.auth.use_cases import passwords, people
from services.common.errors import NotFound
from tests.service.auth.conftest import (
    EMAIL,
    OTHER_EMAIL,
    OTHER_PASSWORD,
    OTHER_PHONE,
    PHONE,
    Auth,
    refused,
)

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])

Meanwhile = Callable[..., None]


@pytest.fixture
def meanwhile(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """``meanwhile(people, "with_phone", phone=None)``: so it is, right after that has found it."""

    def arrange(module: Any, finder: str, **values: Any) -> None:
        find = getattr(module, finder)

        def find_and_change(*arguments: Any) -> User | None:
            found: User | None = find(*arguments)
            if found is not None:
                with auth.database.write() as other:
                    other.execute(update(User).where(User.id == found.id).values(**values))
            return found

        monkeypatch.setattr(module, finder, find_and_change)

    return arrange


def test_who_proves_its_number_gets_an_account_of_their_own(
    auth: Auth, meanwhile: Meanwhile
) -> None:
    first = auth.sign_in(auth.get_code())["user"]["id"]
    code = auth.get_code(after=60)
    meanwhile(people, "with_phone", phone=None, phone_proven_at=None)

    assert auth.sign_in(code, after=61)["user"]["id"] != first
    assert auth.users()[first].phone is None


def test_it_is_not_merged_for_a_number_that_it_has_no_more(
    auth: Auth, meanwhile: Meanwhile
) -> None:
    holder = auth.sign_in(auth.get_code())["user"]["id"]
    user_id = auth.sign_in(auth.get_code(OTHER_PHONE), OTHER_PHONE)["user"]["id"]
    meanwhile(people, "with_phone", phone="+33612345670")

    auth.take_phone(user_id, PHONE, after=61)
    assert auth.users()[user_id].phone == PHONE
    kept = auth.users()[holder]
    assert (kept.phone, kept.merged_into_id) == ("+33612345670", None)


def test_nor_for_an_address(auth: Auth, meanwhile: Meanwhile) -> None:
    holder = auth.add_account()
    user_id = auth.sign_in(auth.get_code())["user"]["id"]
    auth.worker(61)
    meanwhile(people, "with_email", email=OTHER_EMAIL)

    auth.take_email(user_id, EMAIL, after=61)
    assert auth.users()[user_id].email == EMAIL
    kept = auth.users()[holder]
    assert (kept.email, kept.merged_into_id) == (OTHER_EMAIL, None)


def test_its_password_is_not_reset_by_a_number_that_it_has_no_more(
    auth: Auth, meanwhile: Meanwhile
) -> None:
    auth.take_phone(auth.add_account(), PHONE, after=60)
    worker = auth.worker(200)
    worker.request_password_reset(request={"login": PHONE})
    code = auth.last_text(after=200)["code"]
    meanwhile(passwords, "with_login", phone=None, phone_proven_at=None)

    with refused("account_not_found", NotFound):
        worker.reset_password(request={"login": PHONE, "code": code, "password": OTHER_PASSWORD})
    assert auth.enter(after=201)
