"""A step that is repeated beside the methods of a service."""

import threading
import time
from collections.abc import Callable

import structlog

from services.common.inbox import reason_of

log = structlog.get_logger(__name__)

PAUSE_AFTER_FAILURE_SECONDS = 1.0
REST_SECONDS = 0.05
"""How long a loop rests when there is nothing more: what comes meanwhile is done together."""


class Loop:
    """Takes its step again at once while that answers True: there was something to do.

    Then it rests for a moment, and waits ``every`` seconds or until somebody wakes it. A step
    that fails is taken again after a pause.
    """

    def __init__(self, name: str, step: Callable[[], bool], *, every: float) -> None:
        self.name = name
        self._step, self._every = step, every
        self._woken, self._stopping = threading.Event(), threading.Event()

    def run(self) -> None:
        """Go on until ``stop``."""
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                has_more = self._step()
            except Exception as error:
                log.warning("step_failed", step=self.name, error=reason_of(error))
                time.sleep(PAUSE_AFTER_FAILURE_SECONDS)
                continue
            if not has_more:
                time.sleep(REST_SECONDS)
                self._woken.wait(self._every)

    def wake(self) -> None:
        """There is something to do: look at once, or as soon as it has rested."""
        self._woken.set()

    def stop(self) -> None:
        """End after the step at hand."""
        self._stopping.set()
        self.wake()
