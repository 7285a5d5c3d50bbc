"""The inbox: each event has its effect once, however often and whenever it is delivered."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services.common import inbox
from services.common.bus.receive import NotKept
from services.common.db import Database
from services.common.events import Envelope
from tests.service.common.tea import DELAYS, ENVELOPE, cups, deliver, notes, pour, spill

NewDatabase = Callable[[str], Database]


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    database = new_database("auth")
    with database.write() as session:
        session.execute(text("CREATE TABLE cups (event_id VARCHAR(64) NOT NULL)"))
    return database


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
    assert "tea.py:" in note.reason


def test_a_failed_event_that_is_delivered_again_waits_for_its_retry(database: Database) -> None:
    deliver(database, spill)
    [before] = notes(database)
    deliver(database)

    assert cups(database) == 0
    assert notes(database) == [before]


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
