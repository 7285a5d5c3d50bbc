"""Sending when something comes between: a newer version, a crash, a second sender."""

import time
from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import update

from services.notify.domain.retries import OTHERS
from services.notify.models import Message
from services.notify.use_cases.sending import TWICE, UNSETTLED
from tests.service.conftest import at_once
from tests.service.notify.conftest import (
    DUE,
    FAILED,
    SENT,
    SKIPPED,
    Killed,
    Notify,
    Terminal,
    an_event,
    dies,
    end_of,
    fails,
)


def test_a_newer_version_that_comes_while_one_fails_ends_its_attempts(
    dev: Notify, terminal: Terminal
) -> None:
    def fails_meanwhile() -> None:
        dev.hear(an_event("appointment_moved", 2))
        fails()

    terminal.behave = fails_meanwhile
    dev.hear(an_event())
    assert dev.send()
    terminal.behave = lambda: None
    dev.clock.advance(3600)
    dev.send_all()
    older, newer = dev.messages
    assert (end_of(older), older.unsettled, end_of(newer)) == (SKIPPED, 0, SENT)
    assert terminal.printed == [newer.id]


def test_what_was_already_on_its_way_when_a_newer_version_came_counts_as_sent(
    dev: Notify, terminal: Terminal
) -> None:
    terminal.behave = lambda: dev.hear(an_event("appointment_moved", 2))
    dev.hear(an_event())
    assert dev.send()
    older, newer = dev.messages
    assert (end_of(older), older.reason, end_of(newer)) == (SENT, None, DUE)


def test_a_crash_while_sending_costs_one_attempt_and_leaves_a_trace(
    dev: Notify, terminal: Terminal
) -> None:
    terminal.behave = dies
    dev.hear(an_event())
    with pytest.raises(Killed):
        dev.send()
    left = dev.message
    assert (end_of(left), left.attempts, left.unsettled) == (DUE, 1, 1)
    assert left.reason == UNSETTLED
    terminal.behave = lambda: None
    assert not dev.send(), "perhaps the other process is only slow"
    dev.clock.advance(dev.sender().lease.total_seconds())
    assert dev.send()
    sent = dev.message
    assert (end_of(sent), sent.attempts, sent.unsettled) == (SENT, 2, 1)
    assert sent.reason == TWICE
    assert len(terminal.printed) == 1


def test_a_crash_during_the_last_attempt_ends_failed_with_a_reason(
    dev: Notify, terminal: Terminal
) -> None:
    terminal.behave = dies
    dev.hear(an_event())
    with dev.database.write() as session:
        session.execute(update(Message).values(attempts=len(OTHERS)))
    with pytest.raises(Killed):
        dev.send()
    assert (end_of(dev.message), dev.message.unsettled) == (FAILED, 1)
    assert dev.message.reason == UNSETTLED


def test_an_attempt_that_outlived_its_lease_does_not_undo_its_successor(
    dev: Notify, terminal: Terminal
) -> None:
    """The terminal hangs until another process has taken the message over, and then fails."""

    def hangs() -> None:
        terminal.behave = lambda: None
        dev.clock.advance(dev.sender().lease.total_seconds())
        assert dev.send()
        fails()

    terminal.behave = hangs
    dev.hear(an_event())
    dev.send()
    sent = dev.message
    assert (end_of(sent), sent.attempts, sent.unsettled) == (SENT, 2, 0)
    assert len(terminal.printed) == 1


def test_an_attempt_that_outlived_its_lease_does_not_hurry_its_successor(
    dev: Notify, terminal: Terminal
) -> None:
    """The successor is still at work (here: dead, which looks the same) when the first fails."""
    held: list[datetime | None] = []

    def hangs() -> None:
        terminal.behave = dies
        dev.clock.advance(dev.sender().lease.total_seconds())
        with pytest.raises(Killed):
            dev.send()
        held.append(dev.message.next_attempt_at)
        fails()

    terminal.behave = hangs
    dev.hear(an_event())
    dev.send()
    left = dev.message
    assert [left.next_attempt_at] == held
    assert (end_of(left), left.attempts, left.unsettled, left.reason) == (DUE, 2, 1, UNSETTLED)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_several_senders_at_once_send_each_message_once(dev: Notify, terminal: Terminal) -> None:
    terminal.behave = lambda: time.sleep(0.005)
    for number in range(1, 61):
        dev.hear(an_event(number=number))
    by_sender: Counter[int] = Counter()

    def send_all(sender: int) -> None:
        while dev.send():
            by_sender[sender] += 1

    assert at_once([lambda one=one: send_all(one) for one in range(4)]) == [None] * 4  # type: ignore[misc]
    assert sorted(terminal.printed) == [one.id for one in dev.messages]
    assert {end_of(one) for one in dev.messages} == {SENT}
    assert len(by_sender) > 1
