"""A service of a few lines on the real chassis, run as a process: ``python -m …kitchen``.

It is called as KITCHEN says and uses auth's database, whose tables of its own it leaves alone.
"""

import deploy.patched  # noqa: F401, I001  (before anything else)

import dataclasses
import os
import time
from pathlib import Path
from typing import Any, ClassVar

import structlog
from marshmallow import Schema, fields
from nameko.extensions import DependencyProvider
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.common.bus import Service, command, query, subscriber
from services.common.bus.runner import serve
from services.common.config import Settings, read_settings
from services.common.errors import NotFound
from services.common.events import Envelope
from services.common.logs import set_up_logs
from services.common.outbox import announce
from tests.integration.kettles import KettleBoiled

log = structlog.get_logger(__name__)

NAME = os.environ.get("KITCHEN", "kitchen")
SPOILT = Path(os.environ.get("SPOILT", "/nowhere"))
"""While this file exists, no cup can be filled."""
COLD = Path(os.environ.get("COLD", "/nowhere"))
"""While this file exists, the stove is not hot, and the service has not started."""


class PourSchema(Schema):
    drink = fields.Str(required=True)


class WaitSchema(Schema):
    seconds = fields.Float(required=True)


class Stove(DependencyProvider):
    def start(self) -> None:
        while COLD.exists():
            time.sleep(0.05)


class KitchenService(Service):
    name: ClassVar[str] = NAME
    stove = Stove()

    @query(PourSchema)
    def look(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["drink"] == "petrol":
            raise NotFound("drink_not_found", fields={"drink": "petrol"})
        if arguments["drink"] == "lava":
            raise ZeroDivisionError("+33612345678")
        return {"drink": arguments["drink"], "viewer": self.call.viewer, "locale": self.call.locale}

    @query(PourSchema)
    def look_oddly(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        """Answer with something that no JSON can say."""
        return {"drink": {arguments["drink"]}}

    @query(WaitSchema)
    def query_slowly(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        session.execute(text("SELECT pg_sleep(:seconds)"), arguments)
        return arguments

    @query(WaitSchema)
    def dawdle(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        log.info("dawdling")
        time.sleep(arguments["seconds"])
        return arguments

    @command(PourSchema)
    def boil(self, session: Session, request: dict[str, Any]) -> dict[str, Any]:
        log.info("boiling")
        session.execute(text("INSERT INTO kettles VALUES (:drink)"), request)
        announce(session, KettleBoiled(subject="kettle/1", sequence=1, data=request))
        return {"boiled": True}

    @subscriber(NAME, "kettle_boiled")
    def fill_cup(self, session: Session, event: Envelope) -> None:
        log.info("filling")
        session.execute(text("INSERT INTO cups VALUES (:id)"), {"id": event.id})
        if SPOILT.exists():
            raise ValueError("the milk is off: call +33612345678")


def settings_of_kitchen(settings: Settings) -> Settings:
    return dataclasses.replace(settings, database_urls={NAME: settings.database_url("auth")})


def main() -> None:
    settings = settings_of_kitchen(read_settings(os.environ))
    set_up_logs(service=NAME, level=settings.log_level)
    serve(KitchenService, settings)


if __name__ == "__main__":
    main()
