"""Relays of several replicas share the work of one outbox (PostgreSQL)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from services.common.db import Database
from services.common.outbox import next_waiting
from tests.service.common.kettles import Broker, boil_all, told, waiting

NewDatabase = Callable[[str], Database]


@pytest.fixture
def backend() -> str:
    return "postgresql"


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    return new_database("auth")


def test_two_relays_never_hold_one_subject(database: Database) -> None:
    boil_all(database, (7, 1), (7, 2), (8, 1))

    with database.write() as one:
        assert told(next_waiting(one, limit=1)) == [("kettle/7", 1)]
        with database.write() as other:
            assert told(next_waiting(other)) == [("kettle/8", 1)]
            with database.write() as third:
                assert next_waiting(third) == []


def test_what_a_dying_relay_held_is_free_again(database: Database) -> None:
    boil_all(database, (7, 1))
    with pytest.raises(ZeroDivisionError), database.write() as one:
        assert len(next_waiting(one)) == 1
        raise ZeroDivisionError

    with database.write() as other:
        assert told(next_waiting(other)) == [("kettle/7", 1)]


def test_many_relays_at_once_publish_everything_once_and_in_order(database: Database) -> None:
    boil_all(database, *((kettle, number) for number in range(20) for kettle in range(5)))
    published: list[tuple[str, int]] = []
    noting = threading.Lock()
    start = threading.Barrier(4)

    def note(row: Any) -> None:
        with noting:
            published.append((row.envelope["subject"], row.envelope["sequence"]))

    def relay() -> None:
        broker = Broker(database)
        broker.before_publishing = note
        start.wait()
        while waiting(database):
            broker.publish_waiting()

    relays = [threading.Thread(target=relay) for _ in range(4)]
    for one in relays:
        one.start()
    for one in relays:
        one.join(60)

    assert len(published) == len(set(published)) == 100
    for kettle in range(5):
        of_kettle = [number for subject, number in published if subject == f"kettle/{kettle}"]
        assert of_kettle == list(range(20))
