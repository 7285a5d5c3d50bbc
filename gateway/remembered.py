"""Answers that are good for a moment: the same question is asked once at a time."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST_REMEMBERED = 10_000

Answer = TypeVar("Answer")


@dataclass
class _Asked(Generic[Answer]):
    asked_at: float
    outcome: Future[Answer] = field(default_factory=Future)


class Remembered(Generic[Answer]):
    """Answers, each good for some seconds from the moment it was asked for.

    Of many who ask the same at once, one asks and all get its answer. Failures
    are not remembered. Of more than ``most`` answers the oldest are forgotten.
    ``seconds`` may be changed at any time, and holds for what is remembered already.
    """

    def __init__(
        self,
        *,
        seconds: float,
        most: int = MOST_REMEMBERED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds = seconds
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        # In the order in which they were asked for.
        self._answers: dict[Hashable, _Asked[Answer]] = {}

    def get(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer; what ``ask`` raises is raised."""
        with self._lock:
            self._forget_old()
            asked = self._answers.get(key)
            is_ours = asked is None
            if asked is None:
                while len(self._answers) >= self._most:
                    del self._answers[next(iter(self._answers))]
                asked = self._answers[key] = _Asked(self._clock())
        if is_ours:
            self._ask(key, asked, ask)
        return asked.outcome.result()

    def known(self, key: Hashable) -> bool:
        """Whether there is an answer, without asking for one."""
        with self._lock:
            self._forget_old()
            asked = self._answers.get(key)
        return asked is not None and asked.outcome.done()

    def forget(self, key: Hashable) -> None:
        """Ask anew the next time."""
        with self._lock:
            self._answers.pop(key, None)

    def _ask(self, key: Hashable, asked: _Asked[Answer], ask: Callable[[], Answer]) -> None:
        try:
            asked.outcome.set_result(ask())
        except BaseException as error:
            with self._lock:
                if self._answers.get(key) is asked:
                    del self._answers[key]
            asked.outcome.set_exception(error)

    def _forget_old(self) -> None:
        oldest = self._clock() - self.seconds
        while self._answers:
            key, asked = next(iter(self._answers.items()))
            if asked.asked_at >= oldest:
                break
            del self._answers[key]
