"""``kabinet businesses``: who owns locations, and whether their clients may have accounts."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import click

from services.common.db import Database

OpenDatabase = Callable[[str], AbstractContextManager[Database]]


@click.group("businesses")
def businesses() -> None:
    """Who owns locations, and whether their clients may have accounts."""


@businesses.command("list")
@click.pass_obj
def list_all(open_database: OpenDatabase) -> None:
    """Every business: its id, its title, and whether clients sign in there."""
    from services.booking.use_cases.businesses import list_businesses

    with open_database("booking") as database, database.read() as session:
        for business in list_businesses(session):
            accounts = "on" if business.client_accounts else "off"
            click.echo(f"{business.id}\t{business.title}\tclient accounts {accounts}")


@businesses.command("create")
@click.argument("title")
@click.pass_obj
def create(open_database: OpenDatabase, title: str) -> None:
    """Make a business without locations yet, for `kabinet import` to fill; tells its id."""
    from services.booking.use_cases.businesses import create_business

    if not 1 <= len(title.strip()) <= 255:
        sys.exit("kabinet: a title has 1 to 255 characters")
    with open_database("booking") as database, database.write() as session:
        made = create_business(session, title.strip(), now=datetime.now(UTC))
        click.echo(f"{made.id}\t{made.title}")


@businesses.command("client-accounts")
@click.argument("business_id", type=click.IntRange(min=1))
@click.argument("switch", type=click.Choice(("on", "off")))
@click.pass_obj
def client_accounts(open_database: OpenDatabase, business_id: int, switch: str) -> None:
    """Switch them on or off.

    Off: nobody signs in at its locations, and what was booked there stands in
    nobody's lists. Booking without an account goes on. The gateway may take a minute
    to notice.
    """
    from services.booking.use_cases.businesses import switch_client_accounts
    from services.common.errors import NotFound

    try:
        with open_database("booking") as database, database.write() as session:
            business = switch_client_accounts(session, business_id, is_on=switch == "on")
            click.echo(f"{business.id}\t{business.title}\tclient accounts {switch}")
    except NotFound:
        sys.exit(f"kabinet: there is no business {business_id}")
