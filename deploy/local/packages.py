"""Makes sure that RabbitMQ and PostgreSQL can be started: `python -m deploy.local.packages`.

As root on Debian or Ubuntu it installs what is missing, and keeps the packages from starting
servers of their own. Else it names what is missing, in one line.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from deploy.local.programs import ProgramMissing, postgres_programs, rabbitmq_programs

_PROGRAMS: dict[str, Callable[[], Path]] = {
    "rabbitmq-server": rabbitmq_programs,
    "postgresql": postgres_programs,
}
# What newly installed packages would start at the next boot of the machine.
_UNITS = {
    "rabbitmq-server": ["rabbitmq-server.service"],
    "erlang-base": ["epmd.socket", "epmd.service"],
    "postgresql-common": ["postgresql.service"],
}

# A script that the tools of Debian ask before they start a service; 101 means no.
_POLICY = Path("/usr/sbin/policy-rc.d")
_MARK = "# Made by Kabinet while packages are installed, and removed afterwards."
_ANSWER = f"#!/bin/sh\n{_MARK}\nexit 101\n"


def main() -> None:
    missing = missing_packages()
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(_advice(missing))
    print(f"Installing {' and '.join(missing)} (with apt-get; their servers are not started)")
    with services_kept_off():
        failure = _install(list(missing))
    if still := missing_packages():
        sys.exit(f"{failure}{_advice(still)}")


def missing_packages() -> dict[str, str]:
    """Debian's names of the packages whose programs are not there, and what each is for us."""
    missing = {}
    for package, find in _PROGRAMS.items():
        try:
            find()
        except ProgramMissing as error:
            missing[package] = str(error)
    return missing


@contextmanager
def services_kept_off(policy: Path = _POLICY) -> Iterator[None]:
    """While inside, packages that are installed start no service.

    Whatever policy was there before is there afterwards, untouched: it is moved aside and back.
    So it is after a failure, an interrupt, and (at the next call) after being killed.
    """
    aside = policy.with_name(f"{policy.name}.kabinet-aside")
    _restore(policy, aside)
    with _signals_as_exceptions():
        try:
            if os.path.lexists(policy):
                policy.rename(aside)
            policy.write_text(_ANSWER)
            policy.chmod(0o755)
            yield
        finally:
            _restore(policy, aside)


def _restore(policy: Path, aside: Path) -> None:
    """Put back what was moved aside; remove ours if nothing was."""
    if os.path.lexists(aside):
        aside.replace(policy)
    elif policy.is_file() and _MARK in policy.read_text(errors="replace"):
        policy.unlink()


@contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    """Let the signals that would end us at once end us by an exception instead."""

    def stop(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _install(packages: list[str]) -> str:
    """Install the packages; empty, or the end of what apt-get said when it failed."""
    new = [package for package in _UNITS if not _is_installed(package)]
    apt = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
    _run(*apt, "update")  # may fail where an old list is good enough
    code, told = _run(*apt, "install", "--no-install-recommends", *packages)
    if shutil.which("systemctl"):
        for package in filter(_is_installed, new):
            _run("systemctl", "--quiet", "disable", *_UNITS[package])
    return "" if code == 0 else f"{told[-2_000:]}\n"


def _is_installed(package: str) -> bool:
    code, told = _run("dpkg-query", "--show", "--showformat=${db:Status-Status}", package)
    return code == 0 and told == "installed"


def _run(*command: str) -> tuple[int, str]:
    """Run it to its end, come what may: a half-installed package is a burden to its owner."""
    with subprocess.Popen(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C is for us, who then wait
    ) as running:
        try:
            told, _ = running.communicate()
        except BaseException:
            print(f"Stopping as soon as {command[0]} has finished", file=sys.stderr)
            running.communicate()
            raise
    return running.returncode, told


def _advice(missing: dict[str, str]) -> str:
    return (
        f"Missing: {' and '.join(missing.values())}. "
        f"Install: sudo apt-get install {' '.join(missing)}"
    )


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
