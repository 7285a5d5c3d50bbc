"""Loops: at once when woken after a while, and together what comes while they rest."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.common.bus.loop import Loop


class Basket:
    """What waits for a loop, and how much of it each step has found."""

    def __init__(self) -> None:
        self.waiting = 0
        self.found: list[int] = []
        self.fails = 0
        self._lock = threading.Lock()

    def put(self) -> None:
        with self._lock:
            self.waiting += 1

    def empty(self) -> bool:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away")
        with self._lock:
            count, self.waiting = self.waiting, 0
        self.found.append(count)
        return bool(count)


@contextmanager
def looping(basket: Basket) -> Iterator[Loop]:
    loop = Loop("empty", basket.empty, every=60)
    thread = threading.Thread(target=loop.run, daemon=True)
    thread.start()
    yield loop
    loop.stop()
    thread.join(10)
    assert not thread.is_alive()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_comes_in_a_row_is_done_together_and_nothing_is_left() -> None:
    basket = Basket()
    with looping(basket) as loop:
        until(lambda: len(basket.found) == 1)
        for _ in range(100):
            basket.put()
            loop.wake()
            time.sleep(0.001)
        until(lambda: sum(basket.found) == 100)

    turns = [count for count in basket.found if count]
    assert len(turns) < 50, turns


def test_a_failed_step_is_taken_again_without_being_woken() -> None:
    basket = Basket()
    basket.waiting, basket.fails = 1, 1
    with looping(basket):
        until(lambda: sum(basket.found) == 1)


def test_a_loop_that_waits_ends_at_once() -> None:
    basket = Basket()
    with looping(basket):
        until(lambda: len(basket.found) == 1)
        began = time.monotonic()
    assert time.monotonic() - began < 5
