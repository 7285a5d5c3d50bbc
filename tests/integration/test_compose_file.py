"""docker-compose.yml and what belongs to it, as far as it shows without containers.

`deploy/containers/try-with-podman.sh` shows the rest.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg2
import pytest
import yaml

from deploy.local.ports import free_port
from deploy.local.postgres import LocalPostgres
from deploy.local.programs import postgres_programs
from services.common.config import SERVICES, VARIABLES, ConfigError, read_settings
from services.common.migrate import check, migrate

ROOT = Path(__file__).resolve().parents[2]
CONTAINERS = ROOT / "deploy" / "containers"
COMPOSE_FILE = (ROOT / "docker-compose.yml").read_text()
DESCRIBED = yaml.safe_load(COMPOSE_FILE)["services"]
OURS = (*SERVICES, "gateway")
JOBS = {"check", "migrate"}
REFERENCE = re.compile(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}")
SECRET = re.compile(r"\w+_(PASSWORD|SECRET)")


def settings_file(name: str) -> dict[str, str]:
    lines = (CONTAINERS / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


DEVELOPMENT = settings_file("dev.env")
PRODUCTION = {
    name: "0123456789abcdef" * 3 if SECRET.fullmatch(name) else value
    for name, value in (DEVELOPMENT | {"KABINET_ENV": "production"}).items()
}


def environment(service: str, settings: dict[str, str]) -> dict[str, str]:
    """What a container of the service finds in its environment."""

    def replace(found: re.Match[str]) -> str:
        variable, sign, text = found.groups()
        if value := settings.get(variable):
            return value
        assert sign == ":-", f"{variable} is neither set nor has it a default"
        return str(text)

    given = DESCRIBED[service].get("environment", {})
    return {name: REFERENCE.sub(replace, value) for name, value in given.items()}


def test_everything_waits_for_what_it_needs_and_nothing_for_itself() -> None:
    needs = {name: one.get("depends_on", {}) for name, one in DESCRIBED.items()}
    order = list(TopologicalSorter(needs).static_order())

    assert order[0] == "check" and order[-1] == "gateway"
    for service, needed in needs.items():
        for other, need in needed.items():
            expected = "service_completed_successfully" if other in JOBS else "service_healthy"
            if (service, other) in {("gateway", "loyalty"), ("gateway", "notify")}:
                expected = "service_started"
            assert need["condition"] == expected, (service, other)
    for service in OURS:
        assert order.index("migrate") < order.index(service)


def test_what_runs_is_watched_started_again_and_limited() -> None:
    for name, one in DESCRIBED.items():
        assert one["logging"]["options"]["max-size"], name
        if name in JOBS:
            assert one["restart"] == "no"
            continue
        assert one["restart"] == "unless-stopped", name
        assert one["healthcheck"]["test"][0] == "CMD", name
        assert set(one["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name


def test_a_service_can_run_any_number_of_times() -> None:
    assert not [name for name, one in DESCRIBED.items() if "container_name" in one]
    for service in SERVICES:
        assert not {"ports", "hostname", "network_mode"} & set(DESCRIBED[service])


def test_only_the_gateway_can_be_reached_and_only_from_this_machine() -> None:
    published = {name: one["ports"] for name, one in DESCRIBED.items() if "ports" in one}

    assert published == {"gateway": ["${HOST:-127.0.0.1}:${PORT:-8080}:8080"]}
    assert not [name for name, one in DESCRIBED.items() if one.get("network_mode") == "host"]


def test_our_containers_have_no_rights_and_write_nothing_into_the_image() -> None:
    for name in (*OURS, *JOBS):
        assert DESCRIBED[name]["read_only"] is True
        assert DESCRIBED[name]["cap_drop"] == ["ALL"]
        assert DESCRIBED[name]["security_opt"] == ["no-new-privileges"]


@pytest.mark.parametrize("settings", [DEVELOPMENT, PRODUCTION], ids=["development", "production"])
@pytest.mark.parametrize("service", [*OURS, "migrate"])
def test_every_process_can_start_with_its_settings(service: str, settings: dict[str, str]) -> None:
    read = read_settings(environment(service, settings))

    databases = {"gateway": [], "migrate": list(SERVICES)}.get(service, [service])
    assert read.env == settings["KABINET_ENV"]
    assert list(read.database_urls) == databases
    for name, url in read.database_urls.items():
        assert settings[f"{name.upper()}_DATABASE_PASSWORD"] in url


def test_no_process_is_given_a_setting_that_nobody_reads() -> None:
    known = {variable for variable, _ in VARIABLES.values()}
    known |= {f"{service.upper()}_DATABASE_URL" for service in SERVICES}

    for service in (*OURS, "migrate"):
        assert set(DESCRIBED[service]["environment"]) <= known


def test_health_is_asked_where_it_is_served() -> None:
    for service in SERVICES:
        asked = DESCRIBED[service]["healthcheck"]["test"][-1]
        assert asked == DESCRIBED[service]["environment"]["HEALTH_PORT"]
    assert DESCRIBED["gateway"]["healthcheck"]["test"][-1] == "8080"


def test_no_secret_has_a_default_and_without_one_nothing_starts() -> None:
    found = [found for found in REFERENCE.findall(COMPOSE_FILE) if SECRET.fullmatch(found[0])]
    demanded = {name for name, sign, _ in found if sign == ":?"}

    assert {sign for _, sign, _ in found} == {":?", ""}
    assert demanded == {name for name, _, _ in found}
    assert demanded == {name for name in DEVELOPMENT if SECRET.fullmatch(name)}
    assert demanded == {
        name for name in DESCRIBED["check"]["environment"] if SECRET.fullmatch(name)
    }


def test_who_says_nothing_gets_production() -> None:
    settings = PRODUCTION.copy()
    del settings["KABINET_ENV"]

    assert read_settings(environment("gateway", settings)).env == "production"


def check_secrets(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(CONTAINERS / "check-secrets.sh")],
        env={"PATH": os.environ["PATH"], **environment("check", settings)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("settings", [DEVELOPMENT, PRODUCTION], ids=["development", "production"])
def test_proper_secrets_pass(settings: dict[str, str]) -> None:
    done = check_secrets(settings)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in DEVELOPMENT if SECRET.fullmatch(name)])
@pytest.mark.parametrize("kind", ["known to everybody", "short", "of no use in an address"])
def test_one_bad_secret_keeps_production_from_starting(name: str, kind: str) -> None:
    bad = {
        "known to everybody": DEVELOPMENT[name],
        "short": "0123456789abcde",
        "of no use in an address": "0123456789abcdef/0123@456789:",
    }
    done = check_secrets(PRODUCTION | {name: bad[kind]})

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f" {name} " in done.stderr
    assert bad[kind] not in done.stderr


def test_auth_itself_refuses_the_known_secret_in_production() -> None:
    settings = PRODUCTION | {"AUTH_SECRET": DEVELOPMENT["AUTH_SECRET"]}

    with pytest.raises(ConfigError, match="AUTH_SECRET"):
        read_settings(environment("auth", settings))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    """A server on which create-databases.sh has run, as in the container."""
    with LocalPostgres(tmp_path_factory.mktemp("compose") / "postgres", durable=False) as server:
        address = psycopg2.extensions.parse_dsn(server.url("postgres").replace("+psycopg2", ""))
        subprocess.run(
            ["/bin/sh", str(CONTAINERS / "create-databases.sh")],
            env={
                "PATH": f"{postgres_programs()}:{os.environ['PATH']}",
                "PGHOST": address["host"],
                "PGPORT": address["port"],
                "PGPASSWORD": address["password"],
                "POSTGRES_USER": address["user"],
                **environment("postgres", DEVELOPMENT),
            },
            check=True,
        )
        yield server


def url_on(server: LocalPostgres, service: str) -> str:
    """The address that the compose file gives the service, at the server of the test."""
    given = environment(service, DEVELOPMENT)[f"{service.upper()}_DATABASE_URL"]
    return given.replace("@postgres:5432/", f"@127.0.0.1:{server.port}/")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_migrate_its_database(server: LocalPostgres, service: str) -> None:
    migrate(service, url_on(server, service))

    check(service, url_on(server, service))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_into_no_database_but_its_own(server: LocalPostgres, service: str) -> None:
    own = url_on(server, service).replace("+psycopg2", "")
    for other in set(SERVICES) - {service}:
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            psycopg2.connect(own.removesuffix(service) + other)


@contextmanager
def answering(status: int) -> Iterator[int]:
    """The port of a server that gives this answer to /readyz and 404 to all else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def is_ready(port: int) -> int:
    """The exit code of the health check, as Docker would run it."""
    command = DESCRIBED["gateway"]["healthcheck"]["test"]
    assert command[:3] == ["CMD", "python3", "-IS"]
    script = ROOT / Path(command[3]).relative_to("/app")
    return subprocess.run([sys.executable, "-IS", script, str(port)], check=False).returncode


def test_the_health_check_passes_on_200_alone() -> None:
    with answering(200) as ready, answering(503) as not_ready:
        assert (is_ready(ready), is_ready(not_ready), is_ready(free_port())) == (0, 1, 1)


def test_the_image_is_made_of_what_docker_may_see() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    copied = [
        source
        for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
        for source in sources.split()
    ]
    shown = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}

    assert set(copied) == shown
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_runs_as_nobody_in_particular_on_pinned_packages() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    [user] = re.findall(r"^USER (\d+):\d+$", dockerfile, re.MULTILINE)

    assert int(user) > 0
    assert "--require-hashes" in dockerfile and "--only-binary :all:" in dockerfile


def test_public_images_are_named_once_and_by_their_version() -> None:
    """Compose file, Dockerfile and trial mean the same images."""
    defaults = dict(re.findall(r"\$\{(\w+_IMAGE):-([^}]+)\}", COMPOSE_FILE))
    script = (CONTAINERS / "try-with-podman.sh").read_text()
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()

    assert defaults.pop("KABINET_IMAGE") == "kabinet"
    assert all(re.fullmatch(r"docker\.io/library/\w+:\d[\w.-]+", one) for one in defaults.values())
    assert dict(re.findall(r"\$\{(\w+_IMAGE):-([^}]+)\}", script)) == defaults
    assert f"ARG BASE={defaults['PYTHON_IMAGE']}\n" in dockerfile
