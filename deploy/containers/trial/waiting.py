"""What every part of the trial says when something is not as promised."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 180

Answer = TypeVar("Answer")


class Failed(Exception):
    """Something is not as promised; says what."""


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise Failed(otherwise)


def wait_for(ask: Callable[[], Answer], what: str) -> Answer:
    """The first answer that is not empty; `Failed` when there is none for too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := ask()):
        expect(time.monotonic() < deadline, f"waited in vain for {what}")
        time.sleep(0.5)
    return answer
