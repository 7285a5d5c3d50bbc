"""The outbox: an event exists exactly when its change does, and leaves in order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from kombu.exceptions import OperationalError
from sqlalchemy import select, update

from services.common.bus.relay import Relay
from services.common.db import Database
from services.common.outbox import (
    count_waiting,
    forget_published,
    mark_published,
    next_waiting,
    outbox,
    publish_again,
)
from tests.service.common.kettles import Broker, boil, boil_all, drain, told, waiting

NewDatabase = Callable[[str], Database]


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    return new_database("auth")


def test_an_event_waits_once_its_change_is_committed(database: Database) -> None:
    with structlog.contextvars.bound_contextvars(request_id="req-1"), database.write() as session:
        boil(session, 7, 1)

    with database.read() as session:
        [row] = session.execute(select(outbox)).all()
    assert (row.event_type, row.subject) == ("kettle_boiled", "kettle/7")
    assert row.published_at is None
    assert row.envelope["source"] == "auth"
    assert row.envelope["requestid"] == "req-1"
    assert row.envelope["data"] == {"water_ml": 1}


def test_an_event_is_gone_with_its_change_when_that_is_rolled_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        boil(session, 7, 1)
        raise ZeroDivisionError

    assert waiting(database) == 0


def test_the_relay_is_woken_by_a_commit_and_by_nothing_else(database: Database) -> None:
    woken: list[tuple[set[str], int]] = []
    database.after_commit = lambda loops: woken.append((loops, waiting(database)))

    with pytest.raises(ZeroDivisionError), database.write() as session:
        boil(session, 7, 1)
        raise ZeroDivisionError
    with database.write() as session:
        count_waiting(session)
    assert woken == []

    boil_all(database, (7, 1))
    assert woken == [({"relay"}, 1)]


def test_the_oldest_of_each_subject_comes_first(database: Database) -> None:
    boil_all(database, (7, 1), (7, 2), (8, 1), (7, 3), (8, 2))

    with database.write() as session:
        rows = next_waiting(session)
        assert told(rows) == [("kettle/7", 1), ("kettle/8", 1)]
        mark_published(session, [row.position for row in rows], now=datetime.now(UTC))
        assert told(next_waiting(session)) == [("kettle/7", 2), ("kettle/8", 2)]
        assert told(next_waiting(session, limit=1)) == [("kettle/7", 2)]


def test_everything_is_published_in_the_order_of_each_subject(database: Database) -> None:
    boil_all(database, (7, 1), (8, 1), (7, 2), (7, 3), (8, 2))
    broker = Broker(database)

    drain(broker)

    assert waiting(database) == 0
    assert [one for one in broker.received if one[0] == "kettle/7"] == [
        ("kettle/7", 1),
        ("kettle/7", 2),
        ("kettle/7", 3),
    ]
    assert len(broker.received) == 5
    assert broker.publish_waiting() is False


def test_what_could_not_be_published_waits_on(database: Database) -> None:
    boil_all(database, (7, 1), (8, 1), (9, 1))
    broker = Broker(database)
    broker.fails = lambda row: (
        row.subject == "kettle/8"
        if hasattr(row, "subject")
        else (row.envelope["subject"] == "kettle/8")
    )

    with pytest.raises(ConnectionError):
        broker.publish_waiting()
    assert broker.received == [("kettle/7", 1)]
    assert waiting(database) == 2

    broker.fails = lambda row: False
    drain(broker)
    assert broker.received == [("kettle/7", 1), ("kettle/8", 1), ("kettle/9", 1)]
    assert waiting(database) == 0


def test_no_later_event_overtakes_one_that_could_not_be_published(database: Database) -> None:
    boil_all(database, (7, 1), (7, 2))
    broker = Broker(database)
    broker.fails = lambda row: row.envelope["sequence"] == 1

    for _ in range(3):
        with pytest.raises(ConnectionError):
            broker.publish_waiting()

    assert broker.received == []


def test_a_real_broker_that_is_away_keeps_the_event_waiting(database: Database) -> None:
    boil_all(database, (7, 1))
    relay = Relay(database, "auth", "amqp://guest:guest@127.0.0.1:1//")

    with pytest.raises(OperationalError):
        relay.publish_waiting()

    assert waiting(database) == 1
    relay.close()


def test_a_relay_that_is_closed_hangs_up(database: Database) -> None:
    boil_all(database, (7, 1))
    relay = Relay(database, "auth", "memory://")
    assert relay.publish_waiting()
    connection = relay._connection
    assert connection is not None and connection.connected

    relay.close()
    assert not connection.connected
    boil_all(database, (7, 2))
    assert relay.publish_waiting()
    relay.close()


def test_published_events_of_the_last_days_can_wait_again(database: Database) -> None:
    boil_all(database, (7, 1), (8, 1))
    drain(Broker(database))
    now = datetime.now(UTC)
    with database.write() as session:
        old = update(outbox).where(outbox.c.subject == "kettle/8")
        session.execute(old.values(created_at=now - timedelta(days=8)))
        publish_again(session, now=now)

    with database.read() as session:
        assert told(next_waiting(session)) == [("kettle/7", 1)]


def test_an_event_published_again_is_the_same_event(database: Database) -> None:
    boil_all(database, (7, 1))
    with database.write() as session:
        [before] = next_waiting(session)
        mark_published(session, [before.position], now=datetime.now(UTC))
        publish_again(session, now=datetime.now(UTC))
        [after] = next_waiting(session)

    assert after.envelope == before.envelope


def test_only_what_went_out_long_ago_is_forgotten(database: Database) -> None:
    boil_all(database, (7, 1), (8, 1))
    with database.write() as session:
        [first, _] = next_waiting(session)
        mark_published(session, [first.position], now=datetime.now(UTC))
    with database.write() as session:
        forget_published(session, now=datetime.now(UTC) + timedelta(days=6))
        assert len(session.execute(select(outbox)).all()) == 2
        forget_published(session, now=datetime.now(UTC) + timedelta(days=8))
        [kept] = session.execute(select(outbox)).all()

    assert kept.subject == "kettle/8"
