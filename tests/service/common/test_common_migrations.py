"""The histories of the four databases lead to what the models say, and back."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command as alembic
from sqlalchemy import CheckConstraint, Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import conv

from services.common.config import SERVICES
from services.common.db import violates
from services.common.engines import make_engine
from services.common.migrate import _with_alembic, check, metadata_of, migrate

ROOT = Path(__file__).resolve().parents[3]
PIPES: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
NewUrl = Callable[[], str]
GUARD = "reservations_no_double_booking"
GUARDS = {GUARD: "staff_id", "reservations_no_shared_resource": "resource_instance_id"}
RESERVATION = (
    "INSERT INTO reservations (id, business_id, appointment_id, {of}, starts_at, ends_at)"
    " VALUES (:id, 1, 1, :whose, :start, :end)"
)


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def url(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> str:
    """The address of an empty database."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path}/deep/down/empty.db"
    create: NewUrl = request.getfixturevalue("postgres_database")
    return create()


def downgrade(service: str, url: str) -> None:
    _with_alembic(service, url, lambda config: alembic.downgrade(config, "base"))


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found - {"alembic_version"}


def named_in_models(service: str, dialect: str) -> set[tuple[str, str]]:
    """(table, name) of every constraint and index that the models promise."""
    names = set()
    for metadata in metadata_of(service):
        for table in metadata.tables.values():
            items: list[Any] = [*table.constraints, *table.indexes]
            for item in items:
                name = item.name
                if dialect == "sqlite" and name in GUARDS:
                    continue
                assert name is not None, f"{table.name} has a nameless {item}"
                if isinstance(item, CheckConstraint) and not isinstance(name, conv):
                    name = f"ck_{table.name}_{name}"
                names.add((table.name, str(name)))
    return names


def named_in_database(engine: Engine) -> set[tuple[str, str]]:
    inspector = inspect(engine)
    names = set()
    for table in inspector.get_table_names():
        found: list[Any] = [
            inspector.get_pk_constraint(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
            *inspector.get_indexes(table),
        ]
        names |= {(table, item["name"]) for item in found}
    return names


def test_an_empty_database_becomes_what_the_models_say(service: str, url: str) -> None:
    migrate(service, url)

    promised = {name for metadata in metadata_of(service) for name in metadata.tables}
    assert tables(url) == promised
    assert {"outbox", "inbox", "commands"} <= promised
    check(service, url)


def test_every_promised_constraint_and_index_exists_by_its_name(service: str, url: str) -> None:
    migrate(service, url)
    engine = make_engine(url)

    missing = named_in_models(service, engine.dialect.name) - named_in_database(engine)
    engine.dispose()
    assert missing == set()


def test_a_second_migration_changes_nothing(service: str, url: str) -> None:
    migrate(service, url)
    before = tables(url)
    migrate(service, url)

    assert tables(url) == before


def test_the_way_back_leads_to_nothing_and_forth_again(service: str, url: str) -> None:
    migrate(service, url)
    downgrade(service, url)
    assert tables(url) == set()

    migrate(service, url)
    check(service, url)


def test_many_migrators_at_once_are_as_good_as_one(url: str) -> None:
    """Processes, as replicas that start together would be: Alembic is not made for threads."""
    program = f"""
import services.booking.models
from services.common.migrate import migrate
print("ready", flush=True)
input()
migrate("booking", {url!r})
"""
    migrators = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, text=True, **PIPES)
        for _ in range(4)
    ]
    for one in migrators:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in migrators:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()

    assert [one.communicate(timeout=100)[1] for one in migrators] == [""] * 4
    check("booking", url)


@pytest.fixture
def reservations(url: str) -> Engine:
    """Booking's database without its foreign keys, so that reservations stand alone."""
    migrate("booking", url)
    engine = make_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA foreign_keys=OFF"))
        else:
            for key in inspect(connection).get_foreign_keys("reservations"):
                connection.execute(text(f"ALTER TABLE reservations DROP CONSTRAINT {key['name']}"))
    return engine


def reserve(
    engine: Engine, number: int, hours: tuple[int, int], *, of: str = "staff_id", whose: int = 1
) -> None:
    start, end = (f"2030-06-03 {hour:02}:00:00+00:00" for hour in hours)
    if engine.dialect.name == "sqlite":
        start, end = start[:-6], end[:-6]
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN")
        values = {"id": number, "whose": whose, "start": start, "end": end}
        connection.execute(text(RESERVATION.format(of=of)), values)
        connection.commit()


@pytest.mark.parametrize("guard", GUARDS)
def test_the_database_itself_refuses_to_give_a_time_away_twice(
    reservations: Engine, guard: str
) -> None:
    of = GUARDS[guard]
    reserve(reservations, 1, (10, 12), of=of)

    for hours in ((10, 12), (9, 11), (11, 13), (9, 13)):
        with pytest.raises(IntegrityError) as refused:
            reserve(reservations, 2, hours, of=of)
        assert violates(refused.value, guard)
    reserve(reservations, 3, (8, 10), of=of)
    reserve(reservations, 4, (12, 14), of=of)
    reserve(reservations, 5, (10, 12), of=of, whose=2)
    reservations.dispose()


def test_nor_can_a_reservation_be_moved_onto_another(reservations: Engine) -> None:
    reserve(reservations, 1, (10, 12))
    reserve(reservations, 2, (12, 14))

    move = "UPDATE reservations SET starts_at = :start WHERE id = 2"
    start = "2030-06-03 11:00:00" + ("" if reservations.dialect.name == "sqlite" else "+00:00")
    with pytest.raises(IntegrityError) as refused, reservations.begin() as connection:
        connection.execute(text(move), {"start": start})
    assert violates(refused.value, GUARD)
    reservations.dispose()


def test_a_reservation_may_change_without_being_in_its_own_way(reservations: Engine) -> None:
    reserve(reservations, 1, (10, 12))

    end = "2030-06-03 13:00:00" + ("" if reservations.dialect.name == "sqlite" else "+00:00")
    with reservations.begin() as connection:
        connection.execute(text("UPDATE reservations SET ends_at = :end"), {"end": end})
    reservations.dispose()


def test_each_guard_is_an_exclusion_or_two_triggers(reservations: Engine) -> None:
    with reservations.connect() as connection:
        if reservations.dialect.name == "sqlite":
            found = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            ).scalars()
            expected = [f"{guard}_{at}" for guard in GUARDS for at in ("insert", "update")]
        else:
            found = connection.execute(
                text("SELECT conname FROM pg_constraint WHERE contype = 'x' ORDER BY conname")
            ).scalars()
            expected = list(GUARDS)
        assert list(found) == expected
    reservations.dispose()
