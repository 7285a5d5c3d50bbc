"""docker-compose.yml through podman and podman-compose, for the trial alone."""

import json
import subprocess
import time
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

import yaml

PATIENCE_SECONDS = 180

Answer = TypeVar("Answer")


class Failed(Exception):
    """Something is not as promised; says what."""


class Compose:
    """The installation that the compose file describes, in containers.

    podman older than 4.6 cannot wait for a container's health, and its timers need systemd. So
    the order in which services start, which the file prescribes, is followed here step by step.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._settings = root / "deploy" / "containers" / "dev.env"
        described = yaml.safe_load((root / "docker-compose.yml").read_text())
        self._services: dict[str, dict[str, Any]] = described["services"]

    def start_in_order(self, tell: Callable[[str], None]) -> None:
        """Start every service as soon as what it depends on is as the file demands."""
        needs = {name: one.get("depends_on", {}) for name, one in self._services.items()}
        for service in TopologicalSorter(needs).static_order():
            for other, need in needs[service].items():
                self._wait_until(other, need["condition"])
            self._compose("up", "--detach", "--no-deps", "--no-build", service)
            tell(f"started {service}")
        for service, one in self._services.items():
            if "healthcheck" in one:
                self.wait_until_healthy(service)

    def demo(self) -> dict[str, Any]:
        """Load the demo data; what `kabinet demo` says of them."""
        told: dict[str, Any] = json.loads(self._run_once("migrate", "kabinet", "demo"))
        return told

    def scale(self, service: str, replicas: int) -> None:
        scale = f"{service}={replicas}"
        self._compose("up", "--detach", "--no-deps", "--no-build", "--scale", scale, service)

    def wait_until_healthy(self, service: str) -> None:
        """Every container of the service passes its own health check."""
        wait_for(lambda: self._is_healthy(service), f"{service} to be healthy")

    def run_in(self, service: str, *command: str) -> str:
        """What a command says in a running container of the service."""
        return _output("podman", "exec", self._containers(service)[0], *command)

    def processes(self, service: str) -> dict[str, int]:
        """The service's containers that run, each with the id of its main process."""
        ids = {
            name: int(_output("podman", "inspect", "--format", "{{.State.Pid}}", name))
            for name in self._containers(service)
        }
        return {name: process for name, process in ids.items() if process}

    def describe(self) -> str:
        """How the containers are, and what they said last."""
        told = [_output("podman", "ps", "--all")]
        for name in (name for service in self._services for name in self._containers(service)):
            told.append(f"\n-- {name}\n{_said('podman', 'logs', '--tail', '15', name)}")
        return "".join(told)

    def _wait_until(self, service: str, condition: str) -> None:
        if condition == "service_healthy":
            self.wait_until_healthy(service)
        elif condition == "service_completed_successfully":
            [name] = self._containers(service)
            if _output("podman", "wait", name).strip() != "0":
                raise Failed(f"{service} did not end well")

    def _is_healthy(self, service: str) -> bool:
        return all(
            subprocess.run(
                ["podman", "healthcheck", "run", name], check=False, capture_output=True
            ).returncode
            == 0
            for name in self._containers(service)
        )

    def _containers(self, service: str) -> list[str]:
        label = f"label=com.docker.compose.service={service}"
        return sorted(
            _output("podman", "ps", "--all", "--filter", label, "--format", "{{.Names}}").split()
        )

    def _run_once(self, service: str, *command: str) -> str:
        return self._compose("run", "--rm", "--no-deps", "-T", service, *command)

    def _compose(self, *arguments: str) -> str:
        file = self._root / "docker-compose.yml"
        files = ["--file", str(file), "--env-file", str(self._settings)]
        return _output("podman-compose", *files, *arguments)


def wait_for(ask: Callable[[], Answer], what: str) -> Answer:
    """The first answer that is not empty; `Failed` when there is none for too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise Failed(f"waited in vain for {what}")
        time.sleep(0.5)
    return answer


def _output(*command: str) -> str:
    """What a program says."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _said(*command: str) -> str:
    """What a program says and complains of, however it ends."""
    return subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ).stdout
