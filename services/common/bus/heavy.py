"""Work that keeps a processor busy, such as hashing a password, beside everything else.

Green threads take turns only where something waits. What computes for a tenth
of a second inside C would stop every other call of the process for as long, so
it goes to a real thread where eventlet has replaced the threads.
"""

import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import patcher, tpool

from services.common.errors import Conflict

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 2
"""There are not many more processors, and each thread keeps the memory it has once needed."""

PATIENCE_SECONDS = 1.0

_turns = threading.BoundedSemaphore(AT_ONCE)
tpool.set_num_threads(AT_ONCE)


def off_the_hub(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``work`` gives back or raises; meanwhile other calls go on.

    Refused with Conflict("busy") when its turn does not come within a second, so
    that a flood of such work cannot take all workers of a service.
    """
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise Conflict("busy")
    try:
        if not patcher.is_monkey_patched("thread"):
            return work(*args, **kwargs)
        done: T = tpool.execute(work, *args, **kwargs)
        return done
    finally:
        _turns.release()
