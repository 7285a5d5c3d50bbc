"""The relay: publishes what waits in the outbox, in order, until the broker confirms.

An event may leave twice (when the process dies between the confirmation and
the commit), never zero times; inboxes take care of the second.
"""

import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from kombu import Connection, Producer
from sqlalchemy import Row

from services.common.db import Database
from services.common.outbox import mark_published, next_waiting
from services.common.rpc.exchanges import event_exchange

CONFIRM_TIMEOUT_SECONDS = 5.0


class Relay:
    """Publishes one service's events to the exchange ``<service>.events``."""

    def __init__(self, database: Database, service: str, amqp_uri: str) -> None:
        self.database = database
        self.exchange = event_exchange(service)
        self.amqp_uri = amqp_uri
        self._connection: Connection | None = None
        self._producer: Producer | None = None

    def publish_waiting(self) -> bool:
        """Publish one batch; whether there was anything to publish.

        On PostgreSQL the rows stay locked meanwhile, so that replicas share the
        work. SQLite has one process and one writer, whom the broker must not
        keep waiting: there nothing is locked.
        """
        if self.database.is_sqlite:
            with self.database.read() as session:
                rows = next_waiting(session)
            published, failure = self._publish(rows)
            if published:
                with self.database.write() as session:
                    mark_published(session, published, now=datetime.now(UTC))
        else:
            with self.database.write() as session:
                rows = next_waiting(session)
                published, failure = self._publish(rows)
                if published:
                    mark_published(session, published, now=datetime.now(UTC))
        if failure is not None:
            raise failure
        return bool(rows)

    def close(self) -> None:
        """Give the connection up; the next event gets a new one."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.collect()

    def _publish(self, rows: Iterable[Row[Any]]) -> tuple[list[int], Exception | None]:
        """Publish row after row; what is out, and the error that ended it."""
        published: list[int] = []
        try:
            for row in rows:
                self._connected().publish(
                    row.envelope,
                    routing_key=row.event_type,
                    serializer="json",
                    delivery_mode="persistent",
                    message_id=row.envelope["id"],
                    confirm_timeout=CONFIRM_TIMEOUT_SECONDS,
                )
                published.append(row.position)
        except Exception as failure:
            self.close()
            return published, failure
        return published, None

    def _connected(self) -> Producer:
        if self._producer is None:
            self._connection = Connection(
                self.amqp_uri,
                connect_timeout=3,
                transport_options={"confirm_publish": True},
            )
            self._producer = Producer(self._connection, exchange=self.exchange)
        return self._producer
