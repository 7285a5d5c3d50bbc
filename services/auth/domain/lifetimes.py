"""How long a session lasts: as long as it is used, but not for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NOTED_EVERY = timedelta(hours=1)
"""How exactly the last use is known: a write for each request would cost more than it tells."""


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """A session ends when it was not used for ``idle``, and in any case after ``longest``."""

    idle: timedelta
    longest: timedelta

    @classmethod
    def of_days(cls, *, idle: int, longest: int) -> "Lifetime":
        return cls(idle=timedelta(days=idle), longest=timedelta(days=longest))


def is_worth_noting(last_used_at: datetime, now: datetime) -> bool:
    return now - last_used_at >= NOTED_EVERY
