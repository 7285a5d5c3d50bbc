"""Waiting for what happens a moment later."""

import time
from collections.abc import Callable
from typing import Any


def wait_for(ask: Callable[[], Any], patience: float = 20) -> Any:
    """The first true answer to ``ask``."""
    deadline = time.monotonic() + patience
    while not (answer := ask()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return answer
