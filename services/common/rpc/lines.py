"""Lines: connections to the broker, each with a reply queue of its own.

A line carries one call at a time and is used by one thread at a time; a pool
hands lines out. Lines send no heartbeats, because nobody would read them
between calls: a line that has been idle for long is replaced instead, and one
on which the broker has hung up is recognised before it is used.
"""

import select
import threading
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

from kombu.connection import Connection
from kombu.entity import Queue
from kombu.messaging import Consumer, Producer

from services.common.rpc.exchanges import RPC_EXCHANGE

CONNECT_SECONDS = 1.0
BROKER_ANSWER_SECONDS = 2.0
OLD_AFTER_SECONDS = 60.0
TRANSIENT = 1


class BrokerUnreachable(Exception):
    """Nothing was sent, because there is no way to the broker."""


class NoLineFree(Exception):
    """Nothing was sent, because every line was in use until the deadline."""


class NoReply(Exception):
    """The deadline has come without a reply."""


def is_alive(connection: Connection) -> bool:
    """Whether the broker has not hung up on a connection from which nothing is expected.

    What can be read from it is then an end of file or the broker's farewell.
    """
    socket = getattr(connection.connection, "sock", None)
    if socket is None:
        return bool(connection.connected)
    readable, _, _ = select.select([socket], [], [], 0)
    return not readable


class Line:
    """A connection and its reply queue; BrokerUnreachable when it cannot be made."""

    def __init__(self, amqp_uri: str) -> None:
        self.used_at = time.monotonic()
        self._awaited = ""
        self._replies: list[dict[str, Any]] = []
        self._connection = Connection(
            amqp_uri,
            connect_timeout=CONNECT_SECONDS,
            heartbeat=0,
            transport_options={
                "read_timeout": BROKER_ANSWER_SECONDS,
                "write_timeout": BROKER_ANSWER_SECONDS,
            },
        )
        try:
            self._open()
        except Exception as error:
            self.drop()
            raise BrokerUnreachable(type(error).__name__) from error

    def _open(self) -> None:
        self._connection.ensure_connection(max_retries=0)
        channel = self._connection.channel()
        name = f"rpc.reply-gateway-{uuid4()}"
        queue = Queue(name, RPC_EXCHANGE, name, durable=False, exclusive=True, auto_delete=True)
        self._queue = queue(channel)
        self._queue.declare()
        self._producer = Producer(channel, RPC_EXCHANGE, serializer="json")
        Consumer(channel, [self._queue], no_ack=True, on_message=self._receive).consume()

    def ask(
        self,
        routing_key: str,
        body: dict[str, Any],
        headers: dict[str, str],
        *,
        deadline: float,
    ) -> dict[str, Any]:
        """Send and wait for the reply until ``deadline`` (monotonic), then NoReply.

        The request expires on the broker at the same moment. Any other exception
        means that the line is broken and the fate of the request unknown.
        """
        self._replies, self._awaited = [], str(uuid4())
        self._producer.publish(
            body,
            routing_key=routing_key,
            reply_to=self._queue.name,
            correlation_id=self._awaited,
            expiration=max(deadline - time.monotonic(), 0.001),
            delivery_mode=TRANSIENT,
            headers=headers,
            retry=False,
        )
        self._await_reply(deadline)
        self.used_at = time.monotonic()
        return self._replies[0]

    def _await_reply(self, deadline: float) -> None:
        while not self._replies:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NoReply
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=left)

    def _receive(self, message: Any) -> None:
        """Take the reply that is waited for; one of an earlier call is dropped."""
        if message.properties.get("correlation_id") == self._awaited:
            self._replies.append(message.payload)

    def check(self) -> None:
        """Ask the broker something; an exception when it does not answer."""
        self._queue.queue_declare(passive=True)

    @property
    def is_usable(self) -> bool:
        """Not too old, and the broker has not hung up: between calls nothing is expected."""
        if time.monotonic() - self.used_at > OLD_AFTER_SECONDS:
            return False
        return is_alive(self._connection)

    def drop(self) -> None:
        """Hang up without a farewell, which a broken connection could not take.

        The broker then deletes the queue; the in-memory one needs to be told.
        """
        with suppress(Exception):
            if self._connection.transport.driver_type == "amqp":
                self._connection.collect()
            else:
                self._queue.delete()
                self._connection.release()


class Lines:
    """A pool of lines, made when they are needed, the last used first."""

    def __init__(self, amqp_uri: str, *, most: int = 16) -> None:
        self._amqp_uri = amqp_uri
        self._places = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[Line] = []

    def take(self, *, deadline: float, fresh: bool = False) -> Line:
        """A usable line, new if ``fresh``; BrokerUnreachable or NoLineFree when there is none."""
        if not self._places.acquire(timeout=max(deadline - time.monotonic(), 0)):
            raise NoLineFree
        try:
            if fresh:
                self.close()
            while line := self._last_used():
                if line.is_usable:
                    return line
                line.drop()
            return Line(self._amqp_uri)
        except BaseException:
            self._places.release()
            raise

    def give_back(self, line: Line) -> None:
        with self._lock:
            self._idle.append(line)
        self._places.release()

    def discard(self, line: Line) -> None:
        line.drop()
        self._places.release()

    def close(self) -> None:
        """Drop the lines that are idle."""
        while line := self._last_used():
            line.drop()

    def _last_used(self) -> Line | None:
        with self._lock:
            return self._idle.pop() if self._idle else None
