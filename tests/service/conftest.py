"""Databases for tests of use cases and RPC methods: each test on PostgreSQL and on SQLite."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.common.calls import Call
from services.common.config import Settings
from services.common.db import Database, make_engine
from services.common.migrate import migrate

NewDatabase = Callable[[str], Database]

NOW = datetime(2030, 6, 3, 6, 0, tzinfo=UTC)
"""A Monday, 8 o'clock in Paris."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("templates")
    return {"folder": folder}


@pytest.fixture(scope="session")
def postgres_templates() -> set[str]:
    return set()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; override it to run on one of them only."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest,
    backend: str,
    tmp_path: Path,
    sqlite_templates: dict[str, Path],
    postgres_templates: set[str],
) -> Iterator[NewDatabase]:
    """``new_database("booking")``: an empty database of that service, migrated to head."""
    opened: list[Database] = []

    def create(service: str) -> Database:
        if backend == "sqlite":
            url = _copy_of_sqlite(service, sqlite_templates["folder"], tmp_path)
        else:
            server = request.getfixturevalue("postgres_server")
            url = _copy_of_postgres(service, server, postgres_templates)
        opened.append(Database(url, service=service, pool_size=60))
        return opened[-1]

    yield create
    for database in opened:
        database.dispose()
        if not database.is_sqlite:
            request.getfixturevalue("postgres_server").drop_database(database.engine.url.database)


def _copy_of_sqlite(service: str, templates: Path, folder: Path) -> str:
    template = templates / f"{service}.db"
    if not template.exists():
        migrate(service, f"sqlite:///{template}")
    copy = folder / f"{service}-{next(_numbers)}.db"
    shutil.copy(template, copy)
    return f"sqlite:///{copy}"


def _copy_of_postgres(service: str, server: Any, templates: set[str]) -> str:
    template = f"template_{service}"
    if service not in templates:
        server.create_database(template)
        migrate(service, server.url(template))
        templates.add(service)
    name = f"{service}_{next(_numbers)}"
    engine = make_engine(server.url("postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return str(server.url(name))


def a_worker(service: type[Any], database: Database, **call: Any) -> Any:
    """An instance of the service as it serves one call; ``now``, ``viewer``, … as given."""
    worker = service()
    worker.database = database
    worker.settings = Settings(env="dev", amqp_uri="memory://")
    worker.call = Call(**{"now": NOW, **call})
    return worker
