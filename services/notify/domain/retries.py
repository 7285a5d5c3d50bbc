"""When a message that could not be sent is tried again."""

from datetime import datetime, timedelta

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 3600))


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """The time of the attempt after this one; None when it was the last."""
    return now + DELAYS[attempts - 1] if attempts <= len(DELAYS) else None
