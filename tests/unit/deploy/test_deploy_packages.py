"""While packages are installed no server of theirs starts, and afterwards all is as before."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.packages import services_kept_off

ROOT = Path(__file__).resolve().parents[3]

KILLED = """
import os, signal, sys
from pathlib import Path
from deploy.local.packages import services_kept_off
with services_kept_off(Path(sys.argv[1])):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "policy-rc.d"


@pytest.fixture
def existing(policy: Path) -> os.stat_result:
    """A policy that the machine's owner has written; what the file system knows of it."""
    policy.write_text("#!/bin/sh\nexit 104\n")
    policy.chmod(0o700)
    os.utime(policy, (1, 1))
    return policy.stat()


def is_untouched(policy: Path, existing: os.stat_result) -> bool:
    now = policy.stat()
    return (
        policy.read_text() == "#!/bin/sh\nexit 104\n"
        and (now.st_ino, now.st_mode, now.st_mtime) == (existing.st_ino, existing.st_mode, 1)
        and [path.name for path in policy.parent.iterdir()] == [policy.name]
    )


def test_inside_the_policy_says_no_and_afterwards_there_is_none(policy: Path) -> None:
    with services_kept_off(policy):
        assert os.waitstatus_to_exitcode(os.system(str(policy))) == 101

    assert list(policy.parent.iterdir()) == []


def test_a_policy_of_the_owner_is_back_untouched(policy: Path, existing: os.stat_result) -> None:
    with services_kept_off(policy):
        assert os.waitstatus_to_exitcode(os.system(str(policy))) == 101

    assert is_untouched(policy, existing)


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_it_is_back_after_a_failure_and_after_ctrl_c(
    policy: Path, existing: os.stat_result, failure: type[BaseException]
) -> None:
    with pytest.raises(failure), services_kept_off(policy):
        raise failure

    assert is_untouched(policy, existing)


def test_it_is_back_after_being_told_to_end(policy: Path, existing: os.stat_result) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit), services_kept_off(policy):
        os.kill(os.getpid(), signal.SIGTERM)

    assert is_untouched(policy, existing)
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_a_killed_run_left_is_put_right_by_the_next(
    policy: Path, existing: os.stat_result
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(policy)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert policy.read_text() != "#!/bin/sh\nexit 104\n"

    with services_kept_off(policy):
        pass

    assert is_untouched(policy, existing)


def test_a_link_of_the_owner_stays_a_link(policy: Path) -> None:
    policy.symlink_to("/bin/true")

    with services_kept_off(policy):
        assert not policy.is_symlink()

    assert policy.readlink() == Path("/bin/true")
