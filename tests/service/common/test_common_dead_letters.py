"""A failed event is tried again with growing delays, and ends where somebody will look."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from services.common import inbox
from services.common.db import Database
from tests.service.common.tea import (
    DELAYS,
    ENVELOPE,
    cups,
    deliver,
    fail,
    notes,
    retry,
    spill,
    use_up_all_attempts,
)

NewDatabase = Callable[[str], Database]


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    database = new_database("auth")
    with database.write() as session:
        session.execute(text("CREATE TABLE cups (event_id VARCHAR(64) NOT NULL)"))
    return database


def test_nothing_is_due_before_its_time(database: Database) -> None:
    deliver(database, spill)

    assert not retry(database, fail, now=datetime.now(UTC))


def test_a_retry_that_succeeds_clears_the_event(database: Database) -> None:
    deliver(database, spill)
    later = datetime.now(UTC) + timedelta(seconds=2)

    assert retry(database, lambda session: None, now=later)
    [note] = notes(database)
    assert note.handled_at == later
    assert (note.next_attempt_at, note.reason, note.envelope) == (None, None, None)
    assert not retry(database, fail, now=later + timedelta(days=1))


def test_a_retry_that_fails_waits_longer_and_leaves_no_effect(database: Database) -> None:
    deliver(database, spill)
    later = datetime.now(UTC) + timedelta(seconds=2)

    def spill_again(session: Session) -> None:
        session.execute(text("INSERT INTO cups VALUES ('x')"))
        fail(session)

    assert retry(database, spill_again, now=later)
    [note] = notes(database)
    assert note.attempts == 2
    assert note.next_attempt_at == later + timedelta(seconds=DELAYS[1])
    assert note.reason.startswith("ValueError: still no tea")
    assert cups(database) == 0


def test_used_up_attempts_make_a_dead_letter(database: Database) -> None:
    died_at = use_up_all_attempts(database)

    with database.read() as session:
        [letter] = inbox.dead_letters(session)
        assert inbox.count_unhandled(session) == 1
    assert letter.dead_at == died_at
    assert letter.attempts == 1 + len(DELAYS)
    assert letter.next_attempt_at is None
    assert letter.envelope == ENVELOPE
    assert not retry(database, fail, now=died_at + timedelta(days=1))


def test_a_requeued_letter_has_all_its_attempts_again(database: Database) -> None:
    now = use_up_all_attempts(database) + timedelta(hours=1)
    with database.write() as session:
        assert inbox.requeue(session, None, now=now) == 1
        assert inbox.dead_letters(session) == []

    for delay in DELAYS:
        assert retry(database, fail, now=now)
        now += timedelta(seconds=delay + 1)
        [note] = notes(database)
        assert note.dead_at is None
    assert retry(database, lambda session: None, now=now)
    [note] = notes(database)
    assert note.handled_at == now


def test_only_the_letters_that_are_named_are_requeued(database: Database) -> None:
    now = use_up_all_attempts(database)
    with database.write() as session:
        assert inbox.requeue(session, ["another"], now=now) == 0
        assert inbox.requeue(session, [ENVELOPE["id"]], now=now) == 1  # type: ignore[list-item]


class TestOnPostgres:
    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    def test_two_replicas_never_retry_one_event_at_once(self, database: Database) -> None:
        deliver(database, spill)
        later = datetime.now(UTC) + timedelta(seconds=2)

        with database.write() as one, database.write() as other:
            assert inbox.take_due(one, now=later) is not None
            assert inbox.take_due(other, now=later) is None

    def test_the_most_overdue_comes_first(self, database: Database) -> None:
        for number in range(3):
            deliver(database, spill, ENVELOPE | {"id": f"event-{number}"})
        later = datetime.now(UTC) + timedelta(seconds=2)
        with database.write() as session:
            session.execute(
                update(inbox.inbox)
                .where(inbox.inbox.c.event_id == "event-1")
                .values(next_attempt_at=later - timedelta(days=1))
            )
            due = inbox.take_due(session, now=later)

        assert due is not None and due.event_id == "event-1"
