"""Pages of days: none is torn apart, none is shown twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.day_pages import pages_around

FIRST = date(2030, 1, 1)
numbers = st.lists(st.integers(0, 12), max_size=40).map(lambda all: sorted(all, reverse=True))


def days_of(given_numbers: list[int]) -> list[date]:
    return [FIRST + timedelta(days=number) for number in given_numbers]


@given(numbers, st.integers(1, 10))
def test_read_one_after_the_other_they_are_the_whole_list(listed: list[int], size: int) -> None:
    days, seen = days_of(listed), []
    page = pages_around(days, from_day=None, to_day=None, size=size)
    while page.current:
        seen += days[page.current.start : page.current.end]
        if page.next is None:
            break
        page = pages_around(days, from_day=page.next.from_day, to_day=page.next.to_day, size=size)
    assert seen == days


@given(numbers, st.integers(1, 10))
def test_a_day_is_never_torn_apart(listed: list[int], size: int) -> None:
    days = days_of(listed)
    pages = pages_around(days, from_day=None, to_day=FIRST + timedelta(days=6), size=size)
    for page in (pages.previous, pages.current, pages.next):
        if page is None:
            continue
        told = days[page.start : page.end]
        outside = days[: page.start] + days[page.end :]
        assert not set(told) & set(outside)
        assert (page.to_day, page.from_day, page.count) == (told[0], told[-1], len(told))


def test_where_there_is_nothing_there_are_no_pages() -> None:
    pages = pages_around([], from_day=None, to_day=None, size=25)
    assert (pages.previous, pages.current, pages.next) == (None, None, None)
