"""A bus in memory and services of a few lines on it, for tests of what calls services.

They speak the wire of ``nameko-rpc`` with kombu alone, so a client under test
sends and receives real messages.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self

import kombu.transport
from kombu import Connection, Consumer, Exchange, Producer, Queue
from kombu.transport import memory

from services.common.errors import Refusal, to_error

EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
URI = "small-bus://localhost/"

Method = Callable[..., Any]


class Transport(memory.Transport):
    """Looks for messages often enough for tests."""

    polling_interval = 0.001


kombu.transport.TRANSPORT_ALIASES["small-bus"] = f"{__name__}:Transport"


class Silence(Exception):
    """Raised by a method that does not answer."""


class SmallService:
    """Answers calls with plain functions, one at a time; remembers what it received."""

    def __init__(self, name: str, methods: Mapping[str, Method], *, uri: str = URI) -> None:
        self.name = name
        self.methods = dict(methods)
        self.received: list[dict[str, Any]] = []
        self._uri = uri
        self._stopping = threading.Event()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"small-{name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listening.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        with Connection(self._uri) as connection:
            channel = connection.channel()
            queue = Queue(f"rpc-{self.name}", EXCHANGE, f"{self.name}.*")(channel)
            queue.declare()
            self._producer = Producer(channel, EXCHANGE, serializer="json")
            with Consumer(channel, [queue], no_ack=True, on_message=self._answer):
                self._listening.set()
                while not self._stopping.is_set():
                    with suppress(TimeoutError):
                        connection.drain_events(timeout=0.02)
            queue.delete()

    def _answer(self, message: Any) -> None:
        method = message.delivery_info["routing_key"].partition(".")[2]
        self.received.append(
            {
                "method": method,
                "arguments": message.payload["kwargs"],
                "headers": message.headers,
                "properties": message.properties,
            }
        )
        result, error = None, None
        try:
            result = self.methods[method](**message.payload["kwargs"])
        except Silence:
            return
        except Refusal as refusal:
            error = {"exc_type": refusal.kind, "refusal": to_error(refusal)}
        except Exception as failure:
            error = {"exc_type": type(failure).__name__, "value": str(failure)}
        self.reply(message.properties, {"result": result, "error": error})

    def reply(self, properties: Mapping[str, Any], body: dict[str, Any]) -> None:
        self._producer.publish(
            body,
            routing_key=properties["reply_to"],
            correlation_id=properties["correlation_id"],
        )
