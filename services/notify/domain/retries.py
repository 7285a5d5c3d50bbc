"""When a message that could not be sent is tried again."""

from datetime import timedelta

CODES_ARE_OVER_AFTER = 25
SELDOM = timedelta(minutes=10)
URGENT = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 30))
OTHERS = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 3600))

PATIENT_FAILURES = 4
"""After so many failures an urgent message is tried another way, if there is one."""


def delay_after(attempts: int, *, is_urgent: bool) -> timedelta | None:
    """How long after a failed attempt the next one is made; None when it was the last.

    What is urgent is tried for as long as it is true: somebody waits for it. A letter
    is good for longer than a code, and in the end not tried twice a minute any more.
    """
    if is_urgent and attempts > CODES_ARE_OVER_AFTER:
        return SELDOM
    if is_urgent:
        return URGENT[min(attempts, len(URGENT)) - 1]
    return OTHERS[attempts - 1] if attempts <= len(OTHERS) else None
