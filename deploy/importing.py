"""``kabinet import``: what a business brings along from another program, as CSV files."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deploy.csv_files import read_table
from services.common.calls import Call
from services.common.db import Database
from services.common.errors import Conflict, DeadlinePassed
from services.common.imports import Remark, Report, TableRefused

OpenDatabase = Callable[[str], AbstractContextManager[Database]]

MOST_TOLD = 50
"""How many remarks are printed; of the others, how many there are."""
TRIES = 3
LOCK_SECONDS = 20.0
TABLES = ("locations", "services", "staff", "links", "schedules", "clients", "appointments")


@click.command("import")
@click.argument("table", type=click.Choice(TABLES))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--business-id", type=click.IntRange(min=1), help="Needed where there are several.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--encoding", default="utf-8", show_default=True, help="Such as cp1252 or cp1251.")
@click.option("--outside-hours", is_flag=True, help="Take appointments outside working hours, too.")
@click.option("--announce", is_flag=True, help="Tell clients of their imported appointments.")
@click.pass_obj
def imports(
    open_database: OpenDatabase,
    *,
    table: str,
    file: Path,
    business_id: int | None,
    dry_run: bool,
    encoding: str,
    outside_hours: bool,
    announce: bool,
) -> None:
    """Take over FILE, a CSV file: all of it, or nothing and a list of what is wrong.

    In this order: locations, services, staff, links (who gives what), schedules,
    clients, appointments. A second import of the same file changes nothing, of a
    changed one changes what is different. The columns stand in docs/import.md.
    """
    options = {"outside_hours": outside_hours, "tells_clients": announce}
    if table != "appointments" and any(options.values()):
        raise click.UsageError("--outside-hours and --announce are for appointments")
    _check_encoding(encoding)
    with open_database("booking") as database:
        try:
            business_id = _business(database, business_id)
            report = import_table(
                database,
                table,
                file.read_bytes(),
                business_id,
                encoding=encoding,
                dry_run=dry_run,
                options=options if table == "appointments" else {},
            )
        except TableRefused as refused:
            _print(refused.problems)
            sys.exit(f"kabinet: nothing was imported; {_count(refused.problems)} in {file.name}")
    _print(report.notes)
    click.echo(_summary(report, dry_run=dry_run))


def import_table(
    database: Database,
    table: str,
    content: bytes,
    business_id: int,
    *,
    encoding: str = "utf-8",
    dry_run: bool = False,
    now: datetime | None = None,
    options: Mapping[str, bool] = MappingProxyType({}),
) -> Report:
    """Import the file in one transaction, or raise TableRefused; with ``dry_run`` undo it.

    When somebody else has written what is about to be written, everything is looked at
    anew: then it is found, and told of the row that it is about.
    """
    from services.booking.use_cases.imports.kinds import KINDS
    from services.booking.use_cases.imports.reading import read_cells, read_places

    kind, report = KINDS[table], Report(progress=_progress)
    rows = read_table(
        content, report, columns=kind.columns, required=kind.required, encoding=encoding
    )
    lines = read_cells(kind.table, rows, report)
    if kind.prepare is not None:
        with database.read() as session:
            places = read_places(session, business_id)
        lines = kind.prepare(lines, places, report)
    for _ in range(TRIES):
        looked = report.again()
        call = Call(now=now or datetime.now(UTC), viewer={"kind": "import"})
        try:
            with database.write(lock_seconds=LOCK_SECONDS) as session:
                kind.write(session, business_id, lines, looked, call, **options)
                if dry_run:
                    _undo(session)
        except (IntegrityError, Conflict, DeadlinePassed):
            continue
        except _Undone:
            pass
        return looked
    raise TableRefused([Remark(0, "", "others are writing all the time; try again")])


class _Undone(Exception):
    """Everything went well, and is not to be kept."""


def _undo(session: Session) -> None:
    session.flush()
    raise _Undone


def _business(database: Database, business_id: int | None) -> int:
    from services.booking.use_cases.businesses import list_businesses

    with database.read() as session:
        ids = [business.id for business in list_businesses(session)]
    if business_id is None and len(ids) == 1:
        return ids[0]
    if business_id is None:
        which = "which one is meant: --business-id" if ids else "make one: businesses create"
        sys.exit(f"kabinet: there are {len(ids) or 'no'} businesses; say {which}")
    if business_id not in ids:
        sys.exit(f"kabinet: there is no business {business_id}")
    return business_id


def _check_encoding(encoding: str) -> None:
    try:
        b"  ".decode(encoding, errors="ignore")  # of nothing no encoding would be looked for
    except (LookupError, UnicodeError):
        raise click.BadParameter(f"there is no encoding «{encoding}»") from None


def _progress(items: Sequence[Any], word: str) -> Iterator[Any]:
    """A bar, where somebody looks at a terminal."""
    hidden = not sys.stderr.isatty() or len(items) == 0
    with click.progressbar(items, label=f"{word:10}", file=sys.stderr, hidden=hidden) as bar:
        yield from bar


def _print(remarks: Sequence[Remark]) -> None:
    for remark in remarks[:MOST_TOLD]:
        click.echo(str(remark), err=True)
    if len(remarks) > MOST_TOLD:
        click.echo(f"… and {len(remarks) - MOST_TOLD} more", err=True)


def _count(problems: Sequence[Remark]) -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def _summary(report: Report, *, dry_run: bool) -> str:
    told = f"{report.created} new, {report.changed} changed, {report.same} as they are"
    if report.skipped:
        told += f", {report.skipped} left out"
    return f"would be: {told}; nothing was written" if dry_run else told
