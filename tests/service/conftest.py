"""Databases for tests of use cases and RPC methods: each test on PostgreSQL and on SQLite."""

import functools
import itertools
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Table, TextClause, delete, event, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from deploy.local.postgres import LocalPostgres
from services.common.calls import Call
from services.common.config import Settings
from services.common.db import Database
from services.common.errors import Refusal
from services.common.migrate import metadata_of, migrate

NewDatabase = Callable[[str], Database]

NOW = datetime(2030, 6, 3, 6, 0, tzinfo=UTC)
"""A Monday, 8 o'clock in Paris."""

BACKENDS = {"sqlite": "sqlite", "postgresql": "postgres"}

_numbers = itertools.count(1)


@functools.cache
def _tables(service: str) -> tuple[list[Table], TextClause]:
    """The tables of a service, in the order of what refers to what, and who of them has rows."""
    tables = [table for metadata in metadata_of(service) for table in metadata.sorted_tables]
    has_rows = ", ".join(f"EXISTS (SELECT 1 FROM {table.name})" for table in tables)
    return tables, text(f"SELECT {has_rows}")


def used_tables(session: Session, service: str) -> list[Table]:
    """Those that have rows, as one statement tells: most have none in any test."""
    tables, has_rows = _tables(service)
    answers = session.execute(has_rows).one()
    return [table for table, is_used in zip(tables, answers, strict=True) if is_used]


def _has_few_connections(database: Database) -> bool:
    """Whether all are given back, and no more than to be kept open for the next test."""
    pool = database.engine.pool
    return isinstance(pool, QueuePool) and pool.checkedout() == 0 and pool.checkedin() < 4


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """As PostgreSQL runs here: nothing has to outlive a crash of the machine."""
    connection.execute("PRAGMA synchronous=OFF")


class Databases:
    """Databases that are emptied and used again: to make one takes longer than most tests, and
    an engine that has seen the statements need not compile them again.
    """

    def __init__(self, new_url: Callable[[str], str], shape: str, restart_ids: str) -> None:
        self._new_url = new_url
        self._shape = text(shape)
        self._restart_ids = text(restart_ids)
        self._waiting: dict[str, list[Database]] = defaultdict(list)
        self._shapes: dict[str, Any] = {}

    def take(self, service: str) -> Database:
        if self._waiting[service]:
            return self._waiting[service].pop()
        url = self._new_url(f"{service}_{next(_numbers)}")
        migrate(service, url)
        database = Database(url, service=service, pool_size=60)
        if database.is_sqlite:
            event.listen(database.engine, "connect", _without_waiting_for_the_disk)
        with database.read() as session:
            self._shapes[service] = session.execute(self._shape).all()
        return database

    def give_back(self, database: Database) -> None:
        """Empty it; one whose tables or constraints were changed is of no use any more."""
        service = database.service
        if not _has_few_connections(database):
            database.dispose()
        database.after_commit = lambda _loops: None
        with database.write() as session:
            if session.execute(self._shape).all() == self._shapes[service]:
                self._empty(session, service)
                self._waiting[service].append(database)

    def _empty(self, session: Session, service: str) -> None:
        for table in reversed(used_tables(session, service)):
            session.execute(delete(table))
        session.execute(self._restart_ids)

    def dispose(self) -> None:
        for databases in self._waiting.values():
            for database in databases:
                database.dispose()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    folder = tmp_path_factory.mktemp("databases")
    databases = Databases(
        lambda name: f"sqlite:///{folder}/{name}.db",
        "SELECT name, sql FROM sqlite_master ORDER BY name",
        "SELECT 1",  # an empty table begins with 1 by itself
    )
    yield databases
    databases.dispose()


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: LocalPostgres) -> Iterator[Databases]:
    databases = Databases(
        postgres_server.create_database,
        "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),"
        " (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace)",
        "SELECT setval(oid, 1, false) FROM pg_class"
        " WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace",
    )
    yield databases
    databases.dispose()


@pytest.fixture(params=list(BACKENDS))
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; override it to run on one of them only."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def new_database(request: pytest.FixtureRequest, backend: str) -> Iterator[NewDatabase]:
    """``new_database("booking")``: an empty database of that service, migrated to head."""
    databases: Databases = request.getfixturevalue(f"{BACKENDS[backend]}_databases")
    taken: list[Database] = []

    def create(service: str) -> Database:
        taken.append(databases.take(service))
        return taken[-1]

    yield create
    for database in taken:
        databases.give_back(database)


def a_worker(service: type[Any], database: Database, **call: Any) -> Any:
    """An instance of the service as it serves one call; ``now``, ``viewer``, … as given."""
    worker = service()
    worker.database = database
    worker.settings = Settings(env="dev", amqp_uri="memory://")
    worker.call = Call(**{"now": NOW, **call})
    return worker


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the tasks in threads that start together; the answer or the exception of each."""
    start = threading.Barrier(len(tasks))
    answers: list[Any] = [None] * len(tasks)

    def run(number: int) -> None:
        start.wait()
        try:
            answers[number] = tasks[number]()
        except Exception as error:  # the test looks at every one of them
            answers[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def tally(answers: Sequence[Any]) -> Counter[str]:
    """How often each refusal (or defect) came, and how often "done"."""
    return Counter(
        answer.code
        if isinstance(answer, Refusal)
        else repr(answer)
        if isinstance(answer, Exception)
        else "done"
        for answer in answers
    )
