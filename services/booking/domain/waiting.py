"""Which time somebody who waits is offered."""

from collections.abc import Collection, Iterable

from services.booking.domain.intervals import Interval, Timeline, overlaps
from services.booking.domain.slots import Candidate, choose_staff

MOST_UNANSWERED = 3
"""After so many offers that they did not answer, nobody waits any more."""


def first_fit(
    starts: Iterable[tuple[int, Candidate, int]],
    *,
    earliest: int,
    asked_before: Collection[int],
    own_visits: Timeline,
) -> tuple[int, int] | None:
    """The first start that suits them, and who has it: (staff id, start).

    ``starts``: when a visit can start, with whom, how long it would take. None before
    ``earliest``, none that they were offered before, none that touches a visit of theirs. Of
    several people with that start, the one who would be chosen for any booking.
    """
    fitting: dict[int, list[Candidate]] = {}
    for start, candidate, duration in starts:
        if start < earliest or start in asked_before:
            continue
        if not overlaps(own_visits, Interval(start, start + duration)):
            fitting.setdefault(start, []).append(candidate)
    if not fitting:
        return None
    start = min(fitting)
    chosen = choose_staff(fitting[start])
    assert chosen is not None, "there is a candidate"
    return chosen, start
