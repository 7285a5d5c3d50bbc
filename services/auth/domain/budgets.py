"""How many codes may be sent, for whom and from where: what bounds the bill."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.auth.domain.destinations import Breaker
from services.auth.domain.limits import Limit

HOUR = timedelta(hours=1)


class Decision(StrEnum):
    """What became of a request for a code, and why."""

    SENT = "sent"
    TEST_PHONE = "test_phone"
    PHONE_RECENTLY = "phone_recently"
    PHONE_OFTEN = "phone_often"
    ADDRESS = "address"
    DEVICE = "device"
    PREFIX = "prefix"
    STRANGERS = "strangers"
    BUSINESS = "business"


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """Codes an hour for one business, from one address, and from one device at it.

    Of a business's codes only some may go to strangers: prefixes of which no code
    has been used for a month. So whoever has codes sent all over the world leaves
    enough for the people who are known to book.
    """

    per_business: int
    per_address: int
    per_device: int
    breaker: Breaker
    strangers_percent: int = 50

    @property
    def for_strangers(self) -> int:
        return self.per_business * self.strangers_percent // 100

    @property
    def at_address(self) -> Limit:
        return Limit(most=self.per_address, window=HOUR)

    @property
    def at_device(self) -> Limit:
        return Limit(most=self.per_device, window=HOUR)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """On whose behalf a code is asked for, and from where. What is not known is not limited."""

    business_id: int | None = None
    address: str | None = None
    device: str | None = None


def hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def seconds_left_of_hour(now: datetime) -> float:
    return (hour_of(now) + HOUR - now).total_seconds()
