"""Work that computes leaves the hub to others, and a flood of it is refused."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from services.common.bus import heavy
from services.common.bus.heavy import AT_ONCE, off_the_hub
from services.common.errors import Conflict

ROOT = Path(__file__).resolve().parents[3]

GREEN = """
import deploy.patched
import time
import eventlet
from argon2 import PasswordHasher
from eventlet import patcher
from services.common.bus.heavy import AT_ONCE, off_the_hub

real_sleep = patcher.original("time").sleep
real_thread = patcher.original("_thread").get_ident
slow = PasswordHasher(time_cost=20, memory_cost=19_456, parallelism=1)
ticks = []


def tick():
    while True:
        ticks.append(time.monotonic())
        eventlet.sleep(0.01)


def seconds_without_a_tick(work):
    eventlet.sleep(0.05)
    ticks[:] = [time.monotonic()]
    work()
    eventlet.sleep(0.02)
    return max(later - earlier for earlier, later in zip(ticks, ticks[1:]))


def failing():
    raise ZeroDivisionError


def thread():
    real_sleep(0.01)
    return real_thread()


threads = {one.wait() for one in [eventlet.spawn(off_the_hub, thread) for _ in range(8)]}
assert len(threads) == AT_ONCE and real_thread() not in threads

eventlet.spawn(tick)
began = time.monotonic()
beside = seconds_without_a_tick(lambda: off_the_hub(slow.hash, "secret"))
took = time.monotonic() - began
inside = seconds_without_a_tick(lambda: slow.hash("secret"))
assert beside < took / 4 < inside, (beside, took, inside)
try:
    off_the_hub(failing)
except ZeroDivisionError:
    print("fine")
"""


def test_green_threads_go_on_beside_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GREEN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("fine\n", "", 0)


def test_elsewhere_it_is_a_plain_call() -> None:
    assert off_the_hub(threading.get_ident) == threading.get_ident()
    assert off_the_hub(int, "ff", base=16) == 255


def test_more_than_fit_are_refused_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "PATIENCE_SECONDS", 0.05)
    started, finish = threading.Barrier(AT_ONCE + 1), threading.Event()

    def work() -> None:
        started.wait(10)
        finish.wait(10)

    workers = [threading.Thread(target=off_the_hub, args=[work]) for _ in range(AT_ONCE)]
    for worker in workers:
        worker.start()
    started.wait(10)

    with pytest.raises(Conflict, match="busy"):
        off_the_hub(int)
    finish.set()
    for worker in workers:
        worker.join()
    assert off_the_hub(int) == 0


def test_a_failure_gives_its_turn_back() -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ValueError, match="nonsense"):
            off_the_hub(int, "nonsense")
