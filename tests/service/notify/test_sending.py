"""Sending: each message once, later when it must be, never when it is too late."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.notify.domain.retries import OTHERS
from services.notify.models import Message
from tests.service.notify.conftest import (
    ANN,
    DUE,
    FAILED,
    SENT,
    SKIPPED,
    Notify,
    Terminal,
    an_event,
    end_of,
    fails,
)


def change(notify: Notify, **values: Any) -> None:
    with notify.database.write() as session:
        session.execute(update(Message).values(values))


def test_a_message_is_sent_once(notify: Notify) -> None:
    notify.hear(an_event())
    assert [notify.send(), notify.send()] == [True, False]
    assert [(out["to"], out["text"]) for out in notify.sent] == [(ANN, notify.message.body)]
    assert end_of(notify.message) == SENT
    assert (notify.message.attempts, notify.message.unsettled) == (1, 0)
    assert notify.message.reason is None


def test_the_terminal_shows_recipient_and_text(
    dev: Notify, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.hear(an_event())
    assert dev.send()
    assert capsys.readouterr().out == f"✉ to {ANN}: {dev.message.body}\n"


def test_nothing_is_sent_before_its_time(notify: Notify) -> None:
    notify.hear(an_event())
    change(notify, next_attempt_at=notify.clock() + timedelta(seconds=60))
    assert not notify.send()
    notify.clock.advance(60)
    assert notify.send()
    assert len(notify.sent) == 1


def test_the_most_overdue_is_sent_first(notify: Notify) -> None:
    for number in (1, 2, 3):
        notify.hear(an_event(number=number))
    first, second, third = (one.id for one in notify.messages)
    with notify.database.write() as session:
        session.get_one(Message, third).next_attempt_at = notify.clock() - timedelta(seconds=9)
    notify.send_all()
    assert [out["id"] for out in notify.sent] == [third, first, second]


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(days=9)])
def test_what_is_over_is_not_sent_any_more(notify: Notify, late_by: timedelta) -> None:
    notify.hear(an_event())
    notify.clock.later = notify.message.stale_at - notify.clock() + late_by
    assert [notify.send(), notify.send()] == [True, False]
    assert notify.sent == []
    assert end_of(notify.message) == SKIPPED
    assert (notify.message.attempts, notify.message.unsettled) == (0, 0)
    assert notify.message.reason == "it was over before it could be sent"


def test_until_the_last_second_it_is_sent(notify: Notify) -> None:
    notify.hear(an_event())
    notify.clock.later = notify.message.stale_at - notify.clock() - timedelta(seconds=5)
    assert notify.send()
    assert len(notify.sent) == 1


def test_a_failing_channel_is_tried_again_with_growing_delays_and_ends_failed(
    dev: Notify, terminal: Terminal
) -> None:
    terminal.behave = fails
    dev.hear(an_event())
    for attempt, delay in enumerate(OTHERS, start=1):
        before = dev.clock()
        assert dev.send()
        waiting = dev.message
        assert (end_of(waiting), waiting.attempts, waiting.unsettled) == (DUE, attempt, 0)
        assert waiting.next_attempt_at is not None
        assert before + delay <= waiting.next_attempt_at <= dev.clock() + delay
        assert not dev.send()
        dev.clock.advance(delay.total_seconds())
    assert dev.send()
    failed = dev.message
    assert (end_of(failed), failed.attempts, failed.unsettled) == (FAILED, len(OTHERS) + 1, 0)
    assert failed.reason is not None and failed.reason.startswith("OSError: the terminal is gone")
    assert "12 34 56" not in failed.reason
    dev.clock.advance(86_400)
    assert not dev.send()


def test_a_file_that_can_be_written_again_is_written(notify: Notify) -> None:
    away = notify.changed(notify_file=str(notify.file.parent / "later" / "messages.log"))
    notify.hear(an_event())
    assert away.send()
    assert (notify.message.reason or "").startswith("FileNotFoundError")
    (notify.file.parent / "later").mkdir()
    away.clock.advance(31)
    assert away.send()
    sent = notify.message
    assert (end_of(sent), sent.attempts, sent.reason) == (SENT, 2, None)


def test_an_installation_that_has_lost_its_channel_says_so(dev: Notify) -> None:
    dev.hear(an_event())
    production = dev.changed(env="production")
    assert production.send()
    assert end_of(dev.message) == DUE
    assert (dev.message.reason or "").startswith("NoChannel: console")


def test_one_that_fails_stops_no_other(notify: Notify) -> None:
    for number in (1, 2):
        notify.hear(an_event(number=number))
    first, second = (one.id for one in notify.messages)
    with notify.database.write() as session:
        session.get_one(Message, first).channel = "pigeon"
    assert [notify.send(), notify.send(), notify.send()] == [True, True, False]
    assert [out["id"] for out in notify.sent] == [second]


def test_a_last_attempt_that_succeeds_is_no_failure(notify: Notify) -> None:
    notify.hear(an_event())
    change(notify, attempts=len(OTHERS))
    assert notify.send()
    assert (end_of(notify.message), notify.message.reason) == (SENT, None)
    assert len(notify.sent) == 1


def test_a_message_that_was_over_after_failures_keeps_their_reason(
    dev: Notify, terminal: Terminal
) -> None:
    terminal.behave = fails
    dev.hear(an_event())
    dev.send()
    dev.clock.later = dev.message.stale_at - datetime.now(dev.message.stale_at.tzinfo)
    dev.send()
    assert end_of(dev.message) == SKIPPED
    assert "OSError: the terminal is gone" in (dev.message.reason or "")
