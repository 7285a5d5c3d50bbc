"""docker-compose.yml through podman and podman-compose, for the trial alone."""

import json
import subprocess
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

from deploy.containers.trial.waiting import Failed, wait_for


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

    def stop(self) -> dict[str, int]:
        """Stop every container in good order; the exit code of each."""
        names = [name for service in self._services for name in self._containers(service)]
        self._compose("stop")
        return {
            name: int(_output("podman", "inspect", "--format", "{{.State.ExitCode}}", name))
            for name in names
        }

    def remove(self) -> None:
        """Remove the containers, their data and their network."""
        self._compose("down", "--volumes", "--remove-orphans")

    def describe(self) -> str:
        """How the containers are, and what they said last."""
        names = [name for service in self._services for name in self._containers(service)]
        last_words = [
            f"\n-- {one}\n{_said('podman', 'logs', '--tail', '15', one)}" for one in names
        ]
        return "".join([_output("podman", "ps", "--all"), *last_words])

    def _wait_until(self, service: str, condition: str) -> None:
        if condition == "service_healthy":
            self.wait_until_healthy(service)
        elif condition == "service_completed_successfully":
            [name] = self._containers(service)
            if _output("podman", "wait", name).strip() != "0":
                raise Failed(f"{service} did not end well")

    def _is_healthy(self, service: str) -> bool:
        return all(
            _succeeds("podman", "healthcheck", "run", one) for one in self._containers(service)
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


def _output(*command: str) -> str:
    """What a program says."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _said(*command: str) -> str:
    """What a program says and complains of, however it ends."""
    return subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ).stdout
