"""Overhearing a service's events: at most once each, and none that came while nobody listened.

For what may be forgotten, such as answers that are kept. What must not be lost
is for a subscriber, with an inbox.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.messaging import Consumer

from services.common.events import Envelope, unseal
from services.common.rpc.exchanges import event_exchange

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 6.0
LOOK_SECONDS = 1.0
PAUSE_SECONDS = 1.0


class Listener:
    """Hears the events of one service in a thread of its own, once it was started.

    ``on_listening(True)`` is called when it begins to hear, also after a gap, and
    ``on_listening(False)`` when it does not any more, at the latest some 15 seconds after
    the broker has fallen silent.
    """

    def __init__(
        self,
        amqp_uri: str,
        service: str,
        *,
        on_event: Callable[[Envelope], None],
        on_listening: Callable[[bool], None],
    ) -> None:
        self._amqp_uri = amqp_uri
        self._service = service
        self._on_event, self._on_listening = on_event, on_listening
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_deaf = False

    def start(self) -> None:
        """Begin, unless it has begun. In a process that was forked: call it after the fork."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Hear no more; returns when it does not."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except Exception as error:
                self._tell_of_gap(error)
            finally:
                self._on_listening(False)
            self._stopping.wait(PAUSE_SECONDS)

    def _listen(self) -> None:
        with Connection(
            self._amqp_uri, connect_timeout=3, heartbeat=HEARTBEAT_SECONDS
        ) as connection:
            connection.ensure_connection(max_retries=0)
            queue = Queue(
                f"overhears-{self._service}-{uuid4()}",
                event_exchange(self._service),
                "#",
                durable=False,
                exclusive=True,
                auto_delete=True,
            )
            with Consumer(connection.channel(), [queue], no_ack=True, on_message=self._hear):
                self._on_listening(True)
                self._tell_of_end_of_gap()
                while not self._stopping.is_set():
                    with suppress(TimeoutError):
                        connection.drain_events(timeout=LOOK_SECONDS)
                    connection.heartbeat_check()

    def _tell_of_gap(self, error: Exception) -> None:
        """Once, however often it is tried in vain to listen again."""
        if not self._is_deaf:
            log.warning("not_listening", service=self._service, error=type(error).__name__)
        self._is_deaf = True

    def _tell_of_end_of_gap(self) -> None:
        if self._is_deaf:
            log.info("listening_again", service=self._service)
        self._is_deaf = False

    def _hear(self, message: Any) -> None:
        try:
            event = unseal(message.payload)
        except ValueError as error:
            log.warning("event_unreadable", service=self._service, error=str(error))
        else:
            self._on_event(event)
