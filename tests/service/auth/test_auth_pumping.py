"""Pumped messages: what they cost is bounded, and people get their codes all the same."""

from collections import Counter

import pytest
from sqlalchemy import select

from services.auth.models import CodeDecision, Spending
from tests.service.auth.conftest import Auth
from tests.service.auth.pumping import BUSINESS, PEOPLE, PUMPED, Attack

BUDGET = 300
HOUR = 3600.0
STRANGERS = BUDGET // 2


@pytest.fixture
def paid(auth: Auth) -> Auth:
    """An installation in production with the budgets it has by default."""
    auth.settings = {"env": "production"}
    return auth


def spent(auth: Auth) -> dict[float, int]:
    """Codes of the business by hour."""
    with auth.database.read() as session:
        rows = session.scalars(select(Spending).where(Spending.business_id == BUSINESS))
        return {row.hour.timestamp(): row.sent for row in rows}


def sent_to(auth: Auth) -> Counter[str]:
    """Codes that were really sent, by prefix: each is one message."""
    phones = [event.data["contact"]["phone"] for event in auth.sent()]
    return Counter(
        next(prefix for prefix in (*PUMPED, *PEOPLE) if phone.startswith(prefix))
        for phone in phones
    )


def decided(auth: Auth) -> int:
    with auth.database.read() as session:
        return sum(session.scalars(select(CodeDecision.count)))


def check(auth: Auth, attack: Attack) -> None:
    sent = sent_to(auth)
    pumped = sum(sent[prefix] for prefix in attack.pumped)
    assert max(spent(auth).values()) <= BUDGET
    assert pumped == attack.outcomes["sent"] <= STRANGERS * len(spent(auth))
    assert attack.refused == []
    assert sum(attack.served.values()) == attack.people
    assert decided(auth) == attack.requests + attack.people


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_attack_over_many_ranges_costs_half_the_budget_and_locks_nobody_out(
    paid: Auth,
) -> None:
    attack = Attack(requests=450, origins=250, seconds=HOUR - 60, people=30)
    attack.run(paid)

    check(paid, attack)
    assert attack.outcomes["sent"] == STRANGERS - len(PEOPLE)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_attack_on_one_range_costs_no_more_than_what_is_usual_there(paid: Auth) -> None:
    attack = Attack(requests=150, origins=120, seconds=HOUR - 60, people=9, pumped=PUMPED[:1])
    attack.run(paid)

    check(paid, attack)
    assert attack.outcomes["sent"] <= 50 + 3 * 5


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_budgets_the_same_attack_has_everything_sent(auth: Auth) -> None:
    """The negative control: in development nothing holds it off."""
    attack = Attack(requests=400, origins=400, seconds=HOUR - 60, people=6)
    attack.run(auth)

    assert attack.outcomes["sent"] > 2 * STRANGERS


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
def test_a_hundred_thousand_requests_from_ten_thousand_addresses(paid: Auth) -> None:
    attack = Attack(requests=100_000, origins=10_000, seconds=3 * HOUR - 60, people=300)
    attack.run(paid)
    print(  # noqa: T201  (the figures)
        f"sent by hour: {sorted(spent(paid).values())}, to attackers: {attack.outcomes},"
        f" people served: {attack.served}"
    )

    check(paid, attack)
