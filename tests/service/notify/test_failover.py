"""Codes go the way that was asked for, and another way when that one fails for good."""

from typing import Any

import pytest

from services.notify import channels
from services.notify.channels import console
from services.notify.channels.failures import Undeliverable
from services.notify.domain.media import Medium
from services.notify.domain.outgoing import Outgoing
from services.notify.domain.retries import PATIENT_FAILURES
from services.notify.use_cases import failover
from tests.service.conftest import at_once
from tests.service.notify.conftest import (
    ANN,
    CODE,
    DUE,
    FAILED,
    SENT,
    SKIPPED,
    Killed,
    Notify,
    a_code_request,
    a_code_text,
    auth,
    end_of,
    send_code,
)
from tests.service.notify.mailserver import mail_server

EMAIL = "ann@example.com"
SMS, CALL, LETTER = Medium.SMS, Medium.CALL, Medium.EMAIL


def knows_both(challenge_id: str, medium: str) -> dict[str, Any]:
    return a_code_text(recipient=EMAIL if medium == "email" else ANN)


def asked(medium: str = "sms", *, email: str | None = EMAIL, phone: str | None = ANN, **more: Any):
    event = a_code_request(**more)
    event["data"] |= {"medium": medium, "contact": {"phone": phone, "email": email}}
    return event


class Exchange:
    """The outside world of a developer's terminal: some media fail there, some for good."""

    def __init__(self) -> None:
        self.heard: list[tuple[Medium, str]] = []
        self.failing: dict[Medium, Exception] = {}

    def send(self, outgoing: Outgoing) -> None:
        if error := self.failing.get(outgoing.medium):
            raise error
        self.heard.append((outgoing.medium, outgoing.recipient))


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Exchange:
    exchange = Exchange()
    monkeypatch.setattr(console, "send", exchange.send)
    return exchange


@pytest.fixture
def dev(notify: Notify) -> Notify:
    return notify.changed(env="dev", notify_file="")


def send_all_codes(notify: Notify) -> None:
    with auth(knows_both):
        while send_code(notify):
            pass


def ends(notify: Notify) -> list[tuple[Medium, tuple[bool, ...]]]:
    return [(message.medium, end_of(message)) for message in notify.messages]


@pytest.mark.parametrize(
    ("wanted", "email", "taken"),
    [
        ("sms", EMAIL, (SMS, ANN)),
        ("call", EMAIL, (CALL, ANN)),
        ("email", EMAIL, (LETTER, EMAIL)),
        ("email", None, (SMS, ANN)),
        ("pigeon", EMAIL, (SMS, ANN)),
    ],
)
def test_a_code_goes_the_way_that_was_asked_for_if_there_is_such(
    dev: Notify, exchange: Exchange, wanted: str, email: str | None, taken: tuple[Medium, str]
) -> None:
    dev.hear(asked(wanted, email=email))
    send_all_codes(dev)

    assert exchange.heard == [taken]
    assert end_of(dev.message) == SENT


def test_a_way_that_is_not_offered_is_not_taken(dev: Notify, exchange: Exchange) -> None:
    only_sms = dev.changed(code_channels=("sms",))
    only_sms.hear(asked("call"))
    send_all_codes(only_sms)

    assert exchange.heard == [(SMS, ANN)]
    assert only_sms.message.other_ways == []


def test_what_is_for_an_address_goes_there_whatever_is_offered_for_phones(
    dev: Notify, exchange: Exchange
) -> None:
    only_sms = dev.changed(code_channels=("sms",))
    only_sms.hear(asked("email", phone=None))
    with auth(lambda challenge_id, medium: a_code_text(recipient=EMAIL)):
        send_code(only_sms)

    assert exchange.heard == [(LETTER, EMAIL)]


def test_what_can_be_offered_is_told_in_its_order(notify: Notify) -> None:
    def offered(**settings: Any) -> list[str]:
        told: list[str] = notify.changed(**settings).worker().list_code_channels()["channels"]
        return told

    assert offered() == ["sms", "call", "email"]
    assert offered(code_channels=("email", "sms")) == ["email", "sms"]
    assert offered(notify_file="") == []
    with mail_server() as server:
        assert offered(notify_file="", smtp_server=server.address) == ["email"]


def test_a_way_that_fails_for_good_is_followed_by_the_next(dev: Notify, exchange: Exchange) -> None:
    exchange.failing = {SMS: Undeliverable("a landline"), CALL: Undeliverable("nobody there")}
    dev.hear(asked())
    send_all_codes(dev)

    assert exchange.heard == [(LETTER, EMAIL)]
    assert ends(dev) == [(SMS, FAILED), (CALL, FAILED), (LETTER, SENT)]


def test_where_every_way_fails_for_good_that_is_the_end(dev: Notify, exchange: Exchange) -> None:
    exchange.failing = dict.fromkeys(Medium, Undeliverable("no"))
    dev.hear(asked())
    send_all_codes(dev)

    assert [end for _, end in ends(dev)] == [FAILED] * 3
    assert not send_code(dev)


def test_a_way_that_fails_for_now_is_given_some_attempts(dev: Notify, exchange: Exchange) -> None:
    exchange.failing = {SMS: OSError(f"no way to send {CODE}")}
    dev.hear(asked())
    with auth(knows_both):
        for _ in range(PATIENT_FAILURES):
            assert exchange.heard == []
            assert send_code(dev)
            if len(dev.messages) == 1:
                dev.clock.advance(30)
        assert send_code(dev)

    assert exchange.heard == [(CALL, ANN)]
    assert ends(dev) == [(SMS, FAILED), (CALL, SENT)]
    assert dev.messages[0].reason == "OSError"


def test_the_last_way_is_tried_for_as_long_as_the_code_is_good(
    dev: Notify, exchange: Exchange
) -> None:
    exchange.failing = {SMS: OSError("away")}
    dev.hear(asked(email=None))
    only_sms = dev.changed(code_channels=("sms",))
    only_sms.hear(asked(challenge="another", email=None))
    with auth(knows_both):
        for _ in range(PATIENT_FAILURES + 2):
            send_code(only_sms)
            send_code(only_sms)
            dev.clock.advance(30)
        exchange.failing = {}
        send_code(only_sms)
        send_code(only_sms)

    assert (SMS, ANN) in exchange.heard


def test_an_auth_that_is_silent_is_no_reason_to_try_another_way(
    dev: Notify, exchange: Exchange
) -> None:
    dev.hear(asked())

    def away(challenge_id: str, medium: str) -> dict[str, Any]:
        raise OSError

    with auth(away):
        for _ in range(PATIENT_FAILURES + 1):
            assert send_code(dev)
            dev.clock.advance(30)

    assert len(dev.messages) == 1


def test_a_newer_request_ends_the_older_ones_ways(dev: Notify, exchange: Exchange) -> None:
    exchange.failing = {SMS: Undeliverable("a landline")}
    dev.hear(asked())

    def asked_again_meanwhile(challenge_id: str, medium: str) -> dict[str, Any]:
        if len(dev.messages) == 1:
            dev.hear(asked("email", sequence=2))
        return knows_both(challenge_id, medium)

    with auth(asked_again_meanwhile):
        while send_code(dev):
            pass

    assert exchange.heard == [(LETTER, EMAIL)]
    assert ends(dev) == [(SMS, SKIPPED), (LETTER, SENT)]


def test_the_same_request_twice_takes_no_way_twice(dev: Notify, exchange: Exchange) -> None:
    exchange.failing = {SMS: Undeliverable("a landline")}
    event = asked()
    dev.hear(event)
    send_all_codes(dev)
    dev.hear(event)
    send_all_codes(dev)

    assert exchange.heard == [(CALL, ANN)]


def test_while_another_channel_carries_it_no_other_way_is_tried(
    notify: Notify, exchange: Exchange
) -> None:
    """A copy goes to the file, which takes everything."""
    both = notify.changed(env="dev")
    exchange.failing = {SMS: Undeliverable("a landline")}
    both.hear(asked())
    send_all_codes(both)

    assert exchange.heard == []
    assert [out["medium"] for out in both.sent] == ["sms"]
    assert sorted(end for _, end in ends(both)) == sorted([FAILED, SENT])


@pytest.mark.parametrize("backend", ["postgresql"])
def test_of_two_channels_that_fail_at_once_the_second_goes_on(
    notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise Undeliverable("a landline")

    monkeypatch.setattr(console, "send", fail)
    monkeypatch.setattr(channels.file, "send", fail)
    both = notify.changed(env="dev")
    with auth(knows_both):
        for number in range(10):
            both.hear(asked(challenge=f"{number}", email=None))
            assert at_once([lambda: send_code(both)] * 2) == [True, True]
            while send_code(both):
                pass

    assert [end for _, end in ends(both)] == [FAILED] * 40


def test_no_code_goes_to_an_address_that_auth_does_not_name(
    dev: Notify, exchange: Exchange
) -> None:
    with auth():
        dev.hear(asked("email"))
        while send_code(dev):
            pass

    assert exchange.heard == []
    assert dev.message.reason == "the challenge is about somebody else"


def test_a_process_that_dies_while_it_changes_over_leaves_the_message_to_the_next(
    dev: Notify, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise Killed

    exchange.failing = {SMS: Undeliverable("a landline")}
    dev.hear(asked())
    with monkeypatch.context() as dying, auth(knows_both), pytest.raises(Killed):
        dying.setattr(failover, "add_messages", die)
        send_code(dev)
    assert [end for _, end in ends(dev)] == [DUE]

    dev.clock.advance(60)
    send_all_codes(dev)
    assert exchange.heard == [(CALL, ANN)]
    assert ends(dev) == [(SMS, FAILED), (CALL, SENT)]
