"""``kabinet codes``: what was decided about codes, and where they are not sent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import click

from services.common.db import Database

OpenDatabase = Callable[[str], AbstractContextManager[Database]]


@click.group("codes")
def codes() -> None:
    """What codes cost, and what held back those that were not sent."""


@codes.command("report")
@click.option("--hours", type=click.IntRange(1, 24 * 90), default=24, show_default=True)
@click.pass_obj
def report(open_database: OpenDatabase, hours: int) -> None:
    """How often what was decided, by hour, business and prefix: the newest hour first."""
    from services.auth.use_cases.spending import list_decisions

    since = datetime.now(UTC) - timedelta(hours=hours)
    with open_database("auth") as database, database.read() as session:
        for row in list_decisions(session, since=since):
            whose = f"business {row.business_id}" if row.business_id else "no business"
            click.echo(
                f"{row.hour:%Y-%m-%d %H:00}\t{whose}\t{row.prefix}\t{row.decision}\t{row.count}"
            )


@codes.command("destinations")
@click.pass_obj
def destinations(open_database: OpenDatabase) -> None:
    """Prefixes to which no codes are sent just now, and until when."""
    from services.auth.use_cases.spending import list_paused

    with open_database("auth") as database, database.read() as session:
        for row in list_paused(session, now=datetime.now(UTC)):
            click.echo(f"{row.prefix}\tuntil {row.paused_until:%Y-%m-%d %H:%M} UTC")
