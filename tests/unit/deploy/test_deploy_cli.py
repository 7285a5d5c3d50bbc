"""``./kabinet`` says in one line what is missing, and asks for nothing twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from deploy.settings import data_folder
from deploy.welcome import welcome

ROOT = Path(__file__).resolve().parents[3]
KABINET = str(ROOT / "kabinet")


def kabinet(
    *arguments: str, cwd: Path, program: str = KABINET, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "KABINET_ENV": "dev", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_embedded_installation_is_migrated_and_has_no_queues(tmp_path: Path) -> None:
    told = kabinet("migrate", cwd=tmp_path, KABINET_DATA="data")

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines() == [
        f"{service}: up to date" for service in ("auth", "booking", "loyalty", "notify")
    ]
    assert (tmp_path / "data" / "auth.db").is_file()


def test_where_there_is_no_data_it_says_so_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for command in (["partner-keys", "list"], ["demo"]):
        told = kabinet(*command, cwd=tmp_path, KABINET_DATA="data")

        assert told.returncode == 1
        assert told.stderr == (
            "kabinet: there is no data in ./data; run 'make run' first, or set KABINET_DATA\n"
        )
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [["partner-keys", "list"], ["staff-users", "list"], ["migrate"], ["demo"]],
)
def test_a_database_that_is_away_is_named(tmp_path: Path, command: list[str]) -> None:
    url = f"postgresql+psycopg2://kabinet:secret@127.0.0.1:{free_port()}"
    databases = {f"{name.upper()}_DATABASE_URL": f"{url}/{name}" for name in ("auth", "booking")}
    told = kabinet(*command, cwd=tmp_path, AMQP_URI="amqp://nowhere", **databases)

    assert told.returncode == 1
    assert told.stderr == "kabinet: cannot reach the database of auth: connection refused\n"


def test_a_database_without_tables_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/auth.db"
    told = kabinet(
        "partner-keys", "list", cwd=tmp_path, AMQP_URI="amqp://nowhere", AUTH_DATABASE_URL=url
    )

    assert told.returncode == 1
    assert told.stderr == "kabinet: the database of auth is empty; run: ./kabinet migrate\n"


def test_a_variable_that_is_missing_is_named(tmp_path: Path) -> None:
    told = kabinet("migrate", "auth", cwd=tmp_path, AMQP_URI="amqp://nowhere")

    assert (told.returncode, told.stderr) == (1, "kabinet: AUTH_DATABASE_URL is missing\n")


def test_a_broker_that_is_away_is_named(tmp_path: Path) -> None:
    told = kabinet(
        "migrate",
        cwd=tmp_path,
        AMQP_URI=f"amqp://guest:guest@127.0.0.1:{free_port()}//",
        AUTH_DATABASE_URL=f"sqlite:///{tmp_path}/auth.db",
    )

    assert told.returncode == 1
    assert told.stdout == "auth: up to date\n"
    assert told.stderr == "kabinet: cannot reach the broker: connection refused\n"


def test_missing_packages_are_asked_for(tmp_path: Path) -> None:
    """In a checkout without .venv, with a Python that has no packages."""
    checkout, bin_folder = tmp_path / "checkout", tmp_path / "bin"
    checkout.mkdir()
    bin_folder.mkdir()
    for name in ("kabinet", "deploy", "services", "gateway"):
        (checkout / name).symlink_to(ROOT / name)
    (checkout / "kabinet").unlink()
    (checkout / "kabinet").write_text((ROOT / "kabinet").read_text())
    (checkout / "kabinet").chmod(0o755)
    (bin_folder / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    (bin_folder / "python3").chmod(0o755)
    told = kabinet(
        "--help",
        cwd=tmp_path,
        program=str(checkout / "kabinet"),
        PATH=f"{bin_folder}:{os.environ['PATH']}",
    )

    assert told.returncode == 1
    assert told.stderr == "kabinet: packages are missing; run: make run (or: make .venv)\n"


def test_our_data_are_in_our_own_folder_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert data_folder({}) == data_folder({"KABINET_DATA": ""}) == ROOT / "var"
    assert data_folder({"KABINET_DATA": "data"}) == tmp_path / "data"


INTERRUPTED = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
__import__("runpy").run_module(sys.argv[1], run_name="__main__")
"""


@pytest.mark.parametrize(
    ("module", "imported"),
    [("deploy", "marshmallow"), ("deploy.embedded", "alembic"), ("deploy.serve", "nameko")],
)
def test_ctrl_c_while_it_is_imported_ends_it_without_a_word(module: str, imported: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module, imported],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (told.returncode, told.stdout, told.stderr) == (-signal.SIGINT, "", "")


def test_the_welcome_ends_its_lines_where_its_words_end(capsys: pytest.CaptureFixture[str]) -> None:
    demo = {
        "base_url": "http://127.0.0.1:8080",
        "partner_token": "key",
        "location_ids": [1],
        "owner": {"login": "owner", "password": "secret"},
        "file": "/var/demo.json",
    }
    welcome(demo)
    welcome(demo, "Logs stand in /var/logs.")

    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if line != line.rstrip()] == []
    assert "All of this stands in /var/demo.json. Logs stand in /var/logs." in told
