"""Engines: how we connect to PostgreSQL and to SQLite."""

import math
import time
from sqlite3 import OperationalError
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError

from services.common.roundtrips import Connection, save_round_trips

LOCK_SECONDS = 2.0
IDLE_SECONDS = 1.0
SQLITE_SECONDS = 5.0
"""How long SQLite waits for what another connection has locked."""


def milliseconds(seconds: float | None) -> str:
    """For PostgreSQL, to which 0 means no limit."""
    return "0" if seconds is None else str(max(1, int(seconds * 1000)))


def make_engine(url: str, *, pool_size: int = 14) -> Engine:
    """An engine whose error messages never show the values of a statement."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": SQLITE_SECONDS})
        _make_sqlite_transactional(engine)
        return engine
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        connect_args={
            "options": f"-c lock_timeout={milliseconds(LOCK_SECONDS)}",
            "connection_factory": Connection,
        },
    )
    save_round_trips(engine)
    _try_idle_connections(engine)
    return engine


def _try_idle_connections(engine: Engine) -> None:
    """Look whether a connection still lives when it was idle for a while: PostgreSQL restarts.

    SQLAlchemy's own way asks before each transaction, which is a round trip each.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("idle_since", math.inf) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise DisconnectionError from error


def _make_sqlite_transactional(engine: Engine) -> None:
    """Begin transactions ourselves: the driver's own begins are late and deferred."""

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        _write_ahead(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sqlalchemy.Connection) -> None:
        writes = connection.get_execution_options().get("kabinet_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(cursor: Any) -> None:
    """Let readers and a writer work at once.

    Processes that open a new file at the same moment hinder each other here, and SQLite, which
    waits for every other lock, does not wait for this one.
    """
    until = time.monotonic() + SQLITE_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
