"""Reading working hours, for any number of people in one query."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Date, Integer, bindparam, func, null, select, union_all
from sqlalchemy.orm import Session

from services.booking.domain.schedules import Entry, WorkingHours, working_hours
from services.booking.models import DateHours, StaffMember, WeeklyHours

_HOURS: CompoundSelect[Any] = union_all(
    select(
        WeeklyHours.staff_id,
        WeeklyHours.weekday,
        null().cast(Date),
        WeeklyHours.kind,
        WeeklyHours.opens_minute,
        WeeklyHours.closes_minute,
    ).where(WeeklyHours.staff_id.in_(bindparam("staff_ids", expanding=True))),
    select(
        DateHours.staff_id,
        null().cast(Integer),
        DateHours.day,
        DateHours.kind,
        DateHours.opens_minute,
        DateHours.closes_minute,
    ).where(
        DateHours.staff_id.in_(bindparam("staff_ids", expanding=True)),
        DateHours.day.between(bindparam("first"), bindparam("last")),
    ),
)

# A row without a day for who works every week.
_ENDS: CompoundSelect[Any] = union_all(
    select(WeeklyHours.staff_id, null().cast(Date))
    .where(
        WeeklyHours.staff_id.in_(bindparam("staff_ids", expanding=True)),
        WeeklyHours.kind == "work",
    )
    .distinct(),
    select(DateHours.staff_id, func.max(DateHours.day))
    .where(
        DateHours.staff_id.in_(bindparam("staff_ids", expanding=True)),
        DateHours.kind == "work",
    )
    .group_by(DateHours.staff_id),
)


def schedule_ends(session: Session, staff: Collection[StaffMember]) -> dict[int, date | None]:
    """The last day on which each of them works; None for who works every week, or never."""
    asked = {"staff_ids": [member.id for member in staff]}
    every_week: set[int] = set()
    latest: dict[int, date] = {}
    for staff_id, day in session.connection().execute(_ENDS, asked).all():
        if day is None:
            every_week.add(staff_id)
        else:
            latest[staff_id] = day
    ends: dict[int, date | None] = {}
    for member in staff:
        day = None if member.id in every_week else latest.get(member.id)
        known = [one for one in (day, member.last_day) if one is not None]
        ends[member.id] = min(known, default=None)
    return ends


def read_hours(
    session: Session, staff_ids: Collection[int], first: date, last: date
) -> dict[int, WorkingHours]:
    """When these people work, by weekday and on these dates."""
    asked = {"staff_ids": staff_ids, "first": first, "last": last}
    weekly: dict[int, list[tuple[int, Entry]]] = defaultdict(list)
    dated: dict[int, list[tuple[date, Entry]]] = defaultdict(list)
    rows = session.connection().execute(_HOURS, asked).all()
    for staff_id, weekday, day, kind, opens, closes in rows:
        if day is None:
            weekly[staff_id].append((weekday, Entry(kind, opens, closes)))
        else:
            dated[staff_id].append((day, Entry(kind, opens, closes)))
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
