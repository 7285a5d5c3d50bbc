"""``make up`` and ``make down`` ask for Docker Compose in one line where there is none."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def make(target: str, *arguments: str, bin_folder: Path) -> subprocess.CompletedProcess[str]:
    """What make does with a docker that knows no `compose` and prints its usage."""
    docker = bin_folder / "docker"
    docker.write_text("#!/bin/sh\necho 'Usage: docker [OPTIONS] COMMAND' >&2\nexit 125\n")
    docker.chmod(0o755)
    return subprocess.run(
        ["make", "--no-print-directory", target, *arguments],
        cwd=ROOT,
        env={"PATH": f"{bin_folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", ["up", "down"])
def test_without_compose_make_says_what_it_needs(tmp_path: Path, target: str) -> None:
    told = make(target, bin_folder=tmp_path)

    assert told.returncode == 2
    assert "This needs Docker with its Compose plugin" in told.stderr
    assert "Usage" not in told.stderr


def test_another_compose_is_taken_at_its_word(tmp_path: Path) -> None:
    told = make("down", "COMPOSE=echo", bin_folder=tmp_path)

    assert (told.returncode, told.stdout, told.stderr) == (0, "down\n", "")
