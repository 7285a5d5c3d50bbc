"""The private servers of the tests and of `up-local`: what they promise to who uses them."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import kombu
import psycopg2
import pytest
from sqlalchemy import create_engine, text

from deploy.local.postgres import LocalPostgres
from deploy.local.processes import Process, ProcessFailed
from deploy.local.rabbitmq import LocalRabbitMQ
from tests.integration.kitchens import eventually

ROOT = Path(__file__).resolve().parents[2]

OWNER = """
import signal
import sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
from deploy.local.postgres import LocalPostgres
from deploy.local.rabbitmq import LocalRabbitMQ
folder = Path(sys.argv[1])
with LocalPostgres(folder / "postgres"), LocalRabbitMQ(folder / "rabbitmq"):
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_committed_row_survives_the_death_of_postgresql(tmp_path: Path) -> None:
    with LocalPostgres(tmp_path / "postgres") as server:
        engine = create_engine(server.create_database("kept"))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE words (word text)"))
            connection.execute(text("INSERT INTO words VALUES ('Grüße')"))
        engine.dispose()

        server.kill()
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(server.url("kept").replace("+psycopg2", ""))
        server.start()

        with engine.connect() as connection:
            assert connection.scalar(text("SELECT word FROM words")) == "Grüße"
        engine.dispose()


def test_a_persistent_message_survives_the_death_of_rabbitmq(tmp_path: Path) -> None:
    with LocalRabbitMQ(tmp_path / "rabbitmq") as server:
        queue = kombu.Queue("kept", durable=True)
        with kombu.Connection(server.url, transport_options={"confirm_publish": True}) as bus:
            queue(bus).declare()
            bus.Producer().publish({"word": "Grüße"}, routing_key="kept", delivery_mode=2)

        server.kill()
        with pytest.raises(OSError, match="refused"):
            kombu.Connection(server.url).connect()
        server.start()

        # It takes connections a little before it has found its queues again.
        eventually(lambda: server.queues() == {"kept": (1, 0)})
        with kombu.Connection(server.url) as bus:
            message = queue(bus).get()
            assert message.payload == {"word": "Grüße"}
            message.ack()


def test_later_servers_find_the_data_of_the_folder(tmp_path: Path) -> None:
    with LocalPostgres(tmp_path / "postgres") as first:
        first.create_database("kept")

    with LocalPostgres(tmp_path / "postgres") as later:
        psycopg2.connect(later.url("kept").replace("+psycopg2", "")).close()


def test_a_stranger_does_not_get_into_the_database(postgres_server: LocalPostgres) -> None:
    wrong = re.sub(r":\w+@", ":wrong@", postgres_server.url("postgres"))

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(wrong.replace("+psycopg2", ""))


def test_every_fresh_database_is_another_one(postgres_database: Callable[[], str]) -> None:
    engines = [create_engine(postgres_database()) for _ in range(2)]
    for engine in engines:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE only_one_of_this_name (id int)"))
        engine.dispose()


def test_the_servers_listen_on_the_loopback_interface_only(
    postgres_server: LocalPostgres, rabbitmq_server: LocalRabbitMQ
) -> None:
    addresses = listening_addresses(
        [*processes_about(postgres_server.folder), *processes_about(rabbitmq_server.folder)]
    )

    assert f"127.0.0.1:{postgres_server.port}" in addresses
    assert f"127.0.0.1:{rabbitmq_server.port}" in addresses
    assert {address.rpartition(":")[0] for address in addresses} <= {"127.0.0.1", "::1"}


def test_a_paused_server_is_silent_until_it_is_resumed(tmp_path: Path) -> None:
    with LocalPostgres(tmp_path / "postgres", durable=False) as server:
        address = server.url("postgres").replace("+psycopg2", "")
        server.pause()
        with pytest.raises(psycopg2.OperationalError, match="timeout expired"):
            psycopg2.connect(address, connect_timeout=2)

        server.resume()

        psycopg2.connect(address).close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_servers_end_with_their_owner_however_it_ends(tmp_path: Path, how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        assert len(processes_about(tmp_path)) > 2

        owner.send_signal(how)
        owner.wait()
        deadline = time.monotonic() + 30
        while (left := processes_about(tmp_path)) and time.monotonic() < deadline:
            time.sleep(0.1)

    assert left == []


def test_a_process_that_is_never_ready_is_stopped_and_its_log_is_told(tmp_path: Path) -> None:
    process = a_shell(tmp_path, "echo 'no such table'; sleep 60", ready=lambda: False)

    with pytest.raises(ProcessFailed, match="no such table"):
        process.start(timeout=0.5)

    assert not process.is_running
    assert processes_about(tmp_path) == []


def test_a_process_that_ends_too_early_says_why(tmp_path: Path) -> None:
    process = a_shell(tmp_path, "echo 'no such table'; exit 3", ready=lambda: False)

    with pytest.raises(ProcessFailed, match=r"ended before it was ready\.\nno such table"):
        process.start()


def test_a_process_that_will_not_end_is_killed_with_what_it_started(tmp_path: Path) -> None:
    process = a_shell(tmp_path, "trap '' TERM; (trap '' TERM; sleep 60) & echo on; wait; sleep 60")
    process.start()
    while "on" not in process.log_tail():
        time.sleep(0.01)

    assert process.terminate(timeout=0.5) == -signal.SIGKILL

    assert processes_about(tmp_path) == []


def test_a_process_that_ends_as_asked_keeps_its_exit_code(tmp_path: Path) -> None:
    process = a_shell(tmp_path, "trap 'exit 7' TERM; echo on; while :; do sleep 0.1; done")
    process.start()
    while "on" not in process.log_tail():
        time.sleep(0.01)

    assert process.terminate() == 7


def a_shell(folder: Path, script: str, ready: Callable[[], bool] | None = None) -> Process:
    return Process(
        "shell",
        ["/bin/sh", "-c", script],
        env={"PATH": "/usr/bin:/bin", "FOLDER": str(folder)},
        log=folder / "log",
        ready=ready,
    )


def processes_about(folder: Path) -> list[int]:
    """The living processes that stand in the folder, or have it among what they were told."""
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if int(entry.name) != os.getpid() and str(folder) in what_is_known_of(entry)
    ]


def what_is_known_of(process: Path) -> str:
    """Where the process stands and what it was told; nothing, when it has ended meanwhile."""
    try:
        told = (process / "cmdline").read_text() + (process / "environ").read_text()
        return f"{(process / 'cwd').readlink()} {told}"
    except OSError:
        return ""


def listening_addresses(pids: list[int]) -> set[str]:
    """What the processes listen on, as `address:port`, from the kernel's own tables."""
    sockets = {
        link.readlink().name.removeprefix("socket:[").removesuffix("]")
        for pid in pids
        for link in Path(f"/proc/{pid}/fd").glob("*")
        if link.readlink().name.startswith("socket:[")
    }
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    listening = "0A"
    return {readable(row[1]) for row in rows if row[3] == listening and row[9] in sockets}


def readable(address: str) -> str:
    """`127.0.0.1:5432` for the kernel's `0100007F:1538`."""
    host, port = address.split(":")
    if len(host) == 8:
        return f"{'.'.join(str(byte) for byte in reversed(bytes.fromhex(host)))}:{int(port, 16)}"
    return f"{'::1' if host == '0' * 24 + '01000000' else host}:{int(port, 16)}"
