"""Where codes go, and whether they are used there: what tells people from pumped messages.

Whoever earns from messages has thousands of them sent to numbers of one range and
never types a code. So a prefix may have some unused codes, and each code that is
used allows more. What goes beyond is refused for a while (the breaker is open);
then a few are let through (it is half open), and only their use lets it close.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import phonenumbers

DIGITS = 2
WINDOW = timedelta(hours=1)
KNOWN_FOR = timedelta(days=30)


def prefix_of(phone: str) -> str:
    """The country's code and the first digits after it, of a phone in E.164."""
    country = f"+{phonenumbers.parse(phone).country_code}"
    return phone[: len(country) + DIGITS]


@dataclass(frozen=True, kw_only=True)
class Breaker:
    """``unused`` codes to one prefix are nothing unusual, and ``per_use`` more for each used one.

    When they are exceeded none is sent for as long as the ``pause``, and then
    ``probes`` more each time.
    """

    unused: int
    per_use: int = 4
    probes: int = 5
    pause: timedelta = timedelta(minutes=15)

    def allowance(self, used: int) -> int:
        return self.unused + self.per_use * used


@dataclass(frozen=True, kw_only=True)
class Destination:
    """What became of the codes to one prefix: lately, for older ones fade away.

    ``used_at`` is when the last one was used, ever.
    """

    since: datetime
    sent: int = 0
    used: int = 0
    paused_until: datetime | None = None
    used_at: datetime | None = None

    def is_known(self, now: datetime) -> bool:
        """Whether people who book are known to be there."""
        return self.used_at is not None and self.used_at > now - KNOWN_FOR

    def seconds_to_wait(self, breaker: Breaker, now: datetime) -> float:
        """Until a code may be sent there; 0: now."""
        if self.paused_until is None or not self._faded(now)._is_spent(breaker):
            return 0
        return max(0.0, (self.paused_until - now).total_seconds())

    def with_sent(self, breaker: Breaker, now: datetime) -> "Destination":
        """After one more code, which may have been the last for a while."""
        found = self._faded(now)
        if found._is_spent(breaker):  # the pause is over
            found = replace(found, sent=breaker.allowance(found.used) - breaker.probes)
        found = replace(found, sent=max(0, found.sent) + 1)
        return replace(
            found, paused_until=now + breaker.pause if found._is_spent(breaker) else None
        )

    def with_used(self, now: datetime) -> "Destination":
        """After a code was used, however long ago it was sent: more of them may be sent."""
        found = self._faded(now)
        return replace(found, used=found.used + 1, used_at=now, paused_until=None)

    def _is_spent(self, breaker: Breaker) -> bool:
        return self.sent >= breaker.allowance(self.used)

    def _faded(self, now: datetime) -> "Destination":
        """Every hour halves what was before it."""
        windows = (now - self.since) // WINDOW
        if windows < 1:
            return self
        return replace(
            self,
            since=self.since + windows * WINDOW,
            sent=self.sent >> windows,
            used=self.used >> windows,
        )
