"""Limits at their edges: so many in a window, so far apart."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.limits import FAILURES, SENDS, Limit

NOW = datetime(2030, 6, 3, 6, 0, tzinfo=UTC)


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=one) for one in seconds]


def test_the_first_time_is_allowed_at_once() -> None:
    assert SENDS.seconds_to_wait([], NOW) == 0
    assert FAILURES.seconds_to_wait([], NOW) == 0


@pytest.mark.parametrize(
    ("since", "wait"), [(0, 60), (1, 59), (59, 1), (59.999, 1), (60, 0), (61, 0)]
)
def test_codes_are_a_minute_apart(since: float, wait: int) -> None:
    assert SENDS.seconds_to_wait(ago(since), NOW) == wait


@pytest.mark.parametrize(("first", "wait"), [(240, 360), (599, 1), (599.5, 1), (600, 0), (700, 0)])
def test_the_sixth_code_waits_until_the_first_is_ten_minutes_old(first: float, wait: int) -> None:
    sent = ago(first, 200, 150, 100, 61)

    assert SENDS.seconds_to_wait(sent, NOW) == wait
    assert SENDS.is_used_up(sent, NOW) == (wait > 0)


def test_the_longer_wait_is_told() -> None:
    assert SENDS.seconds_to_wait(ago(590, 300, 200, 100, 10), NOW) == 50
    assert SENDS.seconds_to_wait(ago(400, 300, 200, 100, 10), NOW) == 200


def test_what_is_over_does_not_count() -> None:
    assert FAILURES.seconds_to_wait(ago(600, 601, 700, 800, 900, 1), NOW) == 0
    assert FAILURES.seconds_to_wait(ago(599, 4, 3, 2, 1), NOW) == 1


@given(
    st.lists(st.floats(0, 2000), max_size=20),
    st.integers(1, 6),
    st.integers(60, 900),
    st.integers(0, 60),
)
def test_after_the_wait_it_is_allowed_and_a_second_earlier_it_was_not(
    since: list[float], most: int, window: int, pause: int
) -> None:
    limit = Limit(most=most, window=timedelta(seconds=window), pause=timedelta(seconds=pause))
    moments = ago(*since)
    wait = limit.seconds_to_wait(moments, NOW)

    assert limit.seconds_to_wait(moments, NOW + timedelta(seconds=wait)) == 0
    if wait:
        almost = NOW + timedelta(seconds=wait - 1)
        assert limit.seconds_to_wait(moments, almost) == 1
