"""The ledger itself: what it refuses, and what it remembers."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from services.common.db import Database, violates
from services.common.errors import Conflict
from services.loyalty.domain.ledger import Reason
from services.loyalty.models import (
    APPEND_ONLY,
    NOT_BELOW_ZERO,
    ONE_PER_KEY,
    Account,
    AccountKind,
    Transfer,
)
from services.loyalty.use_cases.ledger import lock_accounts, open_account, post
from tests.service.conftest import NOW
from tests.service.loyalty.conftest import AS_OF, LAWS, Chain, an_event

Change = Callable[[Session], Any]


def open_one(database: Database, *, may_go_negative: bool = False, **changes: Any) -> int:
    """An account of business 1, in euros unless changes say otherwise; its id."""
    told: dict[str, Any] = {
        "business_id": 1,
        "kind": AccountKind.PROGRAMME,
        "currency": "EUR",
        "now": NOW,
    }
    with database.write() as session:
        return open_account(session, may_go_negative=may_go_negative, **(told | changes)).id


def move(
    database: Database,
    debit_id: int,
    credit_id: int,
    amount_minor: int,
    *,
    key: str | None = None,
    now: datetime = NOW,
) -> None:
    with database.write() as session:
        accounts = lock_accounts(session, [debit_id, credit_id])
        post(
            session,
            key=key or str(uuid.uuid4()),
            debit=accounts[debit_id],
            credit=accounts[credit_id],
            amount_minor=amount_minor,
            reason=Reason.CASHBACK,
            subject="a test",
            now=now,
        )


def balances(database: Database, *account_ids: int) -> list[int]:
    with database.read() as session:
        return [session.get_one(Account, one).balance_minor for one in account_ids]


@pytest.fixture
def database(chain: Chain) -> Database:
    """Loyalty's, held against the laws at the end."""
    return chain.database


def test_an_amount_leaves_one_account_and_comes_to_another(database: Database) -> None:
    giver, taker = open_one(database, may_go_negative=True), open_one(database)
    move(database, giver, taker, 225)
    move(database, taker, giver, 25)

    assert balances(database, giver, taker) == [-200, 200]


def test_more_than_there_is_cannot_be_had(database: Database) -> None:
    giver, poor = open_one(database, may_go_negative=True), open_one(database)
    move(database, giver, poor, 100)

    with pytest.raises(Conflict, match="balance_too_low"):
        move(database, poor, giver, 101)
    assert balances(database, giver, poor) == [-100, 100]
    move(database, poor, giver, 100)
    assert balances(database, giver, poor) == [0, 0]


@pytest.mark.parametrize("amount", [0, -5])
def test_a_transfer_moves_something_and_forward(database: Database, amount: int) -> None:
    giver, taker = (open_one(database, may_go_negative=True) for _ in range(2))

    with pytest.raises(IntegrityError, match="ck_transfers_amount"):
        move(database, giver, taker, amount)


def test_a_transfer_has_two_ends(database: Database) -> None:
    giver = open_one(database, may_go_negative=True)

    with pytest.raises(IntegrityError, match="ck_transfers_two_accounts"):
        move(database, giver, giver, 5)


@pytest.mark.parametrize("other", [{"currency": "USD"}, {"business_id": 2}])
def test_nothing_moves_between_businesses_or_currencies(
    database: Database, other: dict[str, Any]
) -> None:
    giver, stranger = open_one(database, may_go_negative=True), open_one(database, **other)

    with pytest.raises(IntegrityError):
        move(database, giver, stranger, 5)
    assert balances(database, giver, stranger) == [0, 0]


def test_a_key_is_used_once(database: Database) -> None:
    giver, taker = open_one(database, may_go_negative=True), open_one(database)
    move(database, giver, taker, 225, key="appointment/1@2")

    with pytest.raises(IntegrityError) as refused:
        move(database, giver, taker, 225, key="appointment/1@2")
    assert violates(refused.value, ONE_PER_KEY)
    assert balances(database, giver, taker) == [-225, 225]


def test_the_database_itself_refuses_a_balance_below_zero(database: Database) -> None:
    account = open_one(database)

    with pytest.raises(IntegrityError) as refused, database.write() as session:
        session.execute(update(Account).where(Account.id == account).values(balance_minor=-1))
    assert violates(refused.value, NOT_BELOW_ZERO)


CHANGES: list[Change] = [
    lambda session: session.execute(update(Transfer).values(amount_minor=1)),
    lambda session: session.execute(update(Transfer).values(reason=Transfer.reason)),
    lambda session: session.execute(delete(Transfer)),
    lambda session: session.delete(session.scalars(select(Transfer)).one()),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_written_can_be_neither_changed_nor_deleted(chain: Chain, change: Change) -> None:
    chain.hear(an_event(1))

    with pytest.raises(IntegrityError) as refused, chain.database.write() as session:
        change(session)
    assert violates(refused.value, APPEND_ONLY)
    assert chain.transfers() == [225]


def test_nor_can_it_be_replaced_or_swept_away(chain: Chain, backend: str) -> None:
    chain.hear(an_event(1))
    replace = (
        "INSERT OR REPLACE INTO transfers SELECT id, business_id, {key}, debit_account_id,"
        " credit_account_id, 1, currency, reason, subject, created_at, debit_balance_after,"
        " credit_balance_after FROM transfers"
    )
    ways = {
        "sqlite": [replace.format(key="'new'"), replace.format(key="key").replace("id,", "9,", 1)],
        "postgresql": ["TRUNCATE transfers", "TRUNCATE accounts CASCADE"],
    }

    for statement in ways[backend]:
        with pytest.raises(DBAPIError), chain.database.write() as session:
            session.execute(text(statement))
    assert chain.transfers() == [225]


def test_without_the_triggers_it_could_be_changed(chain: Chain, backend: str) -> None:
    """That it is they who refuse. Undone afterwards, triggers included."""
    chain.hear(an_event(1))

    with pytest.raises(UndoIt), chain.database.write() as session:
        if backend == "sqlite":
            session.execute(text("DROP TRIGGER transfers_append_only_update"))
        else:
            session.execute(text("ALTER TABLE transfers DISABLE TRIGGER USER"))
        session.execute(update(Transfer).values(amount_minor=1))
        assert session.scalar(select(Transfer.amount_minor)) == 1
        raise UndoIt
    assert chain.transfers() == [225]


def test_an_account_with_a_history_cannot_be_deleted(chain: Chain) -> None:
    chain.hear(an_event(1))

    with pytest.raises(IntegrityError), chain.database.write() as session:
        session.execute(text("DELETE FROM cards"))
        session.execute(delete(Account))


def test_the_balance_as_of_any_moment_is_what_a_replay_until_then_gives(chain: Chain) -> None:
    for version in range(1, 8):
        price = 1000 * version
        attendance = "waiting" if version % 3 == 0 else "came"
        chain.hear(an_event(version, prices=[price], attendance=attendance))
    entries = chain.transfers(
        Transfer.created_at,
        Transfer.debit_account_id,
        Transfer.credit_account_id,
        Transfer.amount_minor,
    )
    card = entries[0].credit_account_id
    moments = [entry.created_at for entry in entries]
    assert moments == sorted(moments) and len(set(moments)) > 3
    for moment in [moments[0] - timedelta(seconds=1), *moments, moments[-1] + timedelta(days=1)]:
        until = [entry for entry in entries if entry.created_at <= moment]
        replayed = sum(
            entry.amount_minor if entry.credit_account_id == card else -entry.amount_minor
            for entry in until
        )
        assert as_of(chain.database, card, moment) == replayed


def as_of(database: Database, account_id: int, moment: datetime) -> int:
    """What docs/loyalty.md says the balance was."""
    told: Any = moment
    if database.is_sqlite:
        told = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with database.read() as session:
        return session.scalar(text(AS_OF), {"account": account_id, "moment": told}) or 0


def test_a_clock_that_is_behind_writes_nothing_into_the_past(database: Database) -> None:
    giver, taker = open_one(database, may_go_negative=True), open_one(database)
    later = NOW + timedelta(hours=1)
    move(database, giver, taker, 225, now=later)
    move(database, giver, taker, 10, now=NOW)

    with database.read() as session:
        moments = session.scalars(select(Transfer.created_at).order_by(Transfer.id)).all()
    assert moments == [later, later]
    assert as_of(database, taker, NOW) == 0
    assert as_of(database, taker, later) == 235


class UndoIt(Exception):
    """Ends a transaction that must not last."""


def copy_a_transfer(session: Session) -> None:
    columns = [column for column in Transfer.__table__.columns if column.name not in ("id", "key")]
    copied = select(text("'again'"), *columns)
    names = ["key", *(column.name for column in columns)]
    session.execute(insert(Transfer).from_select(names, copied))


CRIMES: list[tuple[Change, list[str]]] = [
    (
        lambda session: session.execute(
            update(Account)
            .where(Account.kind == AccountKind.CARD)
            .values(balance_minor=Account.balance_minor + 1)
        ),
        ["-- Law 1:", "-- Law 2:"],
    ),
    (copy_a_transfer, ["-- Law 2:", "-- Law 2, at any moment:"]),
    (lambda session: session.execute(update(Account).values(transfers_count=7)), ["-- Law 2:"]),
]


@pytest.mark.parametrize(("crime", "broken"), CRIMES)
def test_the_laws_notice_when_they_are_broken(
    chain: Chain, crime: Change, broken: list[str]
) -> None:
    """The queries of docs/loyalty.md, against what they are there to find."""
    chain.hear(an_event(1))

    with pytest.raises(UndoIt), chain.database.write() as session:
        crime(session)
        found = [law for law in LAWS if session.execute(text(law)).all()]
        assert [law[: law.index(":") + 1] for law in found] == broken
        raise UndoIt
