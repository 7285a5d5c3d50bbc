"""Partner keys: whose key is this? Asked of auth, remembered for a second."""

import hashlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

REMEMBERED_SECONDS = 1.0

Verify = Callable[[str], dict[str, Any]]


@dataclass
class _Verdict:
    asked_at: float
    outcome: Future[dict[str, Any]] = field(default_factory=Future)


class PartnerKeys:
    """Verdicts on partner keys; the same question is asked once at a time.

    A verdict counts for at most a second from the moment it was asked for, so a
    revoked key is dead after a second. Failures to ask are not remembered.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._verdicts: dict[str, _Verdict] = {}

    def partner_of(self, key: str, verify: Verify) -> dict[str, Any]:
        """The partner; what ``verify(digest)`` raises is raised."""
        digest = hashlib.sha256(key.encode()).hexdigest()
        with self._lock:
            self._forget_old()
            verdict = self._verdicts.get(digest)
            is_ours = verdict is None
            if verdict is None:
                verdict = self._verdicts[digest] = _Verdict(self._clock())
        if is_ours:
            self._ask(digest, verdict, verify)
        return verdict.outcome.result()

    def _ask(self, digest: str, verdict: _Verdict, verify: Verify) -> None:
        try:
            verdict.outcome.set_result(verify(digest))
        except BaseException as error:
            with self._lock:
                if self._verdicts.get(digest) is verdict:
                    del self._verdicts[digest]
            verdict.outcome.set_exception(error)

    def _forget_old(self) -> None:
        oldest = self._clock() - REMEMBERED_SECONDS
        old = [digest for digest, verdict in self._verdicts.items() if verdict.asked_at < oldest]
        for digest in old:
            del self._verdicts[digest]
