"""Where codes are never used, no more than a few are sent."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.destinations import KNOWN_FOR, Breaker, Destination, prefix_of

NOW = datetime(2030, 6, 3, 6, 0, tzinfo=UTC)
BREAKER = Breaker(unused=10, per_use=4, probes=3, pause=timedelta(minutes=15))
NEW = Destination(since=NOW)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def send(found: Destination, at: datetime = NOW, *, most: int = 10**6) -> tuple[Destination, int]:
    """Send for as long as it is allowed: (what is then known, how many were sent)."""
    count = 0
    while count < most and not found.seconds_to_wait(BREAKER, at):
        found = found.with_sent(BREAKER, at)
        count += 1
    return found, count


@pytest.mark.parametrize(
    ("phone", "prefix"),
    [
        ("+33612345678", "+3361"),
        ("+12125550123", "+121"),
        ("+994501234567", "+99450"),
        ("+2908123", "+29081"),
        ("+883510001234", "+88351"),
    ],
)
def test_a_prefix_is_the_country_and_two_digits(phone: str, prefix: str) -> None:
    assert prefix_of(phone) == prefix


def test_unused_codes_end_in_a_pause() -> None:
    found, sent = send(NEW)

    assert sent == BREAKER.unused
    assert found.seconds_to_wait(BREAKER, NOW) == 900
    assert found.seconds_to_wait(BREAKER, after(899)) == 1
    assert found.seconds_to_wait(BREAKER, after(900)) == 0


def test_each_used_code_allows_some_more() -> None:
    found, _ = send(NEW)
    _, more = send(found.with_used(NOW))

    assert more == BREAKER.per_use


def test_after_a_pause_a_few_are_sent_to_see_whether_they_are_used() -> None:
    found, _ = send(NEW)
    found, probes = send(found, after(900))

    assert probes == BREAKER.probes
    assert found.seconds_to_wait(BREAKER, after(900)) == 900
    _, more = send(found.with_used(after(910)), after(910))
    assert more == BREAKER.per_use


def test_what_is_long_past_counts_less_and_less() -> None:
    found, _ = send(NEW, most=8)
    assert send(found, after(3599))[1] == 2
    assert send(found, after(3600))[1] == 6
    assert send(found, after(4 * 3600))[1] == 10


def test_where_codes_are_used_they_are_sent_without_end() -> None:
    found, seconds = NEW, 0
    for number in range(500):
        seconds += 5
        assert not found.seconds_to_wait(BREAKER, after(seconds))
        found = found.with_sent(BREAKER, after(seconds))
        if number % 3 == 0:
            found = found.with_used(after(seconds + 4))


def test_people_are_known_to_be_there_for_a_month_after_a_use() -> None:
    assert not NEW.is_known(NOW)
    used = NEW.with_used(NOW)

    assert used.is_known(NOW)
    assert used.is_known(NOW + KNOWN_FOR - timedelta(seconds=1))
    assert not used.is_known(NOW + KNOWN_FOR)


@given(st.lists(st.floats(0.1, 3000), min_size=1, max_size=200))
def test_without_a_use_an_hour_never_has_more_than_what_is_unusual(gaps: list[float]) -> None:
    """However they are spread: at most the allowance, half of it again, and the probes."""
    found, seconds, sent = NEW, 0.0, []
    for gap in gaps:
        seconds += gap
        while not found.seconds_to_wait(BREAKER, after(seconds)):
            found = found.with_sent(BREAKER, after(seconds))
            sent.append(seconds)
    bound = BREAKER.unused * 1.5 + 4 * BREAKER.probes
    for start in sent:
        assert sum(1 for moment in sent if start <= moment < start + 3600) <= bound


@given(
    st.lists(st.sampled_from(["send", "use", "wait"]), max_size=300),
    st.integers(1, 60),
)
def test_whatever_happens_sent_and_used_stay_in_bounds(events: list[str], minutes: int) -> None:
    found, now = NEW, NOW
    for happened in events:
        if happened == "wait":
            now += timedelta(minutes=minutes)
        elif happened == "use":
            found = found.with_used(now)
        elif not found.seconds_to_wait(BREAKER, now):
            found = found.with_sent(BREAKER, now)
        assert 0 <= found.sent <= BREAKER.allowance(found.used) + BREAKER.unused
        assert found.used >= 0 and found.since <= now
