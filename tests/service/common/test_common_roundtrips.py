"""Statements that travel together have the effect they would have one by one."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.common.db import Database
from services.common.roundtrips import LATER

ADD = text("INSERT INTO cups VALUES (:cup)")
ADD_LATER = ADD.execution_options(**LATER)


@pytest.fixture
def database(new_database: Callable[[str], Database]) -> Database:
    database = new_database("auth")
    with database.write() as session:
        session.execute(text("CREATE TABLE cups (cup INTEGER PRIMARY KEY)"))
    return database


def cups(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(text("SELECT cup FROM cups ORDER BY cup")))


def test_what_waits_is_there_for_the_next_statement(database: Database) -> None:
    with database.write() as session:
        session.execute(ADD_LATER, {"cup": 1})
        session.execute(ADD_LATER, [{"cup": 2}, {"cup": 3}])
        assert session.scalar(text("SELECT count(*) FROM cups")) == 3
    assert cups(database) == [1, 2, 3]


def test_what_waits_at_the_end_is_committed(database: Database) -> None:
    with database.write() as session:
        session.execute(ADD_LATER, {"cup": 1})
    assert cups(database) == [1]


def test_what_waits_when_all_is_undone_never_was(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.execute(ADD_LATER, {"cup": 1})
        raise ZeroDivisionError
    with database.write() as session:
        session.execute(ADD, {"cup": 2})
    assert cups(database) == [2]


@pytest.mark.parametrize("next_statement", ["SELECT 1", None])
def test_a_mistake_in_what_waited_undoes_the_transaction(
    database: Database, next_statement: str | None
) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(ADD, {"cup": 1})
        session.execute(ADD_LATER, {"cup": 1})
        if next_statement:
            session.execute(text(next_statement))
    assert cups(database) == []


def test_a_mistake_within_a_savepoint_undoes_no_more_than_that(database: Database) -> None:
    with database.write() as session:
        session.execute(ADD_LATER, {"cup": 1})
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(ADD_LATER, {"cup": 2})
            session.execute(ADD_LATER, {"cup": 1})
        session.execute(ADD_LATER, {"cup": 3})
    assert cups(database) == [1, 3]


def test_a_percent_sign_is_a_percent_sign(database: Database) -> None:
    with database.write() as session:
        told: Any = session.scalar(text("SELECT '100%' || :more"), {"more": "%s; COMMIT"})
    assert told == "100%%s; COMMIT"


class TestOnPostgres:
    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    def test_no_transaction_is_left_open(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database.read() as session:
            session.execute(text("SELECT 1"))
            raise ZeroDivisionError
        with database.read() as session, database.write() as other:
            other.execute(ADD_LATER, {"cup": 1})
            session.execute(text("SELECT 1"))
        with database.engine.connect() as connection:
            open_now = connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
                )
            )
        assert open_now == 0

    def test_the_limits_of_a_transaction_end_with_it(self, database: Database) -> None:
        show = text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        with database.write(seconds_left=5, lock_seconds=0.5) as session:
            assert session.execute(show).one() == ("5s", "500ms")
        with database.write() as session:
            assert session.execute(show).one() == ("0", "2s")
