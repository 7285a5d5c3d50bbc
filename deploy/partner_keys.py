"""``kabinet partner-keys``: the keys of front ends and integrations."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from sqlalchemy.orm import Session

from services.common.db import Database
from services.common.errors import Refusal
from services.common.rights import Scope

OpenDatabase = Callable[[str], AbstractContextManager[Database]]

ID = click.IntRange(min=1)
SCOPES = click.Choice([scope.value for scope in Scope])
LIMITS = (
    click.option(
        "--business-id", "business_ids", type=ID, multiple=True, help="For these businesses alone."
    ),
    click.option("--scope", "scopes", type=SCOPES, multiple=True, help="For these uses alone."),
    click.option("--rate-per-second", type=ID, help="Requests; without: as for everybody."),
    click.option("--rate-per-minute", type=ID, help="Requests; without: as for everybody."),
)


def limited(function: Any) -> Any:
    for option in reversed(LIMITS):
        function = option(function)
    return function


@click.group("partner-keys")
def partner_keys() -> None:
    """The keys of front ends and integrations."""


@partner_keys.command("create")
@click.argument("title")
@limited
@click.pass_obj
def create_key(open_database: OpenDatabase, /, title: str, **limits: Any) -> None:
    """Make a key and show it, this once: only its hash is stored.

    Without options it is for every business and every use.
    """
    from services.auth.use_cases.partner_keys import create_partner_key

    with _writing(open_database) as session:
        stored, secret = create_partner_key(
            session, title=title, **_named(limits), now=datetime.now(UTC)
        )
        click.echo(f"{stored.id}\t{stored.title}\n{secret}")


@partner_keys.command("list")
@click.pass_obj
def list_keys(open_database: OpenDatabase) -> None:
    from services.auth.use_cases.partner_keys import list_partner_keys, secrets_of

    with open_database("auth") as database, database.read() as session:
        keys = list_partner_keys(session)
        secrets = secrets_of(session, keys)
        for key in keys:
            state = "valid" if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d}"
            hints = " ".join(
                f"{secret.hint}…"
                if secret.expires_at is None
                else f"{secret.hint}… until {secret.expires_at:%Y-%m-%dT%H:%MZ}"
                for secret in secrets[key.id]
            )
            where = "all" if key.business_ids is None else ",".join(map(str, key.business_ids))
            rate = f"{key.rate_per_second or '-'}/s {key.rate_per_minute or '-'}/min"
            scopes = ",".join(key.scopes)
            click.echo(
                f"{key.id}\t{hints}\t{state}\t{scopes}\tbusinesses {where}\t{rate}\t{key.title}"
            )


@partner_keys.command("limit")
@click.argument("key_id", type=ID)
@click.option("--title")
@limited
@click.option("--every-business", is_flag=True, help="No longer for some businesses alone.")
@click.option("--usual-rate", is_flag=True, help="No longer at a rate of its own.")
@click.pass_obj
def limit_key(
    open_database: OpenDatabase,
    /,
    key_id: int,
    title: str | None,
    every_business: bool,
    usual_rate: bool,
    **limits: Any,
) -> None:
    """Say anew what a key is for and how often it may call; the rest stays as it is."""
    from services.auth.use_cases.partner_keys import change_partner_key

    changes = _named(limits) | ({"title": title} if title is not None else {})
    if every_business:
        changes["business_ids"] = None
    if usual_rate:
        changes |= {"rate_per_second": None, "rate_per_minute": None}
    if not changes:
        sys.exit("kabinet: say what to change")
    with _writing(open_database) as session:
        change_partner_key(session, key_id=key_id, **changes)
    click.echo(f"key {key_id} is changed")


@partner_keys.command("rotate")
@click.argument("key_id", type=ID)
@click.option(
    "--overlap-hours",
    type=click.FloatRange(min=0, max=24 * 90),
    default=24,
    show_default=True,
    help="For how long the old secret is still good.",
)
@click.pass_obj
def rotate_key(open_database: OpenDatabase, key_id: int, overlap_hours: float) -> None:
    """Give a key a new secret and show it, this once."""
    from services.auth.use_cases.partner_keys import rotate_partner_key

    with _writing(open_database) as session:
        _, secret = rotate_partner_key(
            session, key_id=key_id, overlap=timedelta(hours=overlap_hours), now=datetime.now(UTC)
        )
        click.echo(secret)


@partner_keys.command("revoke")
@click.argument("key_id", type=ID)
@click.pass_obj
def revoke_key(open_database: OpenDatabase, key_id: int) -> None:
    """End a key; the gateways notice within a second."""
    from services.auth.use_cases.partner_keys import revoke_partner_key

    with _writing(open_database) as session:
        revoke_partner_key(session, key_id=key_id, now=datetime.now(UTC))
    click.echo(f"key {key_id} is revoked")


def _named(limits: dict[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in limits.items()
        if value not in (None, ())
    }


@contextmanager
def _writing(open_database: OpenDatabase) -> Iterator[Session]:
    """One transaction in auth's database; a refusal ends the command with one line."""
    try:
        with open_database("auth") as database, database.write() as session:
            yield session
    except Refusal as refusal:
        sys.exit(f"kabinet: {refusal.code.replace('_', ' ')}")
