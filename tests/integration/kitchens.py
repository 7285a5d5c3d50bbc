"""Starting kitchens (see ``kitchen.py``), calling them, and looking at what they did."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu import Connection, Consumer, Exchange, Queue
from sqlalchemy import text

from deploy.local.ports import free_port
from deploy.local.processes import Process, answers
from services.common.engines import make_engine
from services.common.migrate import migrate
from services.common.rpc.client import Caller, RpcClient

ROOT = Path(__file__).resolve().parents[2]
RPC = Exchange("nameko-rpc", type="topic", durable=True)
_numbers = itertools.count(1)


def eventually(condition: Callable[[], Any], *, seconds: float = 60) -> Any:
    """What the condition says once it is true; the test fails when that takes too long."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)
    return answer


@dataclass
class Kitchen:
    """A kitchen that may run or not, its database and its broker."""

    name: str
    env: dict[str, str]
    folder: Path
    process: Process | None = None

    @property
    def spoilt(self) -> Path:
        return Path(self.env["SPOILT"])

    @property
    def health_url(self) -> str:
        return f"http://127.0.0.1:{self.env['HEALTH_PORT']}"

    @property
    def log(self) -> str:
        return (self.folder / "kitchen.log").read_text()

    @property
    def cold(self) -> Path:
        return Path(self.env["COLD"])

    def start(self, **env: str) -> Process:
        """Start it, with these variables besides, and wait until it is ready."""
        process = self.launch(**env)
        process.wait_until_ready()
        return process

    def launch(self, **env: str) -> Process:
        """Start it, with these variables besides."""
        self.env |= env
        self.process = Process(
            self.name,
            [sys.executable, "-m", "tests.integration.kitchen"],
            env=self.env,
            cwd=ROOT,
            log=self.folder / "kitchen.log",
            ready=answers(f"{self.health_url}/readyz"),
        )
        self.process.launch()
        return self.process

    def client(self, *, timeout: float = 20.0) -> RpcClient:
        return RpcClient(self.env["AMQP_URI"], timeout_seconds=timeout)

    def call(
        self,
        method: str,
        *,
        timeout: float = 20.0,
        command_id: str = "",
        request_id: str = "req-1",
        **arguments: Any,
    ) -> Any:
        """What the method answers over the gateway's client."""
        client = self.client(timeout=timeout)
        caller = Caller(request_id=request_id, viewer={"partner_id": 1, "user_id": None})
        try:
            return client.call(self.name, method, arguments, caller=caller, command_id=command_id)
        finally:
            client.close()

    def lives(self) -> bool:
        """Whether it still answers, in the process that was started."""
        assert self.process is not None
        return self.process.is_running and self.call("look", drink="tea")["drink"] == "tea"

    def rows(self, query: str) -> list[Any]:
        engine = make_engine(self.env["AUTH_DATABASE_URL"])
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(query)))
        finally:
            engine.dispose()

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The log entries of this name; a line that is not JSON fails the test."""
        entries = [json.loads(line) for line in self.log.splitlines()]
        return [entry for entry in entries if entry["event"] == event]

    def kabinet(self, *arguments: str) -> str:
        """What the command line says in the kitchen's environment."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@contextmanager
def a_kitchen(folder: Path, amqp_uri: str, database_url: str) -> Iterator[Kitchen]:
    """A kitchen with a name and tables of its own, not started yet, ended when it is left."""
    name = f"kitchen{os.getpid()}x{next(_numbers)}"
    migrate("auth", database_url)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        for table in ("cups", "kettles"):
            connection.execute(text(f"CREATE TABLE {table} (id VARCHAR(64))"))
    engine.dispose()
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "KABINET_ENV": "dev",
        "AMQP_URI": amqp_uri,
        "AUTH_DATABASE_URL": database_url,
        "HEALTH_PORT": str(free_port()),
        "INBOX_RETRY_SECONDS": "0.2,0.2",
        "LOG_LEVEL": "INFO",
        "KITCHEN": name,
        "SPOILT": str(folder / "spoilt"),
        "COLD": str(folder / "cold"),
    }
    kitchen = Kitchen(name, env, folder)
    try:
        yield kitchen
    finally:
        if kitchen.process is not None:
            kitchen.process.kill()


class Stranger:
    """Somebody on the broker who sends what he likes and perhaps listens to the reply."""

    def __init__(self, amqp_uri: str, service: str) -> None:
        self.service = service
        self.replies: list[Any] = []
        self._connection = Connection(amqp_uri)
        self._channel = self._connection.channel()
        self._queue = Queue(f"stranger-{uuid4()}", RPC, f"stranger-{uuid4()}", exclusive=True)
        bound = self._queue(self._channel)
        bound.declare()
        Consumer(self._channel, [bound], no_ack=True, on_message=self._take).consume()

    def __enter__(self) -> "Stranger":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.release()

    def _take(self, message: Any) -> None:
        self.replies.append(json.loads(message.body))

    def send(
        self,
        body: Any,
        *,
        method: str = "look",
        exchange: str = RPC.name,
        routing_key: str | None = None,
        **properties: Any,
    ) -> None:
        """Send this body just as it is; ``reply_to=None`` asks for no reply."""
        if isinstance(body, dict | list):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        properties = {
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "reply_to": self._queue.routing_key,
            "correlation_id": str(uuid4()),
            **properties,
        }
        wanted = {name: value for name, value in properties.items() if value is not None}
        self._connection.Producer(self._channel).publish(
            body,
            exchange=exchange,
            routing_key=routing_key or f"{self.service}.{method}",
            **wanted,
        )

    def reply(self, *, seconds: float = 20) -> Any:
        """The next reply."""
        deadline = time.monotonic() + seconds
        while not self.replies:
            self._connection.drain_events(timeout=max(deadline - time.monotonic(), 0.001))
        return self.replies.pop(0)
