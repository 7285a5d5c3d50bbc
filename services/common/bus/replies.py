"""Sending replies: on kept connections, without waiting for the broker's confirmation.

A reply that gets lost costs its caller a timeout, and the command can be
repeated, so confirming each one is not worth half of a call's time. But a
connection on which the broker has hung up is recognised before it is used.
"""

import contextlib
import select
import threading
from typing import Any

from kombu import Connection, Exchange, Producer

REPLIES = Exchange("nameko-rpc", type="topic", durable=True)
TRANSIENT = 1


class Replies:
    """Publishes to the exchange of replies; connections are kept for the next one."""

    def __init__(self, amqp_uri: str) -> None:
        self._amqp_uri = amqp_uri
        self._lock = threading.Lock()
        self._idle: list[tuple[Connection, Producer]] = []

    def send(self, body: dict[str, Any], *, reply_to: str, correlation_id: str | None) -> None:
        """Send one reply; tried once more on a new connection when the kept one is broken."""
        try:
            self._send(self._kept() or self._new(), body, reply_to, correlation_id)
        except Exception:
            self._send(self._new(), body, reply_to, correlation_id)

    def close(self) -> None:
        while kept := self._kept():
            _hang_up(kept[0])

    def _send(
        self,
        line: tuple[Connection, Producer],
        body: dict[str, Any],
        reply_to: str,
        correlation_id: str | None,
    ) -> None:
        try:
            line[1].publish(
                body,
                routing_key=reply_to,
                correlation_id=correlation_id,
                serializer="json",
                delivery_mode=TRANSIENT,
                retry=False,
            )
        except BaseException:
            _hang_up(line[0])
            raise
        with self._lock:
            self._idle.append(line)

    def _new(self) -> tuple[Connection, Producer]:
        connection = Connection(self._amqp_uri, connect_timeout=3, heartbeat=0)
        return connection, Producer(connection.channel(), exchange=REPLIES, auto_declare=False)

    def _kept(self) -> tuple[Connection, Producer] | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                line = self._idle.pop()
            if _is_alive(line[0]):
                return line
            _hang_up(line[0])


def _is_alive(connection: Connection) -> bool:
    """Nothing is expected on such a connection: what can be read is the broker's farewell."""
    socket = getattr(connection.connection, "sock", None)
    if socket is None:
        return bool(connection.connected)
    readable, _, _ = select.select([socket], [], [], 0)
    return not readable


def _hang_up(connection: Connection) -> None:
    with contextlib.suppress(Exception):
        connection.collect()
