"""Child processes that are started, watched, killed and never left behind."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests

from deploy.local.accounts import Account
from deploy.local.running import Running

_POLL = 0.05
_TAIL = 4_000

# The guardian waits until the other end of its input is closed, which happens when its owner
# stops it or dies, however suddenly. Only in the second case does it live on to do its duty.
_GUARDIAN = """
read -r _
kill -s "$2" "$1" || exit 0
for _ in $(seq 100); do kill -0 "$1" || exit 0; sleep 0.1; done
kill -s KILL -- "-$1"
"""


class ProcessFailed(Exception):
    """A process ended, or did not become ready in time; carries the end of its log."""


class Process(Running):
    """One child process in a group of its own, so that Ctrl-C reaches its owner alone.

    The owner stops it (`terminate`, or the end of the `with`). Should the owner be killed,
    a guardian stops the process in its place.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        log: Path,
        cwd: Path | None = None,
        account: Account | None = None,
        ready: Callable[[], bool] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Describe the process; nothing runs yet. `env` is its whole environment.

        `ready` is asked until it says yes (see `answers`); without it the process is ready
        at once. `log` gets both outputs and is appended to.
        """
        self.name = name
        self.log = log
        self._command = list(command)
        self._env = dict(env)
        self._cwd = cwd
        self._account = account
        self._ready = ready
        self._stop_signal = stop_signal
        self._pass_fds = tuple(pass_fds)
        self._child: subprocess.Popen[bytes] | None = None
        self._guardian: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; refuses with `ProcessFailed` when the process was not started."""
        if self._child is None:
            raise ProcessFailed(f"{self.name} is not running")
        return self._child.pid

    @property
    def is_running(self) -> bool:
        child = self._child
        return child is not None and not _has_ended(child.pid)

    def start(self, *, timeout: float = 60) -> None:
        """Start and wait until ready, or leave nothing running and raise `ProcessFailed`."""
        self.launch()
        try:
            self.wait_until_ready(timeout=timeout)
        except BaseException:
            self.kill()
            raise

    def launch(self) -> None:
        """Start without waiting: several may be launched and then waited for."""
        if self.is_running:
            raise ProcessFailed(f"{self.name} is running already")
        self._forget()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command,
                env=self._env,
                cwd=self._cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self._pass_fds,
                **_identity(self._account),
            )
        self._guardian = _guard(self._child.pid, self._stop_signal)

    def wait_until_ready(self, *, timeout: float = 60) -> None:
        """Return when the process is ready; `ProcessFailed` when it ended or is too slow."""
        deadline = time.monotonic() + timeout
        while self._ready is not None:
            if not self.is_running:
                raise ProcessFailed(f"{self.name} ended before it was ready.\n{self.log_tail()}")
            if self._ready():
                return
            if time.monotonic() > deadline:
                raise ProcessFailed(
                    f"{self.name} was not ready after {timeout:g} s.\n{self.log_tail()}"
                )
            time.sleep(_POLL)

    def terminate(self, *, timeout: float = 20) -> int | None:
        """Ask it to end, kill it after `timeout`; its exit code, or None if it never ran."""
        if self._child is None:
            return None
        if self.is_running:
            _send(self.pid, self._stop_signal)
            self.resume()  # one that is paused cannot hear
        _wait_for(lambda: not self.is_running, timeout)
        return self._end()

    def stop(self) -> None:
        self.terminate()

    def kill(self) -> None:
        """SIGKILL the process and everything it started, and wait until all of it is gone."""
        if self._child is not None:
            self._end()

    def wait(self, *, timeout: float = 60) -> int:
        """Wait until it ends by itself, kill it after `timeout`; its exit code."""
        pid = self.pid
        _wait_for(lambda: _has_ended(pid), timeout)
        return self._end()

    def restart(self, *, timeout: float = 60) -> None:
        self.terminate()
        self.start(timeout=timeout)

    def pause(self) -> None:
        """Freeze the process and what it started: alive, and deaf."""
        self._signal_family(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_family(signal.SIGCONT)

    def log_tail(self) -> str:
        """The last lines that the process wrote."""
        if not self.log.exists():
            return ""
        return self.log.read_bytes()[-_TAIL:].decode(errors="replace")

    def _signal_family(self, number: signal.Signals) -> None:
        """To the process first, so that it starts no more while we go through what it started."""
        _send(self.pid, number)
        for pid in _descendants(self.pid):
            _send(pid, number)

    def _end(self) -> int:
        """Kill what is still there of the group and its descendants, and take the exit code.

        The leader is not reaped before the end: until then nobody else can be given its id.
        """
        family = list(_descendants(self.pid))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        for pid in family:  # a descendant may have left the group, as PostgreSQL's do
            _send(pid, signal.SIGKILL)
        code = self._forget()
        _wait_for(lambda: not any(_is_alive(pid) for pid in family), 10)
        return code

    def _forget(self) -> int:
        """Reap the ended child, and dismiss its guardian first: the id is not ours any more."""
        if self._guardian is not None:
            self._guardian.kill()
            self._guardian.communicate()
            self._guardian = None
        code = self._child.wait() if self._child is not None else 0
        self._child = None
        return code


def answers(url: str) -> Callable[[], bool]:
    """A `ready` for `Process`: does the URL answer with a success?"""

    def ask() -> bool:
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the user's has no part in this
            try:
                return session.get(url, timeout=2).ok
            except requests.RequestException:
                return False

    return ask


def _identity(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _guard(pid: int, stop_signal: signal.Signals) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            "/bin/sh",
            "-c",
            _GUARDIAN,
            "guardian",
            str(pid),
            stop_signal.name.removeprefix("SIG"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _has_ended(pid: int) -> bool:
    """Has our child ended? It is left unreaped, so that its id stays its own."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _descendants(pid: int) -> Iterator[int]:
    """The processes that `pid` started, and those that they started, at this moment."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if status := _status(int(entry.name)):
            children.setdefault(int(status[1]), []).append(int(entry.name))
    ancestors = [pid]
    while ancestors:
        found = children.get(ancestors.pop(), [])
        yield from found
        ancestors += found


def _is_alive(pid: int) -> bool:
    """Is there such a process, other than as a zombie that its new parent has not reaped?"""
    status = _status(pid)
    return status is not None and status[0] not in {"Z", "X"}


def _status(pid: int) -> list[str] | None:
    """State, parent and more of a process, as the kernel tells it; None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _wait_for(condition: Callable[[], bool], timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not condition() and time.monotonic() < deadline:
        time.sleep(_POLL)
