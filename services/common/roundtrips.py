"""Fewer round trips to PostgreSQL: of a short statement they cost more than its work.

A transaction begins together with its first statement. A statement marked
``LATER`` gives nothing back, so it waits for the next one, or for the commit,
and travels with it. What the server gets is the same, in the same order; only a
mistake in such a statement is told one statement later. SQLite, which is near,
knows nothing of all this.
"""

from contextlib import suppress
from typing import Any

from psycopg2 import Error
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection, cursor
from sqlalchemy import Engine, event

LATER = {"kabinet_later": True}
"""Execution options of a statement whose result nobody looks at."""


class Connection(connection):
    """Ends its transactions itself, because the driver does not know that they began."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocommit = True  # the driver's own BEGIN would be a round trip
        self.waiting: list[bytes] = []

    def commit(self) -> None:
        try:
            self._end(b"COMMIT")
        except Error:  # of what waited; after a commit nobody rolls back
            with suppress(Error):
                self.rollback()
            raise

    def rollback(self) -> None:
        self.waiting.clear()
        self._end(b"ROLLBACK")

    def with_waiting(self, *statements: bytes) -> bytes:
        """The statements behind everything that has to come before them."""
        begin = [b"BEGIN"] if self.get_transaction_status() == TRANSACTION_STATUS_IDLE else []
        told = b"; ".join([*begin, *self.waiting, *statements])
        self.waiting.clear()
        return told

    def _end(self, word: bytes) -> None:
        if self.waiting or self.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            with self.cursor() as cursor:
                cursor.execute(self.with_waiting(word))


def save_round_trips(engine: Engine) -> None:
    """Let this engine, whose connections are ``Connection``, send its statements so."""

    @event.listens_for(engine, "do_execute")
    def execute(cursor: cursor, statement: str, parameters: Any, context: Any) -> bool:
        told = cursor.mogrify(statement, parameters)
        if _may_wait(context):
            cursor.connection.waiting.append(told)
        else:
            cursor.execute(cursor.connection.with_waiting(told))
        return True

    @event.listens_for(engine, "do_executemany")
    def execute_many(cursor: cursor, statement: str, parameters: Any, context: Any) -> bool:
        """Leave to the driver what is not for later: the ORM wants to know how many rows it met."""
        if _may_wait(context):
            cursor.connection.waiting += [cursor.mogrify(statement, each) for each in parameters]
            return True
        if before := cursor.connection.with_waiting():
            cursor.execute(before)
        return False


def _may_wait(context: Any) -> bool:
    """Not where a mistake is to undo no more than the part of the transaction it was made in."""
    later: bool = context is not None and context.execution_options.get("kabinet_later", False)
    return later and not context.root_connection.in_nested_transaction()
