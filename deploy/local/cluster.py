"""The real thing on one machine: RabbitMQ, PostgreSQL, four services and the gateway.

Every part is a process of its own, so every part can be killed.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.local.ports import free_port
from deploy.local.postgres import LocalPostgres
from deploy.local.processes import Process, answers
from deploy.local.rabbitmq import LocalRabbitMQ
from deploy.local.running import Running
from deploy.local.secret import kept_secret
from services.common.config import SERVICES

ROOT = Path(__file__).resolve().parents[2]


class LocalCluster(Running):
    """One installation in one folder. Started again on the same folder it finds its data.

    ``replicas`` says how many processes of a service run ({"booking": 3}; one
    is the default); the second is called "booking-2", and so on.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        env: Mapping[str, str] | None = None,
        durable: bool = True,
        replicas: Mapping[str, int] | None = None,
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.postgres = LocalPostgres(folder / "postgres", durable=durable)
        self.rabbitmq = LocalRabbitMQ(folder / "rabbitmq")
        self.processes: dict[str, Process] = {}
        self._own_env = dict(env or {})
        self._replicas = dict(replicas or {})

    @property
    def env(self) -> dict[str, str]:
        """The environment of every process of the installation."""
        databases = {
            f"{service.upper()}_DATABASE_URL": self.postgres.url(service) for service in SERVICES
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "KABINET_ENV": "dev",
            "KABINET_DATA": str(self.folder),
            "AMQP_URI": self.rabbitmq.url,
            "AUTH_SECRET": kept_secret(self.folder / "auth-secret"),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PUBLIC_URL": self.base_url,
            "LOG_LEVEL": "WARNING",
            "PASSWORD_SIGN_IN": "1",
            "PHOTO_FOLDER": str(self.folder / "photos"),
            "IMAGE_FOLDER": str(self.folder / "images"),
            **databases,
            **self._own_env,
        }

    def start(self) -> None:
        """Start everything and wait until the gateway can serve, or leave nothing running."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything, the gateway first and the servers last; the data stays."""
        services = dict(self.processes)
        if gateway := services.pop("gateway", None):
            gateway.terminate()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Process.terminate, services.values()))
            list(pool.map(lambda server: server.stop(), (self.rabbitmq, self.postgres)))

    def kabinet(self, *arguments: str) -> str:
        """What the command line says to these arguments."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"kabinet {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done.stdout

    def replace(self, name: str, module: str) -> None:
        """Run this module in the place of a service's process, for tests that need a faulty one."""
        self.processes[name].kill()
        self.processes[name] = self._service(name, module)
        self.processes[name].start()

    def _start(self) -> None:
        with ThreadPoolExecutor() as pool:
            broker = pool.submit(self.rabbitmq.start)
            self.postgres.start()
            self._create_missing_databases()
            broker.result()
        self.kabinet("migrate")
        for service in SERVICES:
            for number in range(1, self._replicas.get(service, 1) + 1):
                name = service if number == 1 else f"{service}-{number}"
                self.processes[name] = self._service(name, "deploy.serve", service)
        self.processes["gateway"] = self._gateway()
        for process in self.processes.values():
            process.launch()
        for process in self.processes.values():
            process.wait_until_ready()

    def _create_missing_databases(self) -> None:
        marker = self.folder / "databases-created"
        if not marker.exists():
            for service in SERVICES:
                self.postgres.create_database(service)
            marker.touch()

    def _service(self, name: str, *command: str) -> Process:
        health_port = free_port()
        return Process(
            name,
            [sys.executable, "-m", *command],
            env={**self.env, "HEALTH_PORT": str(health_port)},
            cwd=ROOT,
            log=self.folder / "logs" / f"{name}.log",
            ready=answers(f"http://127.0.0.1:{health_port}/readyz"),
        )

    def _gateway(self) -> Process:
        return Process(
            "gateway",
            [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                "gateway/gunicorn.conf.py",
                "gateway.wsgi:app",
            ],
            env=self.env,
            cwd=ROOT,
            log=self.folder / "logs" / "gateway.log",
            ready=answers(f"{self.base_url}/readyz"),
        )
