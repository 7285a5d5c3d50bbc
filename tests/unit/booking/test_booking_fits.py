"""Which time somebody who waits is offered."""

from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.intervals import Interval, merge, overlaps
from services.booking.domain.slots import Candidate, choose_staff
from services.booking.domain.waiting import first_fit

MOMENTS = st.integers(0, 40)
STARTS = st.lists(
    st.tuples(
        MOMENTS,
        st.builds(Candidate, st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)),
        st.integers(1, 5),
    ),
    max_size=12,
)
VISITS = st.lists(st.tuples(MOMENTS, st.integers(1, 6)), max_size=4)


@given(STARTS, MOMENTS, st.sets(MOMENTS), VISITS)
def test_it_is_the_earliest_that_suits_them(
    starts: list[tuple[int, Candidate, int]],
    earliest: int,
    asked: set[int],
    visits: list[tuple[int, int]],
) -> None:
    own = merge(Interval(start, start + length) for start, length in visits)
    suits = [
        (start, candidate)
        for start, candidate, length in starts
        if start >= earliest
        and start not in asked
        and not overlaps(own, Interval(start, start + length))
    ]

    fit = first_fit(starts, earliest=earliest, asked_before=asked, own_visits=own)

    if not suits:
        assert fit is None
        return
    first = min(start for start, _ in suits)
    assert fit == (choose_staff(one for start, one in suits if start == first), first)
