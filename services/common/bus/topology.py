"""Queues that exist before they are needed.

An event for which no queue exists yet is gone, so the queues of all
subscribers are declared before anything is published: under nameko's names
and without arguments, for a queue declared differently is refused for ever.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from kombu import Connection, Queue
from kombu.exceptions import KombuError

from services.common.rpc.exchanges import event_exchange


class BrokerUnreachable(Exception):
    """The broker does not answer, or does not let us in; its cause says why."""


class Subscribing(Protocol):
    """A service class, as far as its queues go."""

    name: Any
    subscriptions: Any


def subscriber_queues(service: Subscribing) -> list[Queue]:
    """The queues of one service's handlers."""
    handlers: Mapping[str, tuple[Any, str, str]] = service.subscriptions
    return [
        Queue(
            f"evt-{source}-{event_type}--{service.name}.{name}",
            exchange=event_exchange(source),
            routing_key=event_type,
            durable=True,
        )
        for name, (_, source, event_type) in handlers.items()
    ]


def declare_queues(amqp_uri: str, services: Iterable[Subscribing]) -> list[str]:
    """Declare every subscriber's queue and every service's exchange; the queues' names."""
    declared = []
    with Connection(amqp_uri, connect_timeout=5) as connection:
        try:
            channel = connection.channel()
        except (*connection.connection_errors, *connection.channel_errors, KombuError) as error:
            raise BrokerUnreachable from error
        for service in services:
            event_exchange(service.name)(channel).declare()
            for queue in subscriber_queues(service):
                queue(channel).declare()
                declared.append(queue.name)
    return declared
