"""Reading working hours, for any number of people in two queries."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.schedules import Entry, WorkingHours, working_hours
from services.booking.models import DateHours, WeeklyHours


def read_hours(
    session: Session, staff_ids: Collection[int], first: date, last: date
) -> dict[int, WorkingHours]:
    """When these people work, by weekday and on these dates."""
    weekly: dict[int, list[tuple[int, Entry]]] = defaultdict(list)
    for staff_id, weekday, kind, opens, closes in session.connection().execute(
        select(
            WeeklyHours.staff_id,
            WeeklyHours.weekday,
            WeeklyHours.kind,
            WeeklyHours.opens_minute,
            WeeklyHours.closes_minute,
        ).where(WeeklyHours.staff_id.in_(staff_ids))
    ):
        weekly[staff_id].append((weekday, Entry(kind, opens, closes)))
    dated: dict[int, list[tuple[date, Entry]]] = defaultdict(list)
    for staff_id, day, dated_kind, since, until in session.connection().execute(
        select(
            DateHours.staff_id,
            DateHours.day,
            DateHours.kind,
            DateHours.opens_minute,
            DateHours.closes_minute,
        ).where(
            DateHours.staff_id.in_(staff_ids),
            DateHours.day.between(first, last),
        )
    ):
        dated[staff_id].append((day, Entry(dated_kind, since, until)))
    return {
        staff_id: _hours_of(frozenset(weekly[staff_id]), frozenset(dated[staff_id]))
        for staff_id in staff_ids
    }


@lru_cache(maxsize=4_096)
def _hours_of(
    weekly: frozenset[tuple[int, Entry]], dated: frozenset[tuple[date, Entry]]
) -> WorkingHours:
    """The same object for the same entries, so that their shifts are remembered for everybody."""
    return working_hours(weekly, dated)
