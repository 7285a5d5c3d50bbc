"""``kabinet documents``: the texts that clients accept before a code is sent to them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import click

from services.common.db import Database

OpenDatabase = Callable[[str], AbstractContextManager[Database]]

KINDS = click.Choice(("privacy_policy", "user_agreement"))


@click.group("documents")
def documents() -> None:
    """The texts that clients accept before a code is sent to them."""


@documents.command("publish")
@click.argument("kind", type=KINDS)
@click.argument("files", nargs=-1, required=True, metavar="LANGUAGE=FILE …")
@click.option("--location-id", type=click.IntRange(min=1), help="Without: for every location.")
@click.option("--required/--optional", default=True, show_default=True)
@click.pass_obj
def publish(
    open_database: OpenDatabase,
    kind: str,
    files: tuple[str, ...],
    location_id: int | None,
    required: bool,
) -> None:
    """Publish a new version of a text, in all its languages at once.

    Who has accepted an older one is asked again. While it is required, no code is
    sent to people who have not accepted it.
    """
    from services.auth.models import DocumentKind
    from services.auth.use_cases.consents import publish_document

    contents = dict(_read(written) for written in files)
    with open_database("auth") as database, database.write() as session:
        version = publish_document(
            session,
            kind=DocumentKind(kind),
            location_id=location_id,
            contents=contents,
            is_required=required,
            now=datetime.now(UTC),
        )
    click.echo(f"version {version}")


@documents.command("list")
@click.pass_obj
def list_all(open_database: OpenDatabase) -> None:
    from services.auth.use_cases.consents import list_documents

    with open_database("auth") as database, database.read() as session:
        for document in list_documents(session):
            where = f"location {document.location_id}" if document.location_id else "everywhere"
            need = "required" if document.is_required else "optional"
            click.echo(
                f"{document.version}\t{document.kind}\t{where}\t{document.language}\t{need}\t"
                f"{document.published_at:%Y-%m-%d}\t{len(document.content)} characters"
            )


def _read(written: str) -> tuple[str, str]:
    language, is_named, path = written.partition("=")
    if not is_named or not language.isalpha():
        raise click.BadParameter(f"{written} is not such as en=policy.en.html")
    try:
        content = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} cannot be read") from error
    if not content.strip():
        raise click.BadParameter(f"{path} is empty")
    return language.lower(), content
