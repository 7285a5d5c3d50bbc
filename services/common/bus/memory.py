"""The bus of the embedded mode: kombu's in-memory transport, made fit for nameko.

It lives and dies with the process; what must outlive it is in the outboxes.
"""

from typing import Any

import kombu.transport
from kombu.transport import memory

SCHEME = "kabinet-memory"
URI = f"{SCHEME}://localhost/"


class Channel(memory.Channel):
    """Keeps the content type where nameko looks for it, as AMQP does."""

    def prepare_message(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        message: dict[str, Any] = super().prepare_message(*args, **kwargs)
        message["properties"].setdefault("content_type", message["content-type"])
        return message


class Transport(memory.Transport):
    """Looks for new messages every millisecond."""

    Channel = Channel
    polling_interval = 0.001


def register() -> None:
    """Let kombu understand addresses with our scheme."""
    kombu.transport.TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
