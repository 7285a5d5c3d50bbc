"""The gateway's own RPC client, with real messages on a bus in memory."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from services.common.errors import Conflict, DeadlinePassed
from services.common.rpc import lines
from services.common.rpc.circuits import PAUSE_SECONDS, SILENT_CALLS, Circuit
from services.common.rpc.client import (
    Caller,
    CircuitOpen,
    OutcomeUnknown,
    Overloaded,
    RpcClient,
    ServiceDefect,
    ServiceSilent,
    Unreachable,
)
from services.common.rpc.lines import Line
from tests.small_bus import URI, Silence, SmallService

CALLER = Caller(request_id="r-1", viewer={"partner_id": 3, "user_id": None}, locale="fr")


def refuse() -> None:
    raise Conflict("slot_taken", fields={"starts_at": "not free"}, handle=2, params={"n": 1})


def fail() -> None:
    raise KeyError("phone +33612345678")


def be_silent() -> None:
    raise Silence


def be_late() -> None:
    raise DeadlinePassed


METHODS = {
    "echo": lambda **arguments: arguments,
    "refuse": refuse,
    "fail": fail,
    "be_silent": be_silent,
    "be_late": be_late,
}


@pytest.fixture
def service() -> Iterator[SmallService]:
    with SmallService("small", METHODS) as service:
        yield service


@pytest.fixture
def client() -> Iterator[RpcClient]:
    client = RpcClient(URI, timeout_seconds=1.0)
    yield client
    client.close()


def call(client: RpcClient, method: str, **arguments: Any) -> Any:
    return client.call("small", method, arguments, caller=CALLER, command_id="c-1")


def test_a_call_returns_what_the_method_returns(service, client):
    assert call(client, "echo", number=1, text="é") == {"number": 1, "text": "é"}


def test_a_call_says_who_asks_in_which_request_and_until_when(service, client):
    call(client, "echo")
    headers = service.received[0]["headers"]
    assert headers["nameko.request_id"] == "r-1"
    assert headers["nameko.command_id"] == "c-1"
    assert headers["nameko.locale"] == "fr"
    assert json.loads(headers["nameko.viewer"]) == {"partner_id": 3, "user_id": None}
    assert 0 < float(headers["nameko.deadline"]) - time.time() <= 1.0


def test_a_request_expires_on_the_broker_with_its_deadline(service, client):
    call(client, "echo")
    properties = service.received[0]["properties"]
    assert 0 < int(properties["expiration"]) <= 1000
    assert properties["delivery_mode"] == 1


def test_a_refusal_arrives_whole(service, client):
    with pytest.raises(Conflict) as caught:
        call(client, "refuse")
    refusal = caught.value
    assert (refusal.code, refusal.handle) == ("slot_taken", 2)
    assert (refusal.fields, refusal.params) == ({"starts_at": "not free"}, {"n": 1})


def test_a_defect_names_the_exception_and_not_what_it_said(service, client):
    with pytest.raises(ServiceDefect) as caught:
        call(client, "fail")
    assert str(caught.value) == "KeyError"


def test_a_silent_service_is_given_up_at_the_deadline(service, client):
    started = time.monotonic()
    with pytest.raises(ServiceSilent):
        call(client, "be_silent")
    assert 0.9 < time.monotonic() - started < 2


def test_a_call_that_came_too_late_has_an_unknown_outcome(service, client):
    with pytest.raises(OutcomeUnknown):
        call(client, "be_late")


def test_without_a_broker_a_call_fails_at_once():
    client = RpcClient("amqp://guest:guest@127.0.0.1:9/", timeout_seconds=5.0)
    started = time.monotonic()
    with pytest.raises(Unreachable):
        call(client, "echo")
    assert time.monotonic() - started < 2
    assert not client.reaches_broker()


def test_with_a_broker_the_client_reaches_it(client):
    assert client.reaches_broker()


def test_a_reply_to_an_earlier_call_is_dropped(service, client):
    def echo_after_a_stale_reply(**arguments: Any) -> Any:
        asked = service.received[-1]["properties"]
        service.reply({**asked, "correlation_id": "earlier"}, {"result": "stale", "error": None})
        return arguments

    service.methods["echo"] = echo_after_a_stale_reply
    assert call(client, "echo", fresh=True) == {"fresh": True}


def test_a_line_is_used_again(service, client, monkeypatch):
    made = count_lines(monkeypatch)
    for _ in range(3):
        call(client, "echo")
    assert len(made) == 1


def test_a_line_that_was_idle_for_long_is_replaced(service, client, monkeypatch):
    made = count_lines(monkeypatch)
    call(client, "echo")
    monkeypatch.setattr(lines, "OLD_AFTER_SECONDS", 0.0)
    call(client, "echo")
    assert len(made) == 2


def test_a_call_whose_line_breaks_is_sent_once_more_with_the_same_command_id(
    service, client, monkeypatch
):
    break_lines(monkeypatch, times=1)
    assert call(client, "echo", number=1) == {"number": 1}
    sent = [received["headers"]["nameko.command_id"] for received in service.received]
    assert sent == ["c-1", "c-1"]


def test_a_call_whose_line_breaks_twice_has_an_unknown_outcome(service, client, monkeypatch):
    break_lines(monkeypatch, times=2)
    with pytest.raises(OutcomeUnknown):
        call(client, "echo")


def test_a_call_that_must_not_happen_twice_is_sent_once(service, client, monkeypatch):
    break_lines(monkeypatch, times=1)
    with pytest.raises(OutcomeUnknown):
        client.call("small", "echo", {}, caller=CALLER, once=True)
    assert len(service.received) == 1
    client.call("small", "echo", {}, caller=CALLER, once=True)
    assert len(service.received) == 2


def test_after_a_break_every_idle_line_is_replaced(service, client, monkeypatch):
    made = count_lines(monkeypatch)
    break_lines(monkeypatch, times=1)
    call(client, "echo")
    call(client, "echo")
    assert len(made) == 2


def test_threads_share_a_client_and_each_gets_its_own_answer(service, client):
    answers: dict[int, Any] = {}

    def ask(number: int) -> None:
        answers[number] = [call(client, "echo", n=number, i=i) for i in range(20)]

    threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: [{"n": n, "i": i} for i in range(20)] for n in range(8)}


def test_when_every_line_is_busy_until_the_deadline_nothing_is_sent(service):
    client = RpcClient(URI, timeout_seconds=0.3)
    client._lines = lines.Lines(URI, most=1)
    taken = client._lines.take(deadline=time.monotonic() + 1)
    with pytest.raises(Overloaded):
        call(client, "echo")
    assert service.received == []
    client._lines.give_back(taken)
    assert call(client, "echo", n=1) == {"n": 1}


def test_a_service_that_is_silent_too_often_is_left_alone(service):
    client = RpcClient(URI, timeout_seconds=0.05)
    for _ in range(SILENT_CALLS):
        with pytest.raises(ServiceSilent):
            call(client, "be_silent")
    with pytest.raises(CircuitOpen) as caught:
        call(client, "be_silent")
    assert 0 < caught.value.retry_after_seconds <= PAUSE_SECONDS
    with pytest.raises(ServiceSilent):
        client.call("another", "echo", {}, caller=CALLER)


def test_an_open_circuit_lets_one_probe_through_and_closes_with_an_answer():
    now = 100.0
    circuit = Circuit(clock=lambda: now)
    for _ in range(SILENT_CALLS):
        assert circuit.seconds_to_wait() == 0
        circuit.silent()
    assert circuit.seconds_to_wait() == PAUSE_SECONDS
    now += PAUSE_SECONDS
    assert circuit.seconds_to_wait() == 0
    assert circuit.seconds_to_wait() == PAUSE_SECONDS
    circuit.answered()
    assert circuit.seconds_to_wait() == 0


def test_answers_between_silent_calls_keep_the_circuit_closed():
    circuit = Circuit()
    for _ in range(SILENT_CALLS * 2):
        circuit.silent()
        circuit.silent()
        circuit.answered()
    assert circuit.seconds_to_wait() == 0


def count_lines(monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """The list that every line made from now on stands in."""
    made: list[Line] = []
    really_open = Line._open

    def open_and_count(line: Line) -> None:
        made.append(line)
        really_open(line)

    monkeypatch.setattr(Line, "_open", open_and_count)
    return made


def break_lines(monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
    """Let the next lines break after they have sent, as when the broker dies."""
    left = [times]
    really_receive = Line._receive

    def receive(line: Line, message: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise ConnectionResetError
        really_receive(line, message)

    monkeypatch.setattr(Line, "_receive", receive)
