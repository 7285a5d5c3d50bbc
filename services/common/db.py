"""A service's database: transactions, portable types, the names of constraints.

PostgreSQL in production, SQLite when embedded; the same code runs on both.
"""

import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Integer,
    MetaData,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from services.common.engines import LOCK_SECONDS, make_engine, milliseconds
from services.common.errors import Conflict, DeadlinePassed
from services.common.roundtrips import LATER

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

chassis = MetaData(naming_convention=NAMING)
"""The tables every service has: outbox, inbox, commands."""

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""An id: 64 bits, and on SQLite the only type that counts up by itself."""

PERSONAL = {"personal": True}
"""``info`` of a column with personal data: export and erasure must reach it."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

BUSY_TIMEOUT_SECONDS = 5.0
QUERY_CANCELED = "57014"
LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, refused when naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One database, read and written in short transactions.

    SQLite has one writer at a time, and a greenlet that yields while it holds
    that right would stall all others inside a C call. So writers queue at a
    semaphore, which is green in a process where eventlet has patched threading.
    """

    def __init__(self, url: str, *, service: str = "kabinet", pool_size: int = 14) -> None:
        self.engine = make_engine(url, pool_size=pool_size)
        self.service = service
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.after_commit: Callable[[set[str]], None] = lambda loops: None
        self._one_writer = threading.Semaphore()

    @contextmanager
    def read(self, *, seconds_left: float | None = None) -> Iterator[Session]:
        """A transaction that only looks."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session:
            self._bound(session, seconds_left, LOCK_SECONDS)
            with _told_as_refusal():
                yield session

    @contextmanager
    def write(
        self, *, seconds_left: float | None = None, lock_seconds: float = LOCK_SECONDS
    ) -> Iterator[Session]:
        """The transaction of one change: committed at the end, or rolled back whole.

        Refused with DeadlinePassed when the writer's turn does not come in time,
        and with Conflict("busy") when somebody else holds a lock for too long.
        """
        with (
            self._turn(seconds_left),
            Session(self.engine, expire_on_commit=False) as session,
            _told_as_refusal(),
        ):
            if self.is_sqlite:
                session.connection(execution_options={"kabinet_writes": True})
            self._bound(session, seconds_left, lock_seconds)
            session.info["service"] = self.service
            yield session
            session.commit()
        if loops := session.info.get("loops_to_wake"):
            self.after_commit(loops)

    def dispose(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _turn(self, seconds_left: float | None) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        patience = BUSY_TIMEOUT_SECONDS if seconds_left is None else max(0.0, seconds_left)
        if not self._one_writer.acquire(timeout=patience):
            raise DeadlinePassed("waited too long for other writers")
        try:
            yield
        finally:
            self._one_writer.release()

    def _bound(self, session: Session, seconds_left: float | None, lock_seconds: float) -> None:
        """Let no statement outlive the caller's patience, nor a wait for a lock ours.

        Where nobody waits the connection's own limits will do.
        """
        if self.is_sqlite or (seconds_left is None and lock_seconds == LOCK_SECONDS):
            return
        limits = {"statement_timeout": seconds_left}
        if lock_seconds != LOCK_SECONDS:
            limits["lock_timeout"] = lock_seconds
        for name, seconds in limits.items():
            session.connection().exec_driver_sql(
                f"SET LOCAL {name} = {milliseconds(seconds)}", execution_options=LATER
            )


def insert_into(session: Session, table: Any) -> PostgresInsert:
    """An INSERT that knows ON CONFLICT, in this database's dialect (both speak it alike)."""
    return _INSERTS[session.get_bind().dialect.name](table)


def for_dialect(make: Callable[[Any], Any]) -> Callable[[Session], Any]:
    """A statement that is made once per dialect, of that dialect's ``insert``.

    What every event or command executes is not put together each time: its values
    come as parameters.
    """
    made = functools.cache(lambda dialect: make(_INSERTS[dialect]))
    return lambda session: made(session.get_bind().dialect.name)


_INSERTS: dict[str, Callable[[Any], PostgresInsert]] = {
    "postgresql": postgres_insert,
    "sqlite": sqlite_insert,  # type: ignore[dict-item]
}


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table of a model, for statements that need nothing of the ORM and are cheaper without."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def values_of(row: DeclarativeBase) -> dict[str, Any]:
    """What was set of a row that the ORM does not write, by column."""
    columns = table_of(type(row)).c
    return {name: value for name, value in vars(row).items() if name in columns}


def lock_table(session: Session, table: str) -> None:
    """Let nobody else write to this table until the transaction ends. SQLite has one writer."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))


def lock_name(session: Session, name: str) -> None:
    """Queue for what has this name until the transaction ends. SQLite has one writer."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )


def wake_loop(session: Session, name: str) -> None:
    """Let that loop of the service look at once, not at its next turn, when this is committed."""
    session.info.setdefault("loops_to_wake", set()).add(name)


@contextmanager
def _told_as_refusal() -> Iterator[None]:
    """Say in our words what the database says when time has run out."""
    try:
        yield
    except OperationalError as error:
        code = sqlstate(error)
        if code in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):
            raise Conflict("busy") from error
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise DeadlinePassed("waited too long for other writers") from error
        if code == QUERY_CANCELED:
            raise DeadlinePassed("the database took too long") from error
        raise


def sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's five-letter code of an error, None elsewhere."""
    return getattr(error.orig, "pgcode", None)


def violates(error: DBAPIError, constraint: str) -> bool:
    """Whether it was this constraint (or SQLite trigger of the same name) that refused."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    return constraint in str(error.orig)
