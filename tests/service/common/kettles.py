"""Events about kettles, and a relay whose broker is a list."""

from collections.abc import Callable
from typing import Any, ClassVar

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from services.common.bus.relay import Relay
from services.common.db import Database
from services.common.events import Event
from services.common.outbox import announce, count_waiting


class KettleSchema(Schema):
    water_ml = fields.Int()


class KettleBoiled(Event):
    """The water is hot."""

    data_schema: ClassVar[type[Schema]] = KettleSchema
    type: ClassVar[str] = "kettle_boiled"


class Broker(Relay):
    """A relay whose broker is a list; it fails before each event for which ``fails`` says so."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "auth", "memory://")
        self.received: list[tuple[str, int]] = []
        self.fails: Callable[[Any], bool] = lambda row: False
        self.before_publishing: Callable[[Any], None] = lambda row: None

    def _publish(self, rows: Any) -> tuple[list[int], Exception | None]:
        published: list[int] = []
        for row in rows:
            self.before_publishing(row)
            if self.fails(row):
                return published, ConnectionError("the broker is away")
            self.received.append((row.envelope["subject"], row.envelope["sequence"]))
            published.append(row.position)
        return published, None


def boil(session: Session, kettle: int, sequence: int) -> None:
    announce(
        session, KettleBoiled(subject=f"kettle/{kettle}", sequence=sequence, data={"water_ml": 1})
    )


def boil_all(database: Database, *events: tuple[int, int]) -> None:
    for kettle, sequence in events:
        with database.write() as session:
            boil(session, kettle, sequence)


def waiting(database: Database) -> int:
    with database.read() as session:
        return count_waiting(session)


def told(rows: list[Any]) -> list[tuple[str, int]]:
    return [(row.envelope["subject"], row.envelope["sequence"]) for row in rows]


def drain(relay: Relay) -> None:
    while relay.publish_waiting():
        pass
