"""Counting requests against rates: shared through Redis, or in this process alone."""

import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import structlog
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

OFF = "off"
# Redis is asked in the middle of a request: better no answer than a late one.
REDIS_TIMEOUT_SECONDS = 0.25
REDIS_AGAIN_SECONDS = 5.0

Answer = TypeVar("Answer")


class Rate(NamedTuple):
    """What one policy allows each of those it counts; no items: everything."""

    policy: str
    items: tuple[RateLimitItem, ...]


class Standing(NamedTuple):
    """How somebody stands with one rate; ``wait_seconds`` is 0 for who may go on."""

    item: RateLimitItem
    left: int
    wait_seconds: float


def rate(policy: str, written: str) -> Rate:
    """A rate as configuration writes it, such as ``5/second,200/minute``."""
    return Rate(policy, () if written == OFF else tuple(parse_many(written)))


class Counts:
    """How often whom.

    A window slides: what was counted in the one before it fades away, so that
    nobody gets twice the rate across a boundary. Whoever is refused is not
    counted. While Redis is away each process counts for itself.
    """

    def __init__(self, redis_url: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = SlidingWindowCounterRateLimiter(_redis(redis_url)) if redis_url else None
        self._clock = clock
        self._away_until = -math.inf
        self._is_away = False

    def count(self, rate: Rate, whose: str) -> Standing | None:
        """Count one; where somebody stands who may not go on, else None."""
        return self._ask(lambda counter: _count(counter, rate, whose))

    def standing(self, rate: Rate, whose: str) -> Standing:
        """Where somebody stands with the rate's longest window."""
        longest = max(rate.items, key=lambda item: item.get_expiry())
        return self._ask(lambda counter: _standing(counter, longest, rate.policy, whose))

    def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], Answer]) -> Answer:
        if self._shared is None or self._clock() < self._away_until:
            return question(self._own)
        try:
            answer = question(self._shared)
        except StorageError as error:
            self._away_until = self._clock() + REDIS_AGAIN_SECONDS
            if not self._is_away:
                self._is_away = True
                log.warning("rate_limits_not_shared", error=type(error.storage_error).__name__)
            return question(self._own)
        if self._is_away:
            self._is_away = False
            log.info("rate_limits_shared_again")
        return answer


def _redis(url: str) -> RedisStorage:
    options: dict[str, Any] = {
        "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
        "socket_timeout": REDIS_TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    return RedisStorage(url, wrap_exceptions=True, key_prefix="kabinet", **options)


def _count(counter: SlidingWindowCounterRateLimiter, rate: Rate, whose: str) -> Standing | None:
    for item in rate.items:
        if not counter.hit(item, rate.policy, whose):
            return _standing(counter, item, rate.policy, whose)
    return None


def _standing(
    counter: SlidingWindowCounterRateLimiter, item: RateLimitItem, policy: str, whose: str
) -> Standing:
    storage: Any = counter.storage
    window = item.get_expiry()
    before, before_left, now, now_left = storage.get_sliding_window(
        item.key_for(policy, whose), window
    )
    left = max(0.0, now_left - window) if now else before_left
    counted = math.floor(before * left / window) + now
    return Standing(
        item,
        max(0, item.amount - counted),
        seconds_to_wait(item.amount, window, before=before, now=now, left=left),
    )


def seconds_to_wait(amount: int, window: float, *, before: int, now: int, left: float) -> float:
    """Until one more is allowed of ``amount`` per ``window``.

    ``before`` and ``now`` were counted in the last window and in this one, of
    which ``left`` seconds are left; the last one's count fades with them.
    """
    if now >= amount:
        return left + window - amount * window / now
    if before * left / window + now < amount:
        return 0.0
    return left - (amount - now) * window / before
