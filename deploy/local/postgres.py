"""A private PostgreSQL server: a folder, a port of the loopback interface, and nothing else."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from deploy.local.accounts import unprivileged_account
from deploy.local.ports import free_port
from deploy.local.processes import Process, ProcessFailed
from deploy.local.programs import postgres_programs
from deploy.local.running import Running
from deploy.local.secret import kept_secret

_USER = "kabinet"


class LocalPostgres(Running):
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
        self.folder = folder.absolute()
        self.port = free_port()
        self.log = self.folder / "postgres.log"
        self._durable = durable
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        return self._started.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running

    def start(self, *, timeout: float = 60) -> None:
        """Start on the data of the folder (made when there is none) and wait until it answers.

        After `stop` or `kill` the port stays the same. `ProcessFailed` says why it did not start.
        """
        if self.is_running:
            raise ProcessFailed("PostgreSQL is running already")
        self._own_folder()
        with self._way_in() as (folder, handles):
            if not self._data.exists():
                self._make_cluster(folder, handles)
            self._process = self._server(folder, handles)
            self._process.start(timeout=timeout)

    def stop(self) -> None:
        """Stop cleanly; committed data stay in the folder."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """A crash: SIGKILL for the server and every process of it."""
        if self._process is not None:
            self._process.kill()

    def pause(self) -> None:
        """Freeze the server: connections stay open, and nothing answers on them."""
        self._started.pause()

    def resume(self) -> None:
        self._started.resume()

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
    def _started(self) -> Process:
        if self._process is None:
            raise ProcessFailed("PostgreSQL is not running")
        return self._process

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    @property
    def _password(self) -> str:
        return kept_secret(self._password_file)

    def _own_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        kept_secret(self._password_file)
        if self._account:
            self._account.owns(self.folder)
            self._account.owns(self._password_file)

    @contextmanager
    def _way_in(self) -> Iterator[tuple[Path, list[int]]]:
        """How the server gets to its folder: the path, and the handles it needs for it.

        The unprivileged account owns the folder and yet may not pass what lies above it (root's
        home, pytest's temporary folders). So root opens the folder and hands it over open.
        """
        if self._account is None:
            yield self.folder, []
            return
        handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield Path(f"/proc/self/fd/{handle}"), [handle]
        finally:
            os.close(handle)

    def _make_cluster(self, folder: Path, handles: list[int]) -> None:
        """Run `initdb`, aside first, so that an interrupted one is not taken for the data."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        initdb = self._program(
            "initdb",
            *("--pgdata", str(folder / unfinished.name), "--username", _USER),
            *("--pwfile", str(folder / self._password_file.name), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
            *([] if self._durable else ["--no-sync"]),
            handles=handles,
        )
        initdb.launch()
        if initdb.wait() != 0:
            raise ProcessFailed(f"initdb could not make a database.\n{initdb.log_tail()}")
        unfinished.rename(self._data)

    def _server(self, folder: Path, handles: list[int]) -> Process:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return self._program(
            "postgres",
            *("-D", str(folder / self._data.name)),
            *(f"--{name}={value}" for name, value in settings.items()),
            handles=handles,
            ready=self._accepts,
        )

    def _program(
        self,
        name: str,
        *arguments: str,
        handles: list[int],
        ready: Callable[[], bool] | None = None,
    ) -> Process:
        return Process(
            name,
            [str(self._programs / name), *arguments],
            env=_environment(),
            cwd=self._programs,  # a folder that every account may be in
            log=self.log,
            account=self._account,
            ready=ready,
            stop_signal=signal.SIGINT,  # "fast": clients are sent away, what is committed is kept
            pass_fds=handles,
        )

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
