"""A service's database: whole transactions, honest instants, limits to every wait."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, UniqueConstraint, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from services.common import engines
from services.common.db import Database, UTCDateTime, violates
from services.common.errors import Conflict, DeadlinePassed

NewDatabase = Callable[[str], Database]

kettles = Table(
    "kettles",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("litres", Integer, nullable=False),
    Column("boiled_at", UTCDateTime),
    UniqueConstraint("litres", name="uq_kettles_litres"),
)


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    database = new_database("auth")
    with database.write() as session:
        kettles.create(session.connection())
    return database


def fill(database: Database, litres: int, boiled_at: datetime | None = None) -> None:
    with database.write() as session:
        session.execute(insert(kettles).values(litres=litres, boiled_at=boiled_at))


def count(database: Database) -> int:
    with database.read() as session:
        return len(session.execute(select(kettles)).all())


@given(
    moment=st.datetimes(datetime(1900, 1, 2), datetime(2999, 12, 30)),
    minutes=st.integers(-14 * 60, 14 * 60),
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_instant_comes_back_as_the_same_instant_in_utc(
    database: Database, moment: datetime, minutes: int
) -> None:
    instant = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.execute(insert(kettles).values(litres=1, boiled_at=instant))
        stored = session.scalars(select(kettles.c.boiled_at)).one()
        raise ZeroDivisionError

    assert stored == instant
    assert stored is not None and stored.tzinfo is UTC


def test_instants_are_compared_as_instants(database: Database) -> None:
    noon = datetime(2030, 6, 3, 12, tzinfo=UTC)
    fill(database, 1, noon)
    in_paris = noon.astimezone(timezone(timedelta(hours=2)))

    with database.read() as session:
        assert session.scalar(select(kettles.c.id).where(kettles.c.boiled_at == in_paris))
        assert not session.scalar(select(kettles.c.id).where(kettles.c.boiled_at < in_paris))


def test_a_naive_datetime_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a naive datetime is not an instant"):
        fill(database, 1, datetime(2030, 6, 3, 12))

    assert count(database) == 0


def test_no_instant_is_no_instant(database: Database) -> None:
    fill(database, 1, None)

    with database.read() as session:
        assert session.execute(select(kettles.c.boiled_at)).scalars().all() == [None]


def test_a_change_is_committed_whole(database: Database) -> None:
    with database.write() as session:
        session.execute(insert(kettles).values(litres=1))
        session.execute(insert(kettles).values(litres=2))

    assert count(database) == 2


def test_a_change_is_rolled_back_whole(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert(kettles).values(litres=1))
        session.execute(insert(kettles).values(litres=2))
        session.execute(insert(kettles).values(litres=2))

    assert count(database) == 0


def test_what_is_read_cannot_be_changed_by_accident(database: Database) -> None:
    with database.read() as session:
        session.execute(insert(kettles).values(litres=1))

    assert count(database) == 0


def test_a_violated_constraint_is_recognised_by_its_name(database: Database) -> None:
    fill(database, 1)

    with pytest.raises(IntegrityError) as refused:
        fill(database, 1)
    assert violates(refused.value, "uq_kettles_litres") or (
        database.is_sqlite and violates(refused.value, "kettles.litres")
    )
    assert not violates(refused.value, "uq_cups_litres")


def test_an_error_shows_no_values(database: Database) -> None:
    fill(database, 4711)

    with pytest.raises(IntegrityError) as refused:
        fill(database, 4711)
    assert "parameters hidden" in str(refused.value)


class TestOnSqlite:
    @pytest.fixture
    def backend(self) -> str:
        return "sqlite"

    def test_writers_queue(self, database: Database) -> None:
        order: list[str] = []
        inside = threading.Event()

        def first() -> None:
            with database.write() as session:
                inside.set()
                time.sleep(0.1)
                session.execute(insert(kettles).values(litres=1))
                order.append("first")

        writer = threading.Thread(target=first)
        writer.start()
        assert inside.wait(10)
        fill(database, 2)
        order.append("second")
        writer.join(10)

        assert order == ["first", "second"]
        assert count(database) == 2

    def test_a_writer_whose_turn_does_not_come_gives_up(self, database: Database) -> None:
        with (
            database.write(),
            pytest.raises(DeadlinePassed, match="waited too long for other writers"),
            database.write(seconds_left=0.1),
        ):
            pytest.fail("two writers at once")

        fill(database, 1)
        assert count(database) == 1

    def test_so_does_one_that_waits_for_another_process(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = Database(database.engine.url.render_as_string())
        with (
            database.write() as session,
            pytest.raises(DeadlinePassed, match="waited too long for other writers"),
            other.read() as elsewhere,
        ):
            session.execute(insert(kettles).values(litres=1))
            elsewhere.execute(text("PRAGMA busy_timeout = 10"))
            elsewhere.execute(insert(kettles).values(litres=2))
        other.dispose()

        assert count(database) == 1

    def test_a_writer_that_fails_lets_the_next_one_in(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database.write():
            raise ZeroDivisionError

        fill(database, 1)

    def test_readers_do_not_wait_for_the_writer(self, database: Database) -> None:
        with database.write() as session:
            session.execute(insert(kettles).values(litres=1))
            assert count(database) == 0
        assert count(database) == 1

    def test_what_is_committed_is_on_the_disk(self, tmp_path: Path) -> None:
        database = Database(f"sqlite:///{tmp_path}/kettles.db")
        with database.read() as session:
            pragmas = [
                session.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        database.dispose()
        assert pragmas == ["wal", 2, 1]

    def test_a_second_process_writes_too(self, database: Database) -> None:
        other = Database(str(database.engine.url), service="auth")
        fill(other, 1)
        fill(database, 2)
        other.dispose()

        assert count(database) == 2

    def test_the_file_is_where_the_address_says(self, tmp_path: Path) -> None:
        Database(f"sqlite:///{tmp_path}/kettles.db").engine.connect().close()

        assert (tmp_path / "kettles.db").exists()


class TestOnPostgres:
    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    @pytest.mark.parametrize("way", ["read", "write"])
    def test_a_statement_that_outlives_the_callers_patience_is_ended(
        self, database: Database, way: str
    ) -> None:
        begun = time.monotonic()
        with (
            pytest.raises(DeadlinePassed, match="the database took too long"),
            getattr(database, way)(seconds_left=0.2) as session,
        ):
            session.execute(text("SELECT pg_sleep(30)"))

        assert time.monotonic() - begun < 15

    def test_without_a_caller_a_statement_may_take_its_time(self, database: Database) -> None:
        with database.read() as session:
            assert session.scalar(text("SHOW statement_timeout")) == "0"

    def test_a_lock_that_somebody_else_holds_is_not_waited_for_long(
        self, database: Database
    ) -> None:
        fill(database, 1)
        lock = select(kettles).with_for_update()
        with database.write() as holder:
            holder.execute(lock)
            with (
                pytest.raises(Conflict, match="busy"),
                database.write(lock_seconds=0.1) as session,
            ):
                session.execute(lock)

    def test_a_deadlock_ends_with_one_of_the_two_refused(self, database: Database) -> None:
        fill(database, 1)
        fill(database, 2)
        outcomes: list[str] = []
        both_hold_one = threading.Barrier(2)

        def lock(first: int, then: int) -> None:
            try:
                with database.write(lock_seconds=30) as session:
                    for litres in (first, then):
                        rows = select(kettles).where(kettles.c.litres == litres)
                        session.execute(rows.with_for_update())
                        if litres == first:
                            both_hold_one.wait(10)
                outcomes.append("had both")
            except Conflict as refusal:
                outcomes.append(refusal.code)

        rivals = [threading.Thread(target=lock, args=pair) for pair in ((1, 2), (2, 1))]
        for rival in rivals:
            rival.start()
        for rival in rivals:
            rival.join(30)

        assert sorted(outcomes) == ["busy", "had both"]

    def test_limits_end_with_their_transaction(self, database: Database) -> None:
        with database.write(seconds_left=1, lock_seconds=0.5):
            pass
        with database.engine.connect() as connection:
            assert connection.scalar(text("SHOW statement_timeout")) == "0"
            assert connection.scalar(text("SHOW lock_timeout")) == "2s"

    def test_any_other_trouble_is_told_as_it_is(self, database: Database) -> None:
        with pytest.raises(OperationalError), database.write() as session:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        fill(database, 1)

    def test_a_connection_that_died_while_it_was_idle_is_replaced(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engines, "IDLE_SECONDS", 0.0)
        fill(database, 1)
        other = Database(str(database.engine.url.render_as_string(hide_password=False)))
        with other.write() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        other.dispose()

        assert count(database) == 1
