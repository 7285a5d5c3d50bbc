"""Counting against rates: in memory, over a real Redis, and while that is away.

Of rates a day no window ends while they are tested.
"""

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from deploy.local.ports import free_port
from gateway.rates import OFF, REDIS_AGAIN_SECONDS, Counts, rate, seconds_to_wait
from tests.a_redis import SERVER, a_redis

NOBODY_LISTENS = "redis://127.0.0.1:9/0"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if SERVER is None:
        pytest.skip("there is no redis-server here")
    port = free_port()
    with a_redis(tmp_path_factory.mktemp("redis"), port):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(params=["memory", "redis"])
def counts(request: pytest.FixtureRequest) -> Counts:
    return Counts(request.getfixturevalue("redis_url") if request.param == "redis" else "")


@pytest.fixture
def whose(request: pytest.FixtureRequest) -> str:
    """Somebody whom no other test counts."""
    return str(request.node.name)


def let_through(counts: Counts, written: str, whose: str, times: int) -> int:
    return sum(counts.count(rate("test", written), whose) is None for _ in range(times))


def test_as_many_as_the_rate_says_are_let_through(counts, whose):
    assert let_through(counts, "5/day", whose, 20) == 5
    assert let_through(counts, "5/day", f"not {whose}", 3) == 3


def test_of_two_windows_both_hold(counts, whose):
    assert let_through(counts, "100/second,7/day", whose, 20) == 7


def test_what_is_off_counts_nothing(counts, whose):
    assert let_through(counts, OFF, whose, 50) == 50


def test_fifty_at_once_get_no_more_than_one_after_the_other(counts, whose):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: counts.count(rate("test", "10/day"), whose), range(50)))

    assert answers.count(None) <= 10


def test_who_waits_as_long_as_told_is_let_in_again(counts, whose):
    """And who was refused was not counted: hammering makes the wait no longer."""
    fast = rate("test", "4/second")
    for _ in range(3):
        refused = None
        while refused is None:
            refused = counts.count(fast, whose)
        for _ in range(10):
            counts.count(fast, whose)
        assert 0 < refused.wait_seconds <= 2
        time.sleep(refused.wait_seconds + 0.02)
        assert counts.count(fast, whose) is None


def test_it_tells_how_many_are_left(counts, whose):
    both = rate("test", "100/second,10/day")
    assert counts.standing(both, whose).left == 10
    for _ in range(4):
        assert counts.count(both, whose) is None

    standing = counts.standing(both, whose)

    assert (standing.left, standing.wait_seconds) == (6, 0)
    assert standing.item.get_expiry() == 86_400


@given(
    amount=st.integers(1, 500),
    window=st.sampled_from([1, 60, 3600]),
    before=st.integers(0, 500),
    now=st.integers(0, 500),
    share=st.floats(0.0, 1.0),
)
def test_nobody_waits_too_long_or_in_vain(amount, window, before, now, share):
    """What is told is the first moment at which the sliding count has room."""
    before, now, left = min(before, amount), min(now, amount), share * window

    def counted_after(seconds: float) -> float:
        if seconds < left:
            return before * (left - seconds) / window + now
        return now * max(0.0, 1 - (seconds - left) / window)

    wait = seconds_to_wait(amount, window, before=before, now=now, left=left)

    assert 0 <= wait <= left + window
    assert counted_after(wait + 1e-6 * window) < amount
    if wait > 0:
        assert counted_after(wait - 1e-6 * window) >= amount - 1e-3 * amount


def test_processes_share_what_they_count_through_redis(redis_url, whose):
    one, other = Counts(redis_url), Counts(redis_url)

    assert let_through(one, "6/day", whose, 4) == 4
    assert let_through(other, "6/day", whose, 4) == 2


def test_without_redis_each_process_counts_for_itself_and_says_so_once():
    counts = Counts(NOBODY_LISTENS)
    with capture_logs() as logs:
        assert let_through(counts, "5/day", "somebody", 20) == 5

    assert [entry["event"] for entry in logs] == ["rate_limits_not_shared"]
    assert "127.0.0.1" not in str(logs)


def test_a_redis_that_is_away_is_not_asked_each_time():
    clock, asked = Clock(), []
    counts = Counts(NOBODY_LISTENS, clock)
    counts._shared.storage.lua_acquire_sliding_window = noted(asked)

    let_through(counts, "50/day", "somebody", 10)
    assert len(asked) == 1
    clock.now += REDIS_AGAIN_SECONDS
    let_through(counts, "50/day", "somebody", 10)
    assert len(asked) == 2


def noted(asked: list[float]) -> Callable[..., bool]:
    def script(keys: list[str], values: list[int]) -> bool:
        asked.append(math.inf)
        raise redis.ConnectionError("nobody listens")

    return script


@pytest.mark.skipif(SERVER is None, reason="there is no redis-server here")
def test_a_redis_that_dies_and_comes_back_is_used_again(tmp_path, whose):
    clock, port = Clock(), free_port()
    counts = Counts(f"redis://127.0.0.1:{port}/0", clock)
    with a_redis(tmp_path, port) as server, capture_logs() as logs:
        assert let_through(counts, "5/day", whose, 3) == 3
        server.kill()
        before = time.monotonic()
        assert let_through(counts, "5/day", whose, 20) == 5
        assert time.monotonic() - before < 2
        server.start()
        clock.now += REDIS_AGAIN_SECONDS
        assert let_through(counts, "5/day", whose, 20) == 5

    assert [entry["event"] for entry in logs] == [
        "rate_limits_not_shared",
        "rate_limits_shared_again",
    ]


@pytest.mark.skipif(SERVER is None, reason="there is no redis-server here")
def test_a_redis_that_hangs_holds_nobody_up(tmp_path, whose):
    port = free_port()
    with a_redis(tmp_path, port) as server:
        counts = Counts(f"redis://127.0.0.1:{port}/0")
        assert let_through(counts, "5/day", whose, 1) == 1
        server.pause()
        before = time.monotonic()
        assert let_through(counts, "5/day", whose, 20) == 5
        assert time.monotonic() - before < 1
        server.resume()
