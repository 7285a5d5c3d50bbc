"""Brings a service's database to the newest form: one Alembic history per service."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command as alembic
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.engine import make_url

from services.common.commands import commands
from services.common.engines import make_engine
from services.common.inbox import inbox
from services.common.outbox import outbox

SERVICES_FOLDER = Path(__file__).resolve().parent.parent
ONE_AT_A_TIME = 7_310_211
"""The advisory lock under which migrations run, so that two jobs do not run them twice."""
PATIENCE_MILLISECONDS = 60_000
"""How long a job waits for others that migrate the same SQLite file."""


def migrate(service: str, url: str) -> None:
    """Upgrade the service's database to head; safe to call at every start and from many places."""
    _prepare_folder(url)
    _with_alembic(service, url, lambda config: alembic.upgrade(config, "head"))


def make_migration(service: str, url: str, message: str, number: str) -> None:
    """Write the next migration from the difference between the models and a database at head."""
    _with_alembic(
        service,
        url,
        lambda config: alembic.revision(
            config,
            message,
            autogenerate=True,
            rev_id=number,
            version_path=str(_history(service)),
        ),
    )


def check(service: str, url: str) -> None:
    """Raise when the models say something that the migrations do not."""
    _with_alembic(service, url, alembic.check)


def metadata_of(service: str) -> Sequence[MetaData]:
    """Everything that should stand in the service's database: the chassis's tables and its own."""
    [chassis] = {table.metadata for table in (outbox, inbox, commands)}
    models = importlib.import_module(f"services.{service}.models")
    return [chassis, models.Base.metadata]


def _with_alembic(service: str, url: str, work: Any) -> None:
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(kabinet_writes=True) as connection:
            _lock(connection)
            work(_config(service, connection))
            connection.commit()
    finally:
        engine.dispose()


def _config(service: str, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "common" / "migrations"))
    config.set_main_option("version_locations", str(_history(service)))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata_of(service)
    return config


def _history(service: str) -> Path:
    return SERVICES_FOLDER / service / "migrations"


def _lock(connection: Connection) -> None:
    """Wait for other jobs, and let them wait.

    On SQLite every transaction of a job that writes does so anyway, but not for long enough: who
    comes last waits for the migrations of all the others.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_lock({ONE_AT_A_TIME})"))
        connection.commit()
    else:
        # Told to the driver, before a transaction begins.
        connection.connection.cursor().execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")


def _prepare_folder(url: str) -> None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
