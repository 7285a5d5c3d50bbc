"""Our entrypoints: nameko's wire format, without the ways in which one message kills a service.

nameko's own RPC entrypoint ends the whole service when a call has no
``reply_to``, when its body is not what it should be, and when the broker is
away at the moment the reply is due; its event handler acknowledges what
failed. Here the worst that can happen is that one reply is not sent.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from kombu import Connection, Message
from nameko.constants import AMQP_URI_CONFIG_KEY, CALL_ID_STACK_CONTEXT_KEY
from nameko.events import EventHandler as NamekoEventHandler
from nameko.exceptions import serialize
from nameko.messaging import HeaderDecoder, QueueConsumerStopped
from nameko.messaging import QueueConsumer as NamekoQueueConsumer
from nameko.rpc import Rpc as NamekoRpc
from nameko.rpc import RpcConsumer as NamekoRpcConsumer

from services.common.bus.receive import NotKept
from services.common.bus.replies import Replies
from services.common.errors import DeadlinePassed, Refusal, to_error

log = structlog.get_logger(__name__)

RECONNECT = {"interval_start": 1, "interval_step": 1, "interval_max": 5}


class QueueConsumer(NamekoQueueConsumer):
    """Consumes a service's queues; no message and no lost connection kills it."""

    def on_decode_error(self, message: Message, exc: Exception) -> None:
        """Drop what nobody could ever read, without showing its content."""
        log.error(
            "message_undecodable",
            error=type(exc).__name__,
            content_type=message.content_type,
            routing_key=message.delivery_info.get("routing_key"),
            bytes=len(message.body or b""),
        )
        self.ack_message(message)

    def ack_message(self, message: Message) -> None:
        """Acknowledge; when the connection is gone the broker delivers it again."""
        try:
            super().ack_message(message)
        except Exception as error:
            log.warning("ack_failed", error=type(error).__name__)

    def requeue_message(self, message: Message) -> None:
        try:
            super().requeue_message(message)
        except Exception as error:
            log.warning("requeue_failed", error=type(error).__name__)

    def run(self, *args: Any, **kwargs: Any) -> None:
        with suppress(QueueConsumerStopped):
            super().run(*args, **kwargs)

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        """Connect, however long it takes, unless the service is to end meanwhile."""
        with self.connection.clone() as connection:
            connection.ensure_connection(
                self.on_connection_error, callback=self._end_if_asked, **RECONNECT
            )
            yield connection

    def _end_if_asked(self) -> None:
        """Do here what is done between two messages, while there is no connection to have any."""
        asked = dict(self._pending_remove_providers)
        for provider, removed in asked.items():
            del self._pending_remove_providers[provider]
            self._consumers.pop(provider, None)
            removed.send()
        if asked and not self._consumers:
            raise QueueConsumerStopped

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        log.warning("broker_unreachable", error=type(exc).__name__, retry_in_seconds=interval)

    def handle_message(self, provider: Any, body: Any, message: Message) -> None:
        """Hand a message over; a provider that stumbles loses that message only.

        It is handed over in a thread of its own, whose failure would end the service.
        """

        def hand_over() -> None:
            try:
                provider.handle_message(body, message)
            except Exception:
                log.exception("message_not_handed_over")
                self.ack_message(message)

        self.container.spawn_managed_thread(hand_over, identifier="message")


class SaneHeaders(HeaderDecoder):
    """Reads headers without nameko's call stack: nobody needs it, and nonsense in it kills."""

    def unpack_message_headers(self, message: Message) -> dict[str, Any]:
        headers: dict[str, Any] = super().unpack_message_headers(message)
        headers.pop(CALL_ID_STACK_CONTEXT_KEY, None)
        return headers


class RpcConsumer(NamekoRpcConsumer):
    """Takes calls from the service's queue and sends the replies."""

    queue_consumer = QueueConsumer()

    def setup(self) -> None:
        super().setup()
        self.replies = Replies(self.container.config[AMQP_URI_CONFIG_KEY])

    def handle_result(self, message: Message, result: Any, exc_info: Any) -> tuple[Any, Any]:
        error = exc_info[1] if exc_info else None
        try:
            self._reply(message, result, error)
        except Exception as failure:
            log.warning("reply_not_sent", error=type(failure).__name__)
        self.queue_consumer.ack_message(message)
        return result, exc_info

    def _reply(self, message: Message, result: Any, error: Exception | None) -> None:
        reply_to = message.properties.get("reply_to")
        if not reply_to:
            log.warning(
                "call_without_reply_to",
                routing_key=message.delivery_info["routing_key"],
            )
            return
        self.replies.send(
            _body(result, error),
            reply_to=reply_to,
            correlation_id=message.properties.get("correlation_id"),
        )


class Rpc(SaneHeaders, NamekoRpc):
    """An RPC method; a refusal is an answer and not an error in the logs."""

    rpc_consumer = RpcConsumer()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(expected_exceptions=(Refusal, DeadlinePassed), **kwargs)


class EventHandler(SaneHeaders, NamekoEventHandler):
    """A durable, shared subscription, under nameko's queue name."""

    queue_consumer = QueueConsumer()

    def __init__(self, source_service: str, event_type: str, **kwargs: Any) -> None:
        super().__init__(
            source_service,
            event_type,
            requeue_on_error=True,
            expected_exceptions=(NotKept,),
            **kwargs,
        )


def _body(result: Any, error: Exception | None) -> dict[str, Any]:
    if error is None:
        try:
            json.dumps(result)
        except (TypeError, ValueError) as unserialisable:
            result, error = None, unserialisable
    if error is None:
        return {"result": result, "error": None}
    told = serialize(error)
    if isinstance(error, Refusal):
        told["refusal"] = to_error(error)
    return {"result": None, "error": told}
