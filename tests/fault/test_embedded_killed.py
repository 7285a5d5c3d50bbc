"""The bus of the embedded mode dies with its process; what was committed does not."""

import os
import time
from pathlib import Path

import pytest
import requests

from tests.installations import Installation, a_record, embedded

ENTRY = ("-m", "tests.fault.killed_before_publish")


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.mark.fault
def test_an_event_that_was_owed_at_a_kill_is_sent_after_the_next_start_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "DIE_FOR", "Ann Clark")
    with embedded(folder, entry=ENTRY) as installation:
        record = a_wanted_record(installation)
        book_and_see_it_die(installation, record)
        booked = installation.rows("booking", "SELECT max(id) FROM appointments")[0][0]
        assert installation.rows("notify", about(booked)) == []

    for _ in range(2):
        with embedded(folder) as installation:
            installation.wait_until_quiet()
            [message] = installation.messages(record["phone"])
            assert message["subject"] == f"appointment/{booked}"
            assert len(installation.rows("notify", about(booked))) == 1


def a_wanted_record(installation: Installation) -> dict[str, object]:
    service, staff = installation.bookable()
    return a_record(service, staff, installation.slots(service, staff)[0], fullname="Ann Clark")


def book_and_see_it_die(installation: Installation, record: dict[str, object]) -> None:
    """Whether the answer still came out is chance; that the booking is committed is not."""
    try:
        installation.ask("POST", f"book_record/{installation.location_id}", json=record)
    except requests.ConnectionError:
        pass
    assert installation.process is not None
    deadline = time.monotonic() + 10
    while installation.process.is_running:
        assert time.monotonic() < deadline, "it should have died"
        time.sleep(0.05)


def about(appointment_id: int) -> str:
    return f"SELECT id FROM messages WHERE subject = 'appointment/{appointment_id}'"
