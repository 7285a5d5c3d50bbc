"""Servers for tests that need them: private ones, started at the first use, once per session."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import eventlet.patcher
import pytest

from deploy.local.postgres import LocalPostgres
from deploy.local.rabbitmq import LocalRabbitMQ


def pytest_collection_finish() -> None:
    """Services are processes of their own: what patches the tests' own threads would hang them."""
    if eventlet.patcher.is_monkey_patched("thread"):
        pytest.exit("a test module imports deploy.patched, directly or not", returncode=1)


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
    with (
        TemporaryDirectory(prefix="kabinet-rabbitmq-") as folder,
        LocalRabbitMQ(Path(folder)) as server,
    ):
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
