"""Sending: each message once, later when it must be, never when it is too late."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.common.db import Database
from services.notify.channels import console
from services.notify.domain.retries import DELAYS
from services.notify.models import Message
from services.notify.use_cases.messages import send_next
from tests.service.conftest import NOW, NewDatabase, at_once

STALE_AT = NOW + timedelta(days=1)


class Killed(BaseException):
    """The process dies: no handler of ours gets to see it."""


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    return new_database("notify")


class Console:
    """The terminal, which is outside of the system: what it printed, and how it behaves."""

    def __init__(self) -> None:
        self.printed: list[int] = []
        self.behave: Callable[[], Any] = lambda: None

    def send(self, message: Message) -> None:
        self.behave()
        self.printed.append(message.id)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Console:
    terminal = Console()
    monkeypatch.setattr(console, "send", terminal.send)
    return terminal


def fails() -> None:
    raise OSError("the terminal is gone, said +33 6 12 34 56 78")


def dies() -> None:
    raise Killed


def queue(database: Database, number: int = 1, **changes: Any) -> int:
    facts = {
        "business_id": 1,
        "client_id": 1,
        "subject": f"appointment/{number}",
        "version": 1,
        "kind": "appointment_created",
        "channel": "console",
        "recipient": "+33612345678",
        "language": "en",
        "body": "Hello",
        "stale_at": STALE_AT,
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    with database.write() as session:
        message = Message(**(facts | changes))
        session.add(message)
    return message.id


def send(database: Database, now: datetime = NOW) -> bool:
    return send_next(database, is_dev=True, now=now)


def message(database: Database) -> Message:
    with database.read() as session:
        return session.scalars(select(Message)).one()


def test_a_message_is_sent_once(database: Database, terminal: Console) -> None:
    number = queue(database)
    assert [send(database), send(database)] == [True, False]
    assert terminal.printed == [number]
    sent = message(database)
    assert (sent.sent_at, sent.attempts, sent.next_attempt_at) == (NOW, 1, None)
    assert (sent.failed_at, sent.reason) == (None, None)


def test_the_terminal_shows_recipient_and_text(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    queue(database)
    assert send(database)
    assert capsys.readouterr().out == "✉ to +33612345678: Hello\n"


def test_nothing_is_sent_before_its_time(database: Database, terminal: Console) -> None:
    queue(database, next_attempt_at=NOW + timedelta(seconds=1))
    assert not send(database)
    assert send(database, NOW + timedelta(seconds=1))
    assert len(terminal.printed) == 1


def test_the_most_overdue_is_sent_first(database: Database, terminal: Console) -> None:
    late = queue(database, 1, next_attempt_at=NOW - timedelta(seconds=1))
    later = queue(database, 2, next_attempt_at=NOW - timedelta(seconds=2))
    while send(database):
        pass
    assert terminal.printed == [later, late]


@pytest.mark.parametrize("too_late", [STALE_AT, STALE_AT + timedelta(days=9)])
def test_what_is_over_is_not_sent_any_more(
    database: Database, terminal: Console, too_late: datetime
) -> None:
    queue(database)
    assert send(database, too_late)
    assert not send(database, too_late + timedelta(days=1))
    assert terminal.printed == []
    skipped = message(database)
    assert (skipped.skipped_at, skipped.sent_at, skipped.attempts) == (too_late, None, 0)
    assert skipped.reason


def test_until_the_last_second_it_is_sent(database: Database, terminal: Console) -> None:
    queue(database)
    assert send(database, STALE_AT - timedelta(seconds=1))
    assert len(terminal.printed) == 1


def test_a_failing_channel_is_tried_again_with_growing_delays_and_ends_failed(
    database: Database, terminal: Console
) -> None:
    terminal.behave = fails
    queue(database, stale_at=NOW + timedelta(days=30))
    now = NOW
    for attempt, delay in enumerate(DELAYS, start=1):
        assert send(database, now)
        waiting = message(database)
        assert (waiting.attempts, waiting.next_attempt_at) == (attempt, now + delay)
        assert (waiting.sent_at, waiting.failed_at) == (None, None)
        assert not send(database, now + delay - timedelta(seconds=1))
        now += delay
    assert list(DELAYS) == sorted(DELAYS)
    assert send(database, now)
    failed = message(database)
    assert (failed.failed_at, failed.sent_at, failed.next_attempt_at) == (now, None, None)
    assert failed.attempts == len(DELAYS) + 1
    assert failed.reason is not None and failed.reason.startswith("OSError: the terminal is gone")
    assert "12 34 56" not in failed.reason
    assert not send(database, now + timedelta(days=1))


def test_a_channel_that_recovers_sends(database: Database, terminal: Console) -> None:
    terminal.behave = fails
    queue(database)
    assert send(database)
    terminal.behave = lambda: None
    assert send(database, NOW + DELAYS[0])
    sent = message(database)
    assert (sent.attempts, sent.sent_at, sent.reason) == (2, NOW + DELAYS[0], None)
    assert len(terminal.printed) == 1


def test_an_installation_without_the_channel_says_so(database: Database) -> None:
    queue(database)
    assert send_next(database, is_dev=False, now=NOW)
    waiting = message(database)
    assert (waiting.sent_at, waiting.attempts) == (None, 1)
    assert waiting.reason is not None and waiting.reason.startswith("NoChannel: console")


def test_one_that_fails_stops_no_other(database: Database, terminal: Console) -> None:
    queue(database, 1, channel="pigeon")
    other = queue(database, 2)
    assert [send(database), send(database), send(database)] == [True, True, False]
    assert terminal.printed == [other]


def test_a_crash_while_sending_costs_one_attempt(database: Database, terminal: Console) -> None:
    terminal.behave = dies
    queue(database)
    with pytest.raises(Killed):
        send(database)
    terminal.behave = lambda: None
    assert not send(database, NOW + DELAYS[0] - timedelta(seconds=1))
    assert send(database, NOW + DELAYS[0])
    sent = message(database)
    assert (sent.attempts, sent.sent_at) == (2, NOW + DELAYS[0])
    assert len(terminal.printed) == 1


def test_a_crash_during_the_last_attempt_ends_failed_with_a_reason(
    database: Database, terminal: Console
) -> None:
    terminal.behave = dies
    queue(database, attempts=len(DELAYS))
    with pytest.raises(Killed):
        send(database)
    failed = message(database)
    assert (failed.failed_at, failed.sent_at, failed.next_attempt_at) == (NOW, None, None)
    assert failed.reason


def test_a_last_attempt_that_succeeds_is_no_failure(database: Database, terminal: Console) -> None:
    queue(database, attempts=len(DELAYS))
    assert send(database)
    sent = message(database)
    assert (sent.sent_at, sent.failed_at, sent.reason) == (NOW, None, None)
    assert len(terminal.printed) == 1


@pytest.mark.parametrize("backend", ["postgresql"])
def test_several_senders_at_once_send_each_message_once(
    database: Database, terminal: Console
) -> None:
    terminal.behave = lambda: time.sleep(0.005)
    queued = [queue(database, number) for number in range(60)]
    by_sender: Counter[int] = Counter()

    def send_all(sender: int) -> None:
        while send(database):
            by_sender[sender] += 1

    assert at_once([lambda one=one: send_all(one) for one in range(4)]) == [None] * 4  # type: ignore[misc]
    assert sorted(terminal.printed) == sorted(queued)
    assert len(by_sender) > 1
