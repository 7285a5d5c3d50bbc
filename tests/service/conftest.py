"""Databases for tests of use cases and RPC methods: each test on PostgreSQL and on SQLite."""

import itertools
import shutil
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, text

from deploy.local.postgres import LocalPostgres
from services.common.calls import Call
from services.common.config import Settings
from services.common.db import Database, make_engine
from services.common.errors import Refusal
from services.common.migrate import metadata_of, migrate

NewDatabase = Callable[[str], Database]

NOW = datetime(2030, 6, 3, 6, 0, tzinfo=UTC)
"""A Monday, 8 o'clock in Paris."""

_numbers = itertools.count(1)


class SqliteFiles:
    """Databases as files of a folder, copied from one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, service: str) -> str:
        template = self._folder / f"{service}.db"
        if not template.exists():
            migrate(service, f"sqlite:///{template}")
        copy = self._folder / f"{service}-{next(_numbers)}.db"
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    def give_back(self, _service: str, url: str) -> None:
        Path(url.removeprefix("sqlite:///")).unlink()


class PostgresDatabases:
    """Databases that are emptied and used again: to make one takes longer than most tests."""

    def __init__(self, server: LocalPostgres) -> None:
        self._server = server
        self._waiting: dict[str, list[str]] = defaultdict(list)
        self._shapes: dict[str, Any] = {}

    def take(self, service: str) -> str:
        if self._waiting[service]:
            return self._waiting[service].pop()
        url = self._server.create_database(f"{service}_{next(_numbers)}")
        migrate(service, url)
        with _connected(url) as connection:
            self._shapes[service] = connection.execute(SHAPE).one()
        return url

    def give_back(self, service: str, url: str) -> None:
        """Empty it; one whose tables or constraints were changed is of no use any more."""
        with _connected(url) as connection:
            if connection.execute(SHAPE).one() == self._shapes[service]:
                for metadata in reversed(metadata_of(service)):
                    for table in reversed(metadata.sorted_tables):
                        connection.execute(delete(table))
                connection.execute(RESTART_IDS)
                self._waiting[service].append(url)


SHAPE = text(
    "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),"
    " (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace)"
)
RESTART_IDS = text(
    "SELECT setval(oid, 1, false) FROM pg_class"
    " WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: LocalPostgres) -> PostgresDatabases:
    return PostgresDatabases(postgres_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; override it to run on one of them only."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def new_database(request: pytest.FixtureRequest, backend: str) -> Iterator[NewDatabase]:
    """``new_database("booking")``: an empty database of that service, migrated to head."""
    kind = "sqlite_files" if backend == "sqlite" else "postgres_databases"
    databases: SqliteFiles | PostgresDatabases = request.getfixturevalue(kind)
    opened: list[tuple[Database, str]] = []

    def create(service: str) -> Database:
        url = databases.take(service)
        opened.append((Database(url, service=service, pool_size=60), url))
        return opened[-1][0]

    yield create
    for database, url in opened:
        database.dispose()
        databases.give_back(database.service, url)


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
