"""The inbox: each event has its effect once, or ends where somebody will look."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from services.common import inbox
from services.common.bus.receive import NotKept, receive
from services.common.db import Database
from services.common.events import Envelope

NewDatabase = Callable[[str], Database]

DELAYS = (1.0, 5.0)
ENVELOPE = {
    "specversion": "1.0",
    "id": "01936d2e-0000-7000-8000-000000000001",
    "source": "kitchen",
    "type": "kettle_boiled",
    "time": "2030-06-03T06:00:00Z",
    "subject": "kettle/7",
    "sequence": 1,
    "datacontenttype": "application/json",
    "data": {"water_ml": 500},
}


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    database = new_database("auth")
    with database.write() as session:
        session.execute(text("CREATE TABLE cups (event_id VARCHAR(64) NOT NULL)"))
    return database


def pour(session: Session, event: Envelope) -> None:
    session.execute(text("INSERT INTO cups VALUES (:id)"), {"id": event.id})


def spill(session: Session, event: Envelope) -> None:
    pour(session, event)
    raise ValueError("nobody at +33612345678 wants tea")


def deliver(
    database: Database,
    handle: Callable[[Session, Envelope], None] = pour,
    message: Any = ENVELOPE,
    handler: str = "fill_cup",
) -> None:
    receive(database, handler, handle, message, DELAYS)


def cups(database: Database) -> int:
    with database.read() as session:
        return session.scalar(text("SELECT count(*) FROM cups")) or 0


def notes(database: Database) -> list[Row[Any]]:
    with database.read() as session:
        return list(session.execute(select(inbox.inbox)))


def retry(database: Database, handle: Callable[[Session], None], *, now: datetime) -> bool:
    """One turn of the loop that takes up failed events."""
    with database.write() as session:
        due = inbox.take_due(session, now=now)
        if due is None:
            return False
        try:
            with session.begin_nested():
                handle(session)
        except ValueError as error:
            inbox.settle_failure(session, due, error, delays=DELAYS, now=now)
        else:
            inbox.settle_success(session, due, now=now)
        return True


def fail(_session: Session) -> None:
    raise ValueError("still no tea")


def use_up_all_attempts(database: Database) -> datetime:
    """Let an event fail until it is a dead letter; the moment at which it became one."""
    deliver(database, spill)
    now = datetime.now(UTC)
    for delay in DELAYS:
        now += timedelta(seconds=delay + 1)
        assert retry(database, fail, now=now)
    return now


def test_an_event_has_its_effect_and_is_noted(database: Database) -> None:
    deliver(database)

    assert cups(database) == 1
    [note] = notes(database)
    assert (note.event_id, note.handler) == (ENVELOPE["id"], "fill_cup")
    assert (note.event_type, note.subject) == ("kitchen.kettle_boiled", "kettle/7")
    assert note.handled_at is not None
    assert (note.attempts, note.envelope, note.reason) == (0, None, None)


def test_a_second_delivery_changes_nothing(database: Database) -> None:
    for _ in range(3):
        deliver(database)

    assert cups(database) == 1


def test_every_handler_of_an_event_has_its_turn(database: Database) -> None:
    deliver(database, handler="fill_cup")
    deliver(database, handler="warm_pot")

    assert cups(database) == 2
    assert len(notes(database)) == 2


@pytest.mark.parametrize("message", [None, "tea", [], {}, ENVELOPE | {"subject": 5}])
def test_what_is_no_event_is_dropped(database: Database, message: Any) -> None:
    deliver(database, message=message)

    assert notes(database) == []
    assert cups(database) == 0


def test_a_failing_handler_leaves_no_effect_and_keeps_the_event(database: Database) -> None:
    before = datetime.now(UTC)
    deliver(database, spill)

    assert cups(database) == 0
    [note] = notes(database)
    assert note.handled_at is None
    assert note.dead_at is None
    assert note.attempts == 1
    assert note.envelope == ENVELOPE
    assert before < note.next_attempt_at <= datetime.now(UTC) + timedelta(seconds=DELAYS[0])


def test_the_reason_says_what_and_where_and_masks_phones(database: Database) -> None:
    deliver(database, spill)

    [note] = notes(database)
    assert note.reason.startswith("ValueError: nobody at [phone] wants tea at ")
    assert "test_common_inbox.py:" in note.reason


def test_a_failed_event_that_is_delivered_again_waits_for_its_retry(database: Database) -> None:
    deliver(database, spill)
    [before] = notes(database)
    deliver(database)

    assert cups(database) == 0
    assert notes(database) == [before]


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


def test_notes_are_kept_while_the_bus_may_still_send_the_event(database: Database) -> None:
    deliver(database)
    deliver(database, spill, ENVELOPE | {"id": "failed"})
    now = datetime.now(UTC)
    with database.write() as session:
        inbox.forget_handled(session, now=now + timedelta(days=29))
        assert session.scalar(select(func.count()).select_from(inbox.inbox)) == 2
        inbox.forget_handled(session, now=now + timedelta(days=31))

    [kept] = notes(database)
    assert kept.event_id == "failed"


def test_an_event_that_can_neither_be_handled_nor_kept_goes_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.common.bus.receive.PAUSE_BEFORE_REDELIVERY_SECONDS", 0)
    with database.write() as session:
        session.execute(text("DROP TABLE inbox"))

    with pytest.raises(NotKept):
        deliver(database)
    assert cups(database) == 0


def test_a_twin_at_the_same_moment_waits_and_then_does_nothing(database: Database) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def pour_slowly(session: Session, event: Envelope) -> None:
        pour(session, event)
        inside.set()
        assert go_on.wait(10)

    first = threading.Thread(target=deliver, args=(database, pour_slowly))
    second = threading.Thread(target=deliver, args=(database,))
    first.start()
    assert inside.wait(10)
    second.start()
    second.join(0.3)
    assert second.is_alive(), "the twin must wait for the first to end"
    go_on.set()
    first.join(10)
    second.join(10)

    assert cups(database) == 1
    [note] = notes(database)
    assert note.handled_at is not None


def test_a_twin_of_one_that_fails_has_no_effect_beside_the_retry(database: Database) -> None:
    """Whichever comes first into the inbox decides; the event is handled or kept, never both."""
    start = threading.Barrier(2)

    def run(handle: Callable[[Session, Envelope], None]) -> None:
        start.wait()
        deliver(database, handle)

    twins = [threading.Thread(target=run, args=(handle,)) for handle in (spill, pour)]
    for one in twins:
        one.start()
    for one in twins:
        one.join(10)

    [note] = notes(database)
    assert cups(database) == (1 if note.handled_at else 0)
    assert (note.handled_at is None) == (note.envelope is not None)


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
