"""What a listener says of a broker that is away."""

import threading

import pytest
from structlog.testing import capture_logs

from services.common.rpc import listener as listening
from services.common.rpc.listener import Listener


def test_a_broker_that_stays_away_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PAUSE_SECONDS", 0.001)
    tries, enough = [], threading.Event()

    def note(is_listening: bool) -> None:
        tries.append(is_listening)
        if len(tries) == 3:
            enough.set()

    nowhere = Listener(
        "amqp://127.0.0.1:9//", "booking", on_event=lambda _: None, on_listening=note
    )
    with capture_logs() as logs:
        nowhere.start()
        assert enough.wait(20)
        nowhere.stop()
    assert not any(tries)
    assert [(log["event"], log["service"]) for log in logs] == [("not_listening", "booking")]
