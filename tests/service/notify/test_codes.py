"""Codes: their text is asked from auth when they are sent, and is kept nowhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import inspect, select, text

from services.common.errors import Conflict, NotFound
from services.common.rpc.client import RpcClient
from services.notify.models import Subject
from tests.service.conftest import at_once
from tests.service.notify.conftest import (
    ANN,
    CODE,
    Notify,
    a_code_request,
    a_code_text,
    an_event,
    auth,
    send_code,
)
from tests.small_bus import URI

BOB = "+33612345679"
CHALLENGE = "0b7c1f6e"


def everything_stored(notify: Notify) -> str:
    """Every value of every row of notify's database, as text."""
    with notify.database.read() as session:
        tables = inspect(session.get_bind()).get_table_names()
        return "\n".join(
            repr(tuple(row))
            for table in tables
            for row in session.execute(text(f"SELECT * FROM {table}"))
        )


@contextmanager
def impatient(notify: Notify) -> Iterator[Notify]:
    """The same installation, with less time for auth to answer."""
    rpc = RpcClient(URI, timeout_seconds=0.3)
    yield replace(notify, rpc=rpc)
    rpc.close()


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-GB", f"Your code: {CODE}. It is valid for 10 min. Do not share it with anyone."),
        (
            "fr",
            f"Votre code\u00a0: {CODE}. Il est valable 10\u00a0min. Ne le communiquez à personne.",
        ),
    ],
)
def test_a_code_is_sent_in_words_and_in_a_form_that_a_browser_reads(
    notify: Notify, locale: str, text: str
) -> None:
    with auth() as asked:
        notify.hear(a_code_request(locale=locale))
        assert send_code(notify)

    [out] = notify.sent
    assert (out["kind"], out["to"]) == ("code", ANN)
    assert out["text"] == f"{text}\n\n@salon.example #{CODE}"
    asked_for = {"challenge_id": CHALLENGE, "medium": "sms"}
    assert [one["arguments"] for one in asked.received] == [asked_for]
    assert notify.message.sent_at is not None


def test_outside_of_development_a_code_is_in_no_table_no_event_and_no_log(
    notify: Notify, capfd: pytest.CaptureFixture[str]
) -> None:
    answers = iter([OSError(f"no way to send {CODE}"), None, None])

    def stumbles_first(challenge_id: str, medium: str) -> dict[str, Any]:
        if (error := next(answers)) is not None:
            raise error
        return a_code_text()

    away = notify.changed(notify_file=str(notify.file.parent / CODE / "messages.log"))
    with structlog.testing.capture_logs() as logs, auth(stumbles_first):
        notify.hear(a_code_request())
        assert send_code(notify)
        notify.clock.advance(1)
        assert send_code(away), "a channel that fails and quotes the code in its error"
        notify.clock.advance(2)
        assert send_code(notify)

    assert CODE in notify.sent[0]["text"]
    assert len(logs) == 2
    told = "".join(capfd.readouterr())
    assert CODE not in everything_stored(notify) + repr(logs) + told
    assert (notify.message.body, notify.message.attempts) == (None, 3)


def test_in_development_what_was_sent_can_be_looked_at(notify: Notify) -> None:
    dev = notify.changed(env="dev", notify_file="")
    with auth():
        dev.hear(a_code_request())
        send_code(dev)

    [shown] = dev.worker().list_sent_messages(to=ANN)["messages"]
    assert shown["body"].startswith(f"Your code: {CODE}.")
    assert shown["subject"] == f"challenge/{CHALLENGE}"
    assert everything_stored(dev).count(f"Your code: {CODE}") == 1


def test_no_transaction_is_open_while_auth_is_asked(notify: Notify) -> None:
    """Somebody else writes meanwhile, even to the very row: neither database would let them."""

    def writes_first(challenge_id: str, medium: str) -> dict[str, Any]:
        with notify.database.write(seconds_left=0.5, lock_seconds=0.5) as session:
            session.execute(text("UPDATE messages SET language = 'fr'"))
            session.add(Subject(name="appointment/99", version=1))
        return a_code_text()

    with auth(writes_first):
        notify.hear(a_code_request())
        send_code(notify)

    assert len(notify.sent) == 1
    with notify.database.read() as session:
        assert session.scalar(select(Subject.version).where(Subject.name == "appointment/99")) == 1


def test_while_auth_is_away_a_code_is_tried_again_soon_and_sent_once_it_is_back(
    notify: Notify,
) -> None:
    notify.hear(a_code_request())
    with impatient(notify) as alone:
        for attempts, delay in enumerate((1, 2, 5, 10), start=1):
            before = notify.clock()
            assert send_code(alone)
            waiting = notify.message
            assert (waiting.attempts, waiting.unsettled) == (attempts, 0)
            assert waiting.reason == "ServiceSilent"
            assert waiting.next_attempt_at is not None
            waited = waiting.next_attempt_at - before
            assert timedelta(seconds=delay) <= waited <= timedelta(seconds=delay + 3)
            assert not send_code(notify)
            notify.clock.advance(delay)
    with auth():
        assert send_code(notify)

    assert len(notify.sent) == 1
    assert (notify.message.attempts, notify.message.reason) == (5, None)


def test_an_auth_that_is_silent_for_long_is_not_even_asked_and_nothing_is_lost(
    notify: Notify,
) -> None:
    notify.hear(a_code_request(good_for=3600))
    with impatient(notify) as alone:
        for _ in range(12):
            assert send_code(alone)
            notify.clock.advance(30)
        assert notify.message.reason == "CircuitOpen"
        with auth():
            until = time.monotonic() + 20
            while not notify.sent and time.monotonic() < until:
                time.sleep(0.5)
                send_code(alone)
                notify.clock.advance(30)

    assert len(notify.sent) == 1


def test_a_code_that_nobody_could_send_in_time_is_not_sent_later(notify: Notify) -> None:
    notify.hear(a_code_request(good_for=30))
    send_code(notify)
    notify.clock.advance(30)
    with auth():
        notify.send_all()

    assert notify.sent == []
    assert notify.message.attempts == 1
    assert notify.message.skipped_at is not None
    assert notify.message.reason == "it was over before it could be sent (ServiceSilent)"


def test_a_code_that_expires_while_auth_is_asked_is_not_sent(notify: Notify) -> None:
    def takes_long(challenge_id: str, medium: str) -> dict[str, Any]:
        notify.clock.advance(600)
        return a_code_text()

    with auth(takes_long):
        notify.hear(a_code_request(good_for=600))
        send_code(notify)

    assert notify.sent == []
    assert notify.message.skipped_at is not None


def test_a_challenge_that_is_over_is_skipped(notify: Notify) -> None:
    def is_over(challenge_id: str, medium: str) -> dict[str, Any]:
        raise NotFound("challenge_over")

    with auth(is_over):
        notify.hear(a_code_request())
        notify.send_all()

    assert notify.sent == []
    assert notify.message.skipped_at is not None
    assert notify.message.reason == "the code has expired or was used"
    assert notify.message.unsettled == 0


@pytest.mark.parametrize("refusal", [NotFound("method_not_found"), Conflict("busy")])
def test_any_other_refusal_is_a_failed_attempt(notify: Notify, refusal: Exception) -> None:
    def refuses(challenge_id: str, medium: str) -> dict[str, Any]:
        raise refusal

    with auth(refuses):
        notify.hear(a_code_request())
        send_code(notify)

    assert notify.message.next_attempt_at is not None
    assert notify.message.reason == type(refusal).__name__


def test_a_code_is_never_sent_to_another_phone_than_its_own(notify: Notify) -> None:
    """Somebody with an account on the broker could announce a request of their own making."""
    with auth():
        notify.hear(a_code_request(phone=BOB))
        notify.send_all()

    assert notify.sent == []
    assert notify.message.reason == "the challenge is about somebody else"


def test_a_code_waits_for_no_other_message(notify: Notify) -> None:
    """However many wait, and for how long: they are another loop's."""
    for number in range(1, 31):
        notify.hear(an_event(number=number))
    with auth():
        notify.hear(a_code_request())
        assert send_code(notify)
        assert not send_code(notify)

    assert [out["kind"] for out in notify.sent] == ["code"]
    assert notify.send()
    assert notify.sent[-1]["kind"] == "appointment_created"


def test_codes_stand_in_nobodys_list(notify: Notify) -> None:
    with auth():
        notify.hear(a_code_request())
        notify.send_all()

    assert notify.notices == []


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_slow_auth_lets_no_second_sender_take_the_same_code(notify: Notify) -> None:
    """It takes longer than the first delay, which counts from a failure and not from the claim."""

    def slow(challenge_id: str, medium: str) -> dict[str, Any]:
        time.sleep(0.8)
        return a_code_text()

    def send_for_a_while(seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not send_code(notify):
                time.sleep(0.05)

    notify.clock.advance(1)
    with auth(slow) as asked:
        notify.hear(a_code_request())
        assert at_once([lambda: send_for_a_while(1.5)] * 2) == [None, None]

    assert len(asked.received) == len(notify.sent) == 1
    assert (notify.message.attempts, notify.message.unsettled) == (1, 0)
