"""A private PostgreSQL server: a folder, a port of the loopback interface, and nothing else."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg2
from psycopg2 import sql

from deploy.local.accounts import reachable_folder, unprivileged_account
from deploy.local.ports import free_port
from deploy.local.processes import Process, ProcessFailed
from deploy.local.programs import postgres_programs
from deploy.local.secret import kept_secret

_USER = "kabinet"


class LocalPostgres:
    """A server of our own, used as a `with` or by `start` and `stop`.

    Data, password and log lie in `folder`, and a later server finds them again. As root the
    server runs under an unprivileged account, which PostgreSQL insists on.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Nothing runs yet. Refuses with `ProgramMissing` where PostgreSQL is not installed.

        With `durable=False` nothing is forced to the disk: faster, and a committed row still
        survives the death of the server, only not that of the machine.
        """
        self._programs = postgres_programs()
        self._account = unprivileged_account()
        folder = folder.absolute()
        self.folder = reachable_folder(folder, self._account) if self._account else folder
        self.port = free_port()
        self._durable = durable
        self._process = Process(
            "PostgreSQL",
            [
                str(self._programs / "postgres"),
                "-D",
                str(self._data),
                *self._settings(),
            ],
            env=_environment(),
            cwd=self._programs,  # a folder that every account may be in
            log=self.folder / "postgres.log",
            account=self._account,
            ready=self._accepts,
            stop_signal=signal.SIGINT,  # "fast": clients are sent away, what is committed is kept
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        return self._process.log

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    def start(self, *, timeout: float = 60) -> None:
        """Start on the data of the folder (made when there is none) and wait until it answers.

        After `stop` or `kill` the port stays the same. `ProcessFailed` says why it did not start.
        """
        self._own_folder()
        if not self._data.exists():
            self._make_cluster()
        self._process.start(timeout=timeout)

    def stop(self) -> None:
        """Stop cleanly; committed data stay in the folder."""
        self._process.terminate()

    def kill(self) -> None:
        """A crash: SIGKILL for the server and every process of it."""
        self._process.kill()

    def pause(self) -> None:
        """Freeze the server: connections stay open, and nothing answers on them."""
        self._process.pause()

    def resume(self) -> None:
        self._process.resume()

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database, with the driver that eventlet can patch."""
        return f"postgresql+psycopg2://{_USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Make an empty database unless there is one of that name; its `url`."""
        with self._cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self._cursor() as cursor:
            cursor.execute(statement.format(sql.Identifier(name)))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    @property
    def _password(self) -> str:
        return kept_secret(self._password_file)

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return [f"--{name}={value}" for name, value in settings.items()]

    def _own_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._password_file.touch(mode=0o600)
        if self._account:
            self._account.owns(self.folder)
            self._account.owns(self._password_file)

    def _make_cluster(self) -> None:
        """Run `initdb`, aside first, so that an interrupted one is not taken for the data."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        kept_secret(self._password_file)
        initdb = Process(
            "initdb",
            [
                str(self._programs / "initdb"),
                *("--pgdata", str(unfinished), "--username", _USER),
                *("--pwfile", str(self._password_file), "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
                *([] if self._durable else ["--no-sync"]),
            ],
            env=_environment(),
            cwd=self._programs,
            log=self.log,
            account=self._account,
        )
        initdb.launch()
        if initdb.wait() != 0:
            raise ProcessFailed(f"initdb could not make a database.\n{initdb.log_tail()}")
        unfinished.rename(self._data)

    def _accepts(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self) -> Any:
        return psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user=_USER,
            password=self._password,
            dbname="postgres",
            connect_timeout=5,
        )

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """A cursor outside of any transaction, as databases are made and removed."""
        with closing(self._connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor


def _environment() -> dict[str, str]:
    """Ours without what would tell the server to be another (PGDATA, PGPORT and the like)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
