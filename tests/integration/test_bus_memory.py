"""The bus in memory keeps the promises of the real one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def told(folder: Path, story: str, **env: str) -> Any:
    """What a process that plays this story on the folder says at its end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.memory_kitchen", str(folder), story],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_no_message_ends_the_service(tmp_path: Path) -> None:
    assert told(tmp_path, "bad_messages") == [True] * 8


def test_an_event_has_its_effect_once_however_often_the_process_starts(tmp_path: Path) -> None:
    """At every start the relay publishes the last days again, for the bus has forgotten all."""
    assert [told(tmp_path, "boil") for _ in range(3)] == [[1, 1], [2, 1], [3, 1]]


def test_a_failing_handler_ends_in_the_dead_letters_and_leaves_no_effect(tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    spoilt.touch()

    assert told(tmp_path, "fail", SPOILT=str(spoilt)) == [3, 0]
