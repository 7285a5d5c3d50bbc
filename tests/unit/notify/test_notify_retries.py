"""When a message that could not be sent is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.retries import delay_after


def seconds_after(attempts: int, *, is_urgent: bool) -> float | None:
    delay = delay_after(attempts, is_urgent=is_urgent)
    return None if delay is None else delay.total_seconds()


def test_a_code_is_tried_again_at_once_and_then_as_long_as_it_is_good() -> None:
    delays = [seconds_after(attempts, is_urgent=True) for attempts in range(1, 9)]

    assert delays == [1, 2, 5, 10, 30, 30, 30, 30]


def test_anything_else_is_tried_again_more_and_more_rarely_and_given_up() -> None:
    delays = [seconds_after(attempts, is_urgent=False) for attempts in range(1, 8)]

    assert delays == [30, 120, 600, 1800, 3600, None, None]


@given(st.integers(1, 1000), st.booleans())
def test_who_waits_longer_is_never_tried_sooner(attempts: int, is_urgent: bool) -> None:
    sooner = delay_after(attempts, is_urgent=is_urgent)
    later = delay_after(attempts + 1, is_urgent=is_urgent)

    assert sooner is None or later is None or sooner <= later
