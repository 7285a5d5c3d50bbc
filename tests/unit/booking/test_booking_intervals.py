"""Intervals as sets of moments: each law is checked moment by moment."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.intervals import (
    Interval,
    Timeline,
    covers,
    gaps,
    merge,
    overlaps,
    subtract,
)

LAST_MOMENT = 40

moments = st.integers(0, LAST_MOMENT)
intervals = st.builds(
    lambda start, length: Interval(start, start + length), moments, st.integers(1, LAST_MOMENT)
)
timelines = st.lists(intervals, max_size=8).map(merge)


def moments_of(some: Timeline | list[Interval]) -> set[int]:
    return {moment for start, end in some for moment in range(start, end)}


@pytest.mark.parametrize(("start", "end"), [(5, 5), (5, 4)])
def test_an_interval_is_neither_empty_nor_inverted(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        Interval(start, end)


@given(st.lists(intervals, max_size=8))
def test_merging_keeps_every_moment_and_adds_none(some: list[Interval]) -> None:
    assert moments_of(merge(some)) == moments_of(some)


@given(st.lists(intervals, max_size=8))
def test_merged_intervals_are_in_order_and_do_not_touch(some: list[Interval]) -> None:
    assert all(one.end < other.start for one, other in pairwise(merge(some)))


@given(
    st.lists(intervals, max_size=8).flatmap(lambda some: st.tuples(*[st.permutations(some)] * 2))
)
def test_merging_does_not_depend_on_the_order(orders: tuple[list[Interval], ...]) -> None:
    one, other = orders
    assert merge(one) == merge(other)


@given(timelines, timelines)
def test_a_moment_is_left_exactly_when_it_was_there_and_nothing_took_it(
    whole: Timeline, taken: Timeline
) -> None:
    assert moments_of(subtract(whole, taken)) == moments_of(whole) - moments_of(taken)


@given(timelines, timelines)
def test_what_is_left_is_a_timeline_again(whole: Timeline, taken: Timeline) -> None:
    left = subtract(whole, taken)
    assert left == merge(left) == tuple(gaps(whole, taken))


@given(timelines, intervals)
def test_a_timeline_covers_an_interval_when_it_has_every_moment_of_it(
    timeline: Timeline, interval: Interval
) -> None:
    assert covers(timeline, interval) == (moments_of([interval]) <= moments_of(timeline))


@given(timelines, intervals)
def test_a_timeline_overlaps_an_interval_when_it_has_some_moment_of_it(
    timeline: Timeline, interval: Interval
) -> None:
    assert overlaps(timeline, interval) == bool(moments_of([interval]) & moments_of(timeline))
