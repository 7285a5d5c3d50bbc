"""A business that gives cashback, what booking tells it, and the laws of its ledger."""

import re
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from services.common.db import Database
from services.common.inbox import inbox
from services.common.outbox import outbox
from services.loyalty.domain.ledger import Reason
from services.loyalty.models import AccountKind, Card, CardType, Programme, Transfer
from services.loyalty.service import LoyaltyService
from services.loyalty.use_cases.ledger import lock_accounts, open_account, post
from services.loyalty.use_cases.programmes import create_card_type, start_cashback
from tests.factories import LONG_AGO, an_appointment_event
from tests.service.conftest import NewDatabase, a_worker

ROOT = Path(__file__).resolve().parents[3]
QUERIES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "loyalty.md").read_text(), re.DOTALL)
LAWS = [query for query in QUERIES if query.startswith("-- Law")]
[AS_OF] = [query for query in QUERIES if query.startswith("-- As of")]

HANDLERS = {event: name for name, (_, _, event) in LoyaltyService.subscriptions.items()}
CLIENT = 1

Envelope = dict[str, Any]


def an_event(
    version: int,
    *,
    event: str = "attendance_marked",
    appointment: int = 1,
    prices: Sequence[int] = (4500,),
    currency: str = "EUR",
    **changes: Any,
) -> Envelope:
    """What booking announces of an appointment at this version; each call makes another event.

    Unless ``changes`` say otherwise, client 1 of business 1 came.
    """
    line = {"id": 1, "title": "Haircut", "duration_seconds": 3600, "currency": currency}
    told = {
        "appointment_id": appointment,
        "visit_id": appointment,
        "business_id": 1,
        "client_id": CLIENT,
        "services": [line | {"price_minor": price} for price in prices],
        "attendance": "came",
    }
    return an_appointment_event(
        type=event,
        subject=f"appointment/{appointment}",
        sequence=version,
        data=told | changes,
    )


class Chain:
    """A business with a loyalty card in euros and 5 % cashback on it.

    Its methods call the loyalty service as the bus would: a worker for each call.
    """

    def __init__(self, database: Database, business_id: int = 1) -> None:
        self.database, self.business_id = database, business_id
        self.card_type_id = self.add_card_type("EUR")
        self.programme_id = self.add_programme(500)

    def add_card_type(self, currency: str) -> int:
        with self.database.write() as session:
            return create_card_type(
                session, business_id=self.business_id, title="Carte Lumière", currency=currency
            ).id

    def add_programme(self, percent_basis_points: int, *, card_type_id: int | None = None) -> int:
        """One more programme, on the first card unless another is named."""
        with self.database.write() as session:
            return start_cashback(
                session,
                session.get_one(CardType, card_type_id or self.card_type_id),
                title="Cashback",
                percent_basis_points=percent_basis_points,
                now=LONG_AGO,
            ).id

    def end_programme(self, programme_id: int) -> None:
        with self.database.write() as session:
            ended = update(Programme).where(Programme.id == programme_id)
            session.execute(ended.values(is_active=False))

    def hear(self, *events: Envelope) -> None:
        """Receive these events, one after another, each as often as it stands there."""
        for event in events:
            worker = a_worker(LoyaltyService, self.database)
            getattr(worker, HANDLERS[event["type"]])(event)

    def came(self, appointment: int = 1, price: int = 4500, **changes: Any) -> None:
        """Hear that an appointment was kept."""
        self.hear(an_event(1, appointment=appointment, prices=[price], **changes))

    def list_cards(self, *client_ids: int, business_id: int | None = None) -> list[dict[str, Any]]:
        worker = a_worker(LoyaltyService, self.database)
        cards: list[dict[str, Any]] = worker.list_cards(
            client_ids=list(client_ids) or [CLIENT], business_id=business_id
        )["cards"]
        return cards

    def balance(self, client_id: int = CLIENT) -> int | None:
        """What is on the client's one card; None without a card."""
        cards = self.list_cards(client_id, business_id=self.business_id)
        assert len(cards) <= 1
        return cards[0]["balance_minor"] if cards else None

    def transfers(self, *columns: Any) -> list[Any]:
        """These columns of every transfer, or the signed amounts as cards see them."""
        with self.database.read() as session:
            if columns:
                return list(session.execute(select(*columns).order_by(Transfer.id)))
            told = session.execute(
                select(Transfer.reason, Transfer.amount_minor).order_by(Transfer.id)
            )
            return [amount if reason == Reason.CASHBACK else -amount for reason, amount in told]

    def spend(self, amount_minor: int, client_id: int = CLIENT) -> None:
        """Take an amount off the client's card, as paying with it will one day."""
        with self.database.write() as session:
            account_id = session.scalars(
                select(Card.account_id).where(
                    Card.business_id == self.business_id, Card.client_id == client_id
                )
            ).one()
            till = open_account(
                session,
                business_id=self.business_id,
                kind=AccountKind.PROGRAMME,
                currency="EUR",
                now=LONG_AGO,
            )
            accounts = lock_accounts(session, [account_id, till.id])
            post(
                session,
                key=f"spending/{uuid.uuid4()}",
                debit=accounts[account_id],
                credit=accounts[till.id],
                amount_minor=amount_minor,
                reason=Reason.CASHBACK_TAKEN_BACK,
                subject="a purchase",
                now=LONG_AGO,
            )

    def events(self) -> list[Envelope]:
        """The envelopes in the outbox, in the order in which they will leave."""
        with self.database.read() as session:
            return list(session.scalars(select(outbox.c.envelope).order_by(outbox.c.position)))

    def failed(self) -> list[str]:
        """Why events could not be handled."""
        with self.database.read() as session:
            return [
                str(reason)
                for reason in session.scalars(
                    select(inbox.c.reason).where(inbox.c.handled_at.is_(None))
                )
            ]

    def broken_laws(self) -> set[tuple[Any, ...]]:
        """(law, what breaks it) by the queries of docs/loyalty.md; and why events failed."""
        with self.database.read() as session:
            broken = {
                (law[: law.index(":")], *row) for law in LAWS for row in session.execute(text(law))
            }
        return broken | {("failed", reason) for reason in self.failed()}


@pytest.fixture
def new_database(new_database: NewDatabase) -> Iterator[NewDatabase]:
    """As everywhere, but emptied of transfers, which nobody can delete."""
    opened: list[Database] = []

    def create(service: str) -> Database:
        opened.append(new_database(service))
        return opened[-1]

    yield create
    for database in opened:
        if database.service == "loyalty":
            with database.write() as session:
                delete_transfers(session)


def delete_transfers(session: Session) -> None:
    """Take the triggers away, do what they forbid, and put them back."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE transfers DISABLE TRIGGER USER"))
        session.execute(text("DELETE FROM transfers"))
        session.execute(text("ALTER TABLE transfers ENABLE TRIGGER USER"))
        return
    found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'transfers'"
    triggers = session.execute(text(found)).all()
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text("DELETE FROM transfers"))
    for _, creation in triggers:
        session.execute(text(creation))


@pytest.fixture
def chain(new_database: NewDatabase) -> Iterator[Chain]:
    """A chain, whose ledger is held against its laws when the test is over."""
    chain = Chain(new_database("loyalty"))
    yield chain
    assert chain.broken_laws() == set()
