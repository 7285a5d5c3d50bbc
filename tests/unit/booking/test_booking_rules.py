"""What a location's policy lets a client do."""

from collections.abc import Callable

import pytest

from services.booking.domain.rules import may_cancel, may_move

STARTS_AT = 1_000_000
HOUR = 3600

Rule = Callable[..., str | None]
both = pytest.mark.parametrize(("rule", "verb"), [(may_cancel, "cancel"), (may_move, "move")])


@both
def test_a_visit_far_enough_away_may_be_changed(rule: Rule, verb: str) -> None:
    assert rule(STARTS_AT, now=STARTS_AT - 2 * HOUR, allowed=True, notice_seconds=HOUR) is None


@both
def test_notice_given_just_in_time_is_enough(rule: Rule, verb: str) -> None:
    assert rule(STARTS_AT, now=STARTS_AT - HOUR, allowed=True, notice_seconds=HOUR) is None


@both
def test_notice_a_second_short_is_too_late(rule: Rule, verb: str) -> None:
    refusal = rule(STARTS_AT, now=STARTS_AT - HOUR + 1, allowed=True, notice_seconds=HOUR)
    assert refusal == f"{verb}_too_late"


@both
def test_without_required_notice_a_visit_may_be_changed_until_it_starts(
    rule: Rule, verb: str
) -> None:
    assert rule(STARTS_AT, now=STARTS_AT - 1, allowed=True, notice_seconds=0) is None
    assert rule(STARTS_AT, now=STARTS_AT, allowed=True, notice_seconds=0) == "already_started"


@both
def test_a_visit_that_has_started_is_not_just_late(rule: Rule, verb: str) -> None:
    now = STARTS_AT + HOUR
    assert rule(STARTS_AT, now=now, allowed=True, notice_seconds=HOUR) == "already_started"


@both
@pytest.mark.parametrize("now", [0, STARTS_AT - 1, STARTS_AT + HOUR])
def test_a_location_that_forbids_it_forbids_it_at_any_time(rule: Rule, verb: str, now: int) -> None:
    assert rule(STARTS_AT, now=now, allowed=False, notice_seconds=0) == f"{verb}_not_allowed"
