"""A circuit: after several calls without an answer a service is left alone for a while."""

import threading
import time
from collections.abc import Callable

SILENT_CALLS = 5
PAUSE_SECONDS = 2.0


class Circuit:
    """Counts calls in a row that got no answer; open, it lets one probe through per pause."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._silent_calls = 0
        self._next_probe_at = 0.0

    def seconds_to_wait(self) -> float:
        """0 when a call may be made now, which counts as the probe of an open circuit."""
        with self._lock:
            if self._silent_calls < SILENT_CALLS:
                return 0.0
            now = self._clock()
            if now < self._next_probe_at:
                return self._next_probe_at - now
            self._next_probe_at = now + PAUSE_SECONDS
            return 0.0

    def answered(self) -> None:
        with self._lock:
            self._silent_calls = 0

    def silent(self) -> None:
        with self._lock:
            self._silent_calls += 1
            self._next_probe_at = self._clock() + PAUSE_SECONDS
