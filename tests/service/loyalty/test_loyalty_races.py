"""Events that come at the same moment, on PostgreSQL, where writers do not queue by themselves.

And the proof that it is the locks that help: without them the same races break the laws.
"""

import random
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.loyalty.models import Account, Card, VisitRecord
from services.loyalty.use_cases import cashback, visits
from tests.service.conftest import NewDatabase, at_once
from tests.service.loyalty.conftest import Chain, Envelope, an_event

ROUNDS = 5
CROWD = 12


@pytest.fixture(params=["postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


def hear_at_once(chain: Chain, events: Iterable[Envelope]) -> None:
    tasks = [lambda event=event: chain.hear(event) for event in events]
    assert [answer for answer in at_once(tasks) if answer is not None] == []


def count(chain: Chain, row: type[Any]) -> int:
    with chain.database.read() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def test_versions_of_one_visit_that_come_at_once_leave_the_newest(chain: Chain) -> None:
    """Marked and unmarked, at a price that rises with each version; half of the events twice."""
    chance = random.Random(12)
    for appointment in range(1, ROUNDS + 1):
        events = [
            an_event(
                version,
                appointment=appointment,
                prices=[1000 * version],
                attendance="came" if version % 2 == 0 else "no_show",
            )
            for version in range(1, CROWD + 1)
        ]
        events += events[::2]
        chance.shuffle(events)
        hear_at_once(chain, events)

    assert chain.balance() == ROUNDS * CROWD * 1000 * 5 // 100


def test_a_client_who_has_many_visits_at_once_gets_everything_on_one_card(chain: Chain) -> None:
    for round_number in range(ROUNDS):
        client = 1 + round_number
        hear_at_once(
            chain,
            [
                an_event(1, appointment=100 * client + one, client_id=client, prices=[1000 + one])
                for one in range(CROWD)
            ],
        )
        assert chain.balance(client) == sum((1000 + one + 10) // 20 for one in range(CROWD))
    assert count(chain, Card) == ROUNDS


def test_clients_of_several_programmes_do_not_wait_in_a_circle(chain: Chain) -> None:
    """Two card types in each visit, some given and some taken back: locks in every direction."""
    second = chain.add_card_type("EUR")
    chain.add_programme(1000, card_type_id=second)
    chain.add_programme(100)
    for one in range(CROWD):
        chain.came(one + 1, 1000, client_id=1 + one % 3)

    hear_at_once(
        chain,
        [
            an_event(2, appointment=one + 1, client_id=1 + (one + 1) % 3, prices=[2000])
            if one % 2
            else an_event(2, appointment=one + 1, client_id=1 + one % 3, attendance="waiting")
            for one in range(CROWD)
        ],
    )

    total = sum(card["balance_minor"] for client in (1, 2, 3) for card in chain.list_cards(client))
    assert total == CROWD // 2 * (100 + 200 + 20)


@pytest.fixture
def unguarded(new_database: NewDatabase) -> Chain:
    """A chain whose laws are not checked at the end: they are to be broken."""
    return Chain(new_database("loyalty"))


def test_without_the_accounts_lock_amounts_are_lost(
    unguarded: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    unguarded.came(1)
    everybody_has_looked = threading.Barrier(4)

    def look_without_locking(session: Session, account_ids: Iterable[int]) -> dict[int, Account]:
        found = session.scalars(select(Account).where(Account.id.in_(account_ids))).all()
        everybody_has_looked.wait(timeout=10)
        return {account.id: account for account in found}

    monkeypatch.setattr(cashback, "lock_accounts", look_without_locking)
    hear_at_once(unguarded, [an_event(1, appointment=2 + one) for one in range(4)])

    assert unguarded.balance() == 2 * 225
    assert {law for law, *_ in unguarded.broken_laws()} == {"-- Law 2", "-- Law 2, at any moment"}


def test_without_the_records_lock_an_older_event_has_the_last_word(
    unguarded: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    unguarded.hear(an_event(1, event="appointment_created", attendance="waiting"))
    both_have_looked, newer_is_done = threading.Barrier(2), threading.Event()

    def look_without_locking(
        session: Session, appointment_id: int, told: dict[str, Any]
    ) -> VisitRecord:
        record = session.get_one(VisitRecord, appointment_id)
        both_have_looked.wait(timeout=10)
        if told["attendance"] == "came":
            assert newer_is_done.wait(timeout=10)
        return record

    def hear_newer() -> None:
        unguarded.hear(an_event(3, attendance="no_show"))
        newer_is_done.set()

    monkeypatch.setattr(visits, "_locked_record", look_without_locking)
    assert at_once([hear_newer, lambda: unguarded.hear(an_event(2))]) == [None, None]

    assert unguarded.balance() == 225, "for a visit to which nobody came"
