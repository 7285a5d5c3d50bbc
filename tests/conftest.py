"""Servers for tests that need them: private ones, started at the first use, once per session."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import eventlet.patcher
import pytest

from deploy.local.postgres import LocalPostgres
from deploy.local.rabbitmq import LocalRabbitMQ
from tests.brokers import a_broker

_PIECES = ("processes", "e2e", "")


def pytest_collection_finish() -> None:
    """Services are processes of their own: what patches the tests' own threads would hang them."""
    if eventlet.patcher.is_monkey_patched("thread"):
        pytest.exit("a test module imports deploy.patched, directly or not", returncode=1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several workers share the tests, they get them by the piece, the longest first.

    A piece is a file, because its tests share what they set up. Tests that start, watch and kill
    processes are one piece: two of them at once would keep each other waiting. So are those that
    talk to whole installations, which are started once.
    """
    if not hasattr(config, "workerinput"):
        return
    items.sort(key=lambda item: _PIECES.index(_piece(item)))
    for item in items:
        name = _piece(item) or item.path.relative_to(config.rootpath).as_posix()
        item.add_marker(pytest.mark.xdist_group(name))


def _piece(item: pytest.Item) -> str:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return {"integration": "processes", "fault": "processes", "e2e": "e2e"}.get(folder, "")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[LocalPostgres]:
    """A PostgreSQL that the whole session shares: a test that kills one starts its own."""
    with (
        TemporaryDirectory(prefix="kabinet-postgres-") as folder,
        LocalPostgres(Path(folder), durable=False) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[LocalRabbitMQ]:
    """A RabbitMQ that the whole session shares: a test that kills one starts its own."""
    with a_broker() as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: LocalPostgres) -> Iterator[Callable[[], str]]:
    """``postgres_database()``: the URL of a fresh, empty database; gone after the test."""
    names: list[str] = []

    def create() -> str:
        names.append(f"test_{uuid.uuid4().hex}")
        return postgres_server.create_database(names[-1])

    yield create
    for name in names:
        postgres_server.drop_database(name)
