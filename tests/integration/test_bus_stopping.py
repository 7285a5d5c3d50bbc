"""A service that still waits for its broker ends as soon as it is asked to, whatever is missing."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from deploy.local.processes import Process
from services.common.migrate import migrate
from tests.integration.kitchens import ROOT, eventually


@pytest.fixture
def silent() -> Iterator[int]:
    """A port on which somebody takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def a_service(folder: Path, *, broker_port: int, database_url: str) -> Process:
    return Process(
        "booking",
        [sys.executable, "-m", "deploy.serve", "booking"],
        env={
            "PATH": os.environ["PATH"],
            "KABINET_ENV": "dev",
            "AMQP_URI": f"amqp://guest:guest@127.0.0.1:{broker_port}//",
            "BOOKING_DATABASE_URL": database_url,
            "LOG_LEVEL": "INFO",
        },
        cwd=ROOT,
        log=folder / "booking.log",
    )


def seconds_to_end(process: Process, number: signal.Signals) -> float:
    begun = time.monotonic()
    os.kill(process.pid, number)
    assert process.wait(timeout=30) == 0
    return time.monotonic() - begun


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_never_found_its_broker_ends_when_asked_to(
    tmp_path: Path, number: signal.Signals
) -> None:
    url = f"sqlite:///{tmp_path}/booking.db"
    migrate("booking", url)
    with a_service(tmp_path, broker_port=free_port(), database_url=url) as process:
        eventually(lambda: "broker_unreachable" in process.log_tail())

        assert seconds_to_end(process, number) < 10
    assert "Traceback" not in process.log_tail()


def test_so_does_one_whose_database_is_away_as_well(tmp_path: Path) -> None:
    url = f"postgresql+psycopg2://kabinet:kabinet@127.0.0.1:{free_port()}/booking"
    with a_service(tmp_path, broker_port=free_port(), database_url=url) as process:
        eventually(lambda: "step_failed" in process.log_tail())

        assert seconds_to_end(process, signal.SIGTERM) < 10
    assert "Traceback" not in process.log_tail()


def test_so_does_one_whose_broker_and_database_take_calls_and_say_nothing(
    tmp_path: Path, silent: int
) -> None:
    url = f"postgresql+psycopg2://kabinet:kabinet@127.0.0.1:{silent}/booking"
    with a_service(tmp_path, broker_port=silent, database_url=url) as process:
        eventually(lambda: "starting services" in process.log_tail())
        time.sleep(1)

        assert seconds_to_end(process, signal.SIGTERM) < 10
    assert "Traceback" not in process.log_tail()
