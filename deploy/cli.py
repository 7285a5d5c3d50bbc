"""The command line: ``kabinet --help``."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from deploy.businesses import businesses
from deploy.codes import codes
from deploy.documents import documents
from deploy.importing import imports
from deploy.one_line import check_data, problem_of_databases, reason_of
from deploy.partner_keys import partner_keys
from deploy.settings import ROOT, data_folder, settings_from
from deploy.staff_users import staff_users
from services.common.config import SERVICES, ConfigError
from services.common.db import Database
from services.common.errors import DeadlinePassed

SERVICE = click.Choice(SERVICES)


class Commands(click.Group):
    """Commands that do not answer with a traceback when a database cannot be reached."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ConfigError as error:
            sys.exit(f"kabinet: {error}")
        except DeadlinePassed as error:
            sys.exit(f"kabinet: {error}; try again")
        except (OperationalError, ProgrammingError):
            if problem := problem_of_databases(settings_from(os.environ)):
                sys.exit(f"kabinet: {problem}")
            raise


@click.group(cls=Commands)
@click.pass_context
def cli(context: click.Context) -> None:
    """Kabinet: online booking for businesses that live by appointments."""
    context.obj = _database


cli.add_command(businesses)
cli.add_command(codes)
cli.add_command(documents)
cli.add_command(imports)
cli.add_command(partner_keys)
cli.add_command(staff_users)


@cli.command()
def run() -> None:
    """Run everything in this one process, with demo data. Needs no servers."""
    _become("-m", "deploy.embedded")


@cli.command("up-local")
def up_local() -> None:
    """Run every service as a process of its own, on a private RabbitMQ and PostgreSQL."""
    _become("-m", "deploy.up_local")


@cli.command()
@click.argument("service", type=SERVICE)
def serve(service: str) -> None:
    """Run one service."""
    _become("-m", "deploy.serve", service)


@cli.command()
def gateway() -> None:
    """Run the HTTP gateway."""
    _become("-m", "gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.wsgi:app")


@cli.command()
@click.argument("services", nargs=-1, type=SERVICE)
def migrate(services: tuple[str, ...]) -> None:
    """Bring databases to the newest form and declare every subscriber's queue.

    Run it once before the services start. Without names: all services whose
    database is configured.
    """
    from deploy import services as running
    from services.common.bus.topology import BrokerUnreachable, declare_queues
    from services.common.migrate import migrate as migrate_one

    settings = settings_from(os.environ)
    for service in services or tuple(settings.database_urls):
        migrate_one(service, settings.database_url(service))
        click.echo(f"{service}: up to date")
    if settings.embedded:
        return  # its bus lives in its process alone
    try:
        queues = declare_queues(settings.amqp_uri, running.SERVICES.values())
    except BrokerUnreachable as error:
        sys.exit(f"kabinet: cannot reach the broker: {reason_of(error.__cause__ or error)}")
    for queue in queues:
        click.echo(f"queue {queue}")


@cli.command()
@click.argument("service", type=SERVICE)
@click.argument("message")
def migration(service: str, message: str) -> None:
    """Write the next migration of SERVICE from the change of its models."""
    import tempfile

    from services.common.migrate import make_migration
    from services.common.migrate import migrate as migrate_one

    history = ROOT / "services" / service / "migrations"
    number = f"{len(list(history.glob('[0-9]*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/{service}.db"
        migrate_one(service, url)
        make_migration(service, url, message, number)


@cli.command()
def demo() -> None:
    """Fill empty databases with demo data and write demo.json (dev only)."""
    from deploy.demo import load_demo_once

    settings = settings_from(os.environ)
    if not settings.is_dev:
        sys.exit("kabinet: demo data is for KABINET_ENV=dev only")
    check_data(settings, "booking", data_folder(os.environ))
    told = load_demo_once(settings, data_folder(os.environ))
    click.echo(json.dumps(told, indent=2))


@cli.group("dead-letters")
def dead_letters() -> None:
    """Events whose handler failed until its attempts were used up."""


@dead_letters.command("list")
@click.argument("service", type=SERVICE)
def list_dead_letters(service: str) -> None:
    from services.common import inbox

    with _database(service) as database, database.read() as session:
        for letter in inbox.dead_letters(session):
            click.echo(
                f"{letter.event_id}\t{letter.handler}\t{letter.event_type}\t{letter.subject}\t"
                f"{letter.attempts} attempts\t{letter.dead_at:%Y-%m-%d %H:%M}\t{letter.reason}"
            )


@dead_letters.command("show")
@click.argument("service", type=SERVICE)
@click.argument("event_id")
def show_dead_letter(service: str, event_id: str) -> None:
    """Print the whole event, personal data included."""
    from services.common import inbox

    with _database(service) as database, database.read() as session:
        found = [one for one in inbox.dead_letters(session) if one.event_id == event_id]
    if not found:
        sys.exit(f"kabinet: {service} has no dead letter {event_id}")
    for letter in found:
        click.echo(json.dumps(dict(letter._mapping), indent=2, default=str))


@dead_letters.command("requeue")
@click.argument("service", type=SERVICE)
@click.argument("event_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every dead letter of the service.")
def requeue_dead_letters(service: str, event_ids: tuple[str, ...], everything: bool) -> None:
    """Let the running service try them again, with a full new set of attempts."""
    from services.common import inbox

    if everything == bool(event_ids):
        sys.exit("kabinet: name event ids, or say --all")
    with _database(service) as database, database.write() as session:
        chosen = None if everything else list(event_ids)
        count = inbox.requeue(session, chosen, now=datetime.now(UTC))
    click.echo(f"{count} re-queued")


@contextmanager
def _database(service: str) -> Iterator[Database]:
    settings = settings_from(os.environ)
    check_data(settings, service, data_folder(os.environ))
    database = Database(settings.database_url(service), service=service)
    try:
        yield database
    finally:
        database.dispose()


def _become(*arguments: Any) -> None:
    """Replace this process, so that signals reach what was started."""
    if given := os.environ.get("KABINET_DATA"):
        os.environ["KABINET_DATA"] = str(Path(given).resolve())
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


if __name__ == "__main__":
    cli(prog_name="kabinet")
