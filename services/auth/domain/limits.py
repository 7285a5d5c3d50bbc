"""How often something may be done: so many times in a stretch of time, with pauses between."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most ``most`` times in any stretch of ``window``, and ``pause`` (no longer) apart."""

    most: int
    window: timedelta
    pause: timedelta = timedelta()

    def recent(self, moments: Iterable[datetime], now: datetime) -> list[datetime]:
        """Those that still count, the oldest first."""
        return sorted(moment for moment in moments if moment > now - self.window)

    def is_used_up(self, moments: Iterable[datetime], now: datetime) -> bool:
        return len(self.recent(moments, now)) >= self.most

    def seconds_to_wait(self, moments: Iterable[datetime], now: datetime) -> int:
        """Until the next time is allowed, in whole seconds, never too few; 0: it is now."""
        recent = self.recent(moments, now)
        allowed = [now]
        if recent:
            allowed.append(recent[-1] + self.pause)
        if len(recent) >= self.most:
            allowed.append(recent[-self.most] + self.window)
        return math.ceil((max(allowed) - now).total_seconds())


SENDS = Limit(most=5, window=timedelta(minutes=10), pause=timedelta(seconds=60))
"""Codes to one phone."""

INVITATIONS = Limit(most=30, window=timedelta(hours=1))
"""Letters to new users of the staff, by one who invites them."""

FAILURES = Limit(most=5, window=timedelta(minutes=10))
"""Wrong passwords for one login."""
