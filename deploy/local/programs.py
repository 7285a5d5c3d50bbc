"""Where the programs of RabbitMQ and PostgreSQL are on this machine."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

_OLDEST_POSTGRES = 13
_POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)
# Not the `rabbitmq-server` on the PATH: Debian's is a wrapper that becomes the system's own user.
_RABBITMQ_FOLDERS = (
    "/usr/lib/rabbitmq/bin",
    "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",
    "/usr/local/sbin",
    "/opt/homebrew/sbin",
)


class ProgramMissing(Exception):
    """A program that we need is not installed; says which one."""


def postgres_programs() -> Path:
    """The folder with `initdb` and `postgres`, of the newest version from 13 on."""
    versions = {
        int(found[1]): folder
        for folder in _folders(_POSTGRES_FOLDERS)
        if (folder / "initdb").exists()
        and (folder / "postgres").exists()
        and (found := re.search(r"(\d+)/bin$", str(folder)))
    }
    newest = max(versions, default=0)
    if newest < _OLDEST_POSTGRES:
        raise ProgramMissing(f"PostgreSQL >= {_OLDEST_POSTGRES} (package postgresql)")
    return versions[newest]


def rabbitmq_programs() -> Path:
    """The folder with `rabbitmq-server` and `rabbitmqctl`; Erlang's `epmd` must be there too."""
    for folder in _folders(_RABBITMQ_FOLDERS):
        if (folder / "rabbitmq-server").exists() and shutil.which("epmd"):
            return folder
    raise ProgramMissing("RabbitMQ >= 3.10 (package rabbitmq-server)")


def _folders(patterns: tuple[str, ...]) -> Iterator[Path]:
    root = Path("/")
    for pattern in patterns:
        yield from sorted(root.glob(pattern.removeprefix("/")))
