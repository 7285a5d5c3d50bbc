"""Whole installations for tests to talk to over HTTP: the embedded one and the real one."""

import itertools
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import inspect, text

from deploy.local.cluster import LocalCluster
from deploy.local.ports import free_port
from deploy.local.processes import Process, answers
from services.common.config import SERVICES
from services.common.engines import make_engine

ROOT = Path(__file__).resolve().parents[1]
V2 = "application/vnd.api.v2+json"
PARIS, NEW_YORK = 0, 1
PASSED_ON = ("DIE_FOR",)
LEFT_OVER = {
    "outbox": "SELECT position, subject FROM outbox WHERE published_at IS NULL",
    "inbox": "SELECT event_id, handler, reason FROM inbox WHERE handled_at IS NULL",
}

_phones = itertools.count(random.randrange(10_000_000))


@dataclass
class Installation:
    """A running installation with the demo data, and a front end's view of it."""

    base_url: str
    demo: dict[str, Any]
    database_urls: dict[str, str]
    cluster: LocalCluster | None = None
    process: Process | None = None
    timeout: float = 30.0
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def location_id(self) -> int:
        return int(self.demo["location_ids"][PARIS])

    @property
    def key(self) -> str:
        return str(self.demo["partner_token"])

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request to the API as an integration with the v2 envelope sends it.

        A path that begins with a slash is one outside the API's first version.
        """
        address = path if path.startswith("/") else f"/api/v1/{path}"
        headers = {"Authorization": f"Bearer {self.key}", "Accept": V2}
        headers |= options.pop("headers", {})
        return self.session.request(
            method,
            f"{self.base_url}{address}",
            headers=headers,
            timeout=self.timeout,
            **options,
        )

    def data(self, path: str, **options: Any) -> Any:
        """What a GET answers; anything but success fails the test."""
        answer = self.ask("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def messages(self, phone: str) -> list[dict[str, Any]]:
        answer = self.session.get(
            f"{self.base_url}/dev/messages", params={"to": phone}, timeout=self.timeout
        )
        sent: list[dict[str, Any]] = answer.json()
        return sent

    def staff_token(self) -> str:
        """The token of the owner of the business."""
        answer = self.ask("POST", "auth", json=self.demo["owner"])
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["data"]["user_token"])

    def count_rows(self) -> dict[str, int]:
        """How many rows every table of every service has."""
        counts = {}
        for service, url in self.database_urls.items():
            engine = make_engine(url)
            with engine.connect() as connection:
                for table in inspect(engine).get_table_names():
                    rows = connection.execute(text(f"SELECT count(*) FROM {table}"))
                    counts[f"{service}.{table}"] = rows.scalar_one()
            engine.dispose()
        return counts

    def wait_until_quiet(self, patience: float = 60) -> None:
        """Return when nothing is on its way any more: no event, no message."""
        deadline = time.monotonic() + patience
        seen: dict[str, int] = {}
        while self._is_busy() or seen != (seen := self.count_rows()):
            assert time.monotonic() < deadline, f"still at work: {self.unexplained()}"
            time.sleep(0.3)

    def unexplained(self) -> dict[str, Any]:
        """Whatever is neither done nor known to have failed, by service."""
        left = {}
        for service in self.database_urls:
            for name, query in LEFT_OVER.items():
                if found := self.rows(service, query):
                    left[f"{service} {name}"] = found
        if due := self.rows("notify", "SELECT id FROM messages WHERE next_attempt_at IS NOT NULL"):
            left["notify messages"] = due
        if self.cluster is not None:
            left |= {
                name: count
                for name, (count, _consumers) in self.cluster.rabbitmq.queues().items()
                if count
            }
        return left

    def _is_busy(self) -> bool:
        return bool(self.unexplained())

    def rows(self, service: str, query: str) -> list[Any]:
        engine = make_engine(self.database_urls[service])
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(query)))
        finally:
            engine.dispose()

    def bookable(self, location: int = PARIS) -> tuple[int, int]:
        """A service and a staff member who gives it."""
        location_id = self.demo["location_ids"][location]
        service = self.data(f"book_services/{location_id}")["services"][0]["id"]
        staff = self.data(
            f"book_staff/{location_id}", params={"service_ids": service, "without_seances": 1}
        )
        return service, next(person["id"] for person in staff if person["bookable"])

    def slots(self, service: int, staff: int, *, days: int = 5) -> list[str]:
        """Free times of some of the coming days, as the API writes them."""
        where, asked = self.location_id, {"service_ids[]": service}
        dates = self.data(f"book_dates/{where}", params={**asked, "staff_id": staff})
        return [
            slot["datetime"]
            for day in dates["booking_dates"][1 : days + 1]
            for slot in self.data(f"book_times/{where}/{staff}/{day}", params=asked)
        ]


def a_phone() -> str:
    """A French mobile number that no other test has used."""
    return f"+3362{next(_phones) % 10_000_000:07d}"


def a_record(service: int, staff: int, when: str, **changes: Any) -> dict[str, Any]:
    """The body of a ``book_record`` request for one visit."""
    visit = {"id": 1, "services": [service], "staff_id": staff, "datetime": when}
    return {"phone": a_phone(), "fullname": "Ann Clark", "appointments": [visit]} | changes


@contextmanager
def embedded(
    folder: Path, *, entry: tuple[str, ...] = ("-m", "deploy.embedded"), **env: str
) -> Iterator[Installation]:
    """``make run`` without its make, on a folder that may hold data already."""
    process, base_url = embedded_process(folder, entry=entry, **env)
    with process:
        yield installation_in(folder, base_url, process)


def embedded_process(
    folder: Path, *, entry: tuple[str, ...] = ("-m", "deploy.embedded"), **env: str
) -> tuple[Process, str]:
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = Process(
        "embedded",
        [sys.executable, *entry],
        env={
            **kept,
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "PORT": str(port),
            "KABINET_DATA": str(folder),
            **env,
        },
        cwd=ROOT,
        log=folder / "embedded.log",
        ready=answers(f"{base_url}/readyz"),
    )
    return process, base_url


def installation_in(folder: Path, base_url: str, process: Process | None = None) -> Installation:
    return Installation(
        base_url,
        json.loads((folder / "demo.json").read_text()),
        {service: f"sqlite:///{folder.resolve() / service}.db" for service in SERVICES},
        process=process,
    )


@contextmanager
def real(folder: Path, **options: Any) -> Iterator[Installation]:
    """Processes on a private RabbitMQ and PostgreSQL, with the demo data."""
    # Its gateway has two processes: a test would meet what the other one still keeps.
    env = {"CACHE_SECONDS": "0", **options.pop("env", {})}
    with LocalCluster(folder, env=env, **options) as cluster:
        yield Installation(
            cluster.base_url,
            json.loads(cluster.kabinet("demo")),
            {service: cluster.postgres.url(service) for service in SERVICES},
            cluster=cluster,
        )
        # Nobody needs them again: no time is spent on an orderly end, but by PostgreSQL, which
        # would leave shared memory behind.
        for part in (*cluster.processes.values(), cluster.rabbitmq):
            part.kill()
