"""The bus of the embedded mode: kombu's in-memory transport, made fit for nameko.

It lives and dies with the process; what must outlive it is in the outboxes.
"""

import threading
import time
from queue import Empty
from typing import Any

import kombu.transport
from kombu.transport import memory

SCHEME = "kabinet-memory"
URI = f"{SCHEME}://localhost/"

LONGEST_NAP_SECONDS = 0.05
"""After which who waits looks by themselves, whatever they were not told of."""

_waiting: set[threading.Event] = set()


def _stir() -> None:
    """Let everybody who waits look whether there is something for them."""
    for waiter in tuple(_waiting):
        waiter.set()


class Channel(memory.Channel):
    """Keeps the content type where nameko looks for it, as AMQP does."""

    def prepare_message(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        message: dict[str, Any] = super().prepare_message(*args, **kwargs)
        message["properties"].setdefault("content_type", message["content-type"])
        return message

    def _put(self, *args: Any, **kwargs: Any) -> None:
        super()._put(*args, **kwargs)
        _stir()

    def basic_ack(self, *args: Any, **kwargs: Any) -> None:
        """Room for another message, where only so many are handed out at a time."""
        super().basic_ack(*args, **kwargs)
        _stir()


class Transport(memory.Transport):
    """Waits to be told of new messages: kombu's own looks for them so many times a second."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Deliver the next message; TimeoutError when none comes within ``timeout`` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        cycle, stirred = self.cycle, threading.Event()
        assert cycle is not None, "a transport has one from its beginning"
        _waiting.add(stirred)
        try:
            while True:
                stirred.clear()
                try:
                    cycle.get(self._deliver, timeout=timeout)
                except Empty:
                    left = LONGEST_NAP_SECONDS if until is None else until - time.monotonic()
                    if left <= 0:
                        raise TimeoutError from None
                    stirred.wait(min(left, LONGEST_NAP_SECONDS))
                else:
                    return
        finally:
            _waiting.discard(stirred)


def register() -> None:
    """Let kombu understand addresses with our scheme."""
    kombu.transport.TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
