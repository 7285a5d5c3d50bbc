"""Sending replies: on kept connections, without waiting for the broker's confirmation.

A reply that gets lost costs its caller a timeout, and the command can be
repeated, so confirming each one is not worth half of a call's time. But a
connection on which the broker has hung up is recognised before it is used.
"""

import contextlib
import threading
from typing import Any

from kombu import Connection, Producer

from services.common.rpc.exchanges import RPC_EXCHANGE
from services.common.rpc.lines import TRANSIENT, is_alive


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
        return connection, Producer(connection.channel(), exchange=RPC_EXCHANGE, auto_declare=False)

    def _kept(self) -> tuple[Connection, Producer] | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                line = self._idle.pop()
            if is_alive(line[0]):
                return line
            _hang_up(line[0])


def _hang_up(connection: Connection) -> None:
    with contextlib.suppress(Exception):
        connection.collect()
