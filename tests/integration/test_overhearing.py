"""Overhearing a service's events on a real broker, which goes and comes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from deploy.local.rabbitmq import LocalRabbitMQ
from services.common.events import Envelope
from services.common.rpc.listener import Listener
from tests.brokers import a_broker
from tests.integration.kitchens import a_kitchen, eventually


@pytest.fixture
def broker() -> Iterator[LocalRabbitMQ]:
    with a_broker() as server:
        yield server


def test_events_are_heard_by_everybody_who_listens_and_gaps_are_known(
    broker: LocalRabbitMQ, postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    heard: list[Envelope] = []
    gaps: list[bool] = []
    heard_too: list[Envelope] = []
    with a_kitchen(tmp_path, broker.url, postgres_database()) as kitchen:
        kitchen.start()
        one = Listener(broker.url, kitchen.name, on_event=heard.append, on_listening=gaps.append)
        two = Listener(
            broker.url, kitchen.name, on_event=heard_too.append, on_listening=lambda _: None
        )
        for listener in (one, two):
            listener.start()
            listener.start()
        eventually(lambda: gaps == [True])
        eventually(lambda: len(overhearing(broker)) == 2)

        kitchen.call("boil", request={"drink": "tea"})
        eventually(lambda: heard and heard_too)
        assert [event.data for event in heard] == [{"drink": "tea"}] == [e.data for e in heard_too]

        with capture_logs() as logs:
            broker.kill()
            eventually(lambda: gaps[-1] is False)
            broker.start()
            eventually(lambda: gaps[-1] is True)
            eventually(lambda: told(logs, "listening_again") == 2)
        assert told(logs, "not_listening") == 2, "once by each of the two"
        kitchen.call("boil", command_id="again", request={"drink": "coffee"})
        eventually(lambda: [event.data["drink"] for event in heard] == ["tea", "coffee"])

        one.stop()
        two.stop()
        assert gaps[-1] is False
        eventually(lambda: not overhearing(broker))


def told(logs: Sequence[Mapping[str, Any]], event: str) -> int:
    return sum(log["event"] == event for log in logs)


def overhearing(broker: LocalRabbitMQ) -> list[str]:
    return [name for name in broker.queues() if name.startswith("overhears-")]
