"""Budgets hold, however many ask at once, and nobody waits in a circle."""

import time
from typing import Any

import pytest
from sqlalchemy import select

from services.auth.models import Spending
from services.auth.use_cases import spending
from tests.service.auth.conftest import Auth, at_once
from tests.service.auth.test_auth_budgets import PLENTY, ask, decisions, phone
from tests.service.conftest import NOW


@pytest.fixture
def paid(auth: Auth) -> Auth:
    """An installation in production, where messages cost money."""
    auth.settings = PLENTY
    return auth


def test_of_many_at_once_no_more_are_sent_than_the_budget(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_business": 14}
    answers = at_once(20, lambda number: ask(paid, number, address=f"198.51.100.{number}"))

    assert answers.count("sent") == len(paid.sent()) == 7
    assert answers.count("codes_paused") == 13


def test_of_many_at_once_no_more_go_to_a_destination_than_is_usual(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_unused_per_prefix": 6}
    answers = at_once(20, lambda number: ask(paid, number, address=f"198.51.100.{number}"))

    assert answers.count("sent") == len(paid.sent()) == 6
    assert decisions(paid) == {"prefix +3361 7": 14, "sent +3361 7": 6}


def test_of_many_at_once_an_address_sends_no_more_than_its_own(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_address": 6}

    assert at_once(20, lambda number: ask(paid, number)).count("sent") == 6


def test_codes_sent_and_used_at_once_lock_nobody_out(paid: Auth) -> None:
    """Sending and using take the same locks in the same order."""
    codes = [paid.get_code(phone(number)) for number in range(10)]

    def either(number: int) -> Any:
        if number < 10:
            return paid.prove(codes[number], phone(number), after=60)["phone"]
        return ask(paid, number, after=60)

    answers = at_once(20, either)
    assert answers == [phone(number) for number in range(10)] + ["sent"] * 10


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_budget_that_is_read_and_then_written_is_exceeded(
    paid: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would be without the one statement that counts."""

    def careless(session: Any, business_id: int, budgets: Any, **_: Any) -> None:
        found = session.scalar(select(Spending.sent)) or 0
        time.sleep(0.2)
        if found >= budgets.per_business:
            raise spending.Declined(spending.Decision.BUSINESS, 1)
        if found:
            session.query(Spending).update({"sent": found + 1})
        else:
            session.add(Spending(business_id=7, hour=NOW, sent=1, to_strangers=0))

    paid.settings = PLENTY | {"codes_per_business": 5}
    ask(paid, 99)
    monkeypatch.setattr(spending, "_charge", careless)
    monkeypatch.setattr(spending, "_send_to", lambda *_: True)
    answers = at_once(20, lambda number: ask(paid, number, address=f"198.51.100.{number}"))

    assert answers.count("sent") > 5
