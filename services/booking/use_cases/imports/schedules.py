"""Importing hours: those of a week, which replace all that there were, and those of dates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from services.booking.domain.intervals import Interval, covers, merge
from services.booking.domain.schedules import DAY_MINUTES
from services.booking.models import DateHours, WeeklyHours
from services.booking.schemas.cells import WEEKDAYS
from services.booking.use_cases.imports.reading import Line, in_chunks, read_places
from services.booking.use_cases.imports.staff import names_of_staff
from services.booking.use_cases.locks import lock_staff
from services.booking.use_cases.timetable_changes import tell_of_timetable
from services.common.calls import Call
from services.common.imports import Report

When = int | date
"""A weekday (Monday is 0) or a date."""


class Hours(NamedTuple):
    kind: str
    opens_minute: int | None
    closes_minute: int | None


Plan = dict[When, dict[Hours, Line]]
"""What the rows say of somebody's days."""


def import_schedules(
    session: Session, business_id: int, lines: Sequence[Line], report: Report, call: Call
) -> None:
    """Let these people work at these hours; what is booked already stays booked.

    Of whom the table names a weekday it says the whole week; of dates those it names. What is
    counted are weeks and dates of people.
    """
    places = read_places(session, business_id, lock=True)
    staff = names_of_staff(session, places)
    people: dict[int, set[int]] = defaultdict(set)
    plans: dict[int, Plan] = defaultdict(lambda: defaultdict(dict))
    for line in lines:
        location = places.of(line, report)
        if location is None:
            continue
        called = line.facts["staff"]
        member = staff.meant(line, "staff", called, report, place=location.id)
        for when, hours in _understand(line, report):
            if member is not None:
                people[location.id].add(member.id)
                _add(plans[member.id], when, hours, line, report)
    lock_staff(session, plans)
    known = _read(session, plans)
    for staff_id, plan in plans.items():
        _refuse_strange_breaks(plan, known[staff_id], report)
    report.stop_if_refused()
    new = [
        row
        for staff_id, plan in plans.items()
        for row in _replace(staff_id, plan, known[staff_id], report)
    ]
    _forget(session, new)
    session.add_all(new)
    changed = {row.staff_id for row in new}
    for location in places.all:
        if here := sorted(changed & people[location.id]):
            tell_of_timetable(session, location, staff_ids=here)


def _understand(line: Line, report: Report) -> Iterable[tuple[When, Hours]]:
    told = line.facts
    weekdays, day, kind = told.get("weekday"), told.get("date"), told["kind"]
    opens, closes = told.get("opens"), told.get("closes")
    whens: list[When] = [*(weekdays or []), *([day] if day else [])]
    if bool(weekdays) == bool(day):
        report.refuse(line.number, "weekday", "either this or date must be told")
    elif kind == "off":
        if opens is not None or closes is not None:
            report.refuse(line.number, "opens", "must be empty on a day off")
        elif weekdays:
            report.refuse(line.number, "kind", "off is for dates; leave the weekday out instead")
    elif opens is None or closes is None:
        missing = "opens" if opens is None else "closes"
        report.refuse(line.number, missing, "must not be empty")
    elif closes <= opens:
        reason = "not after opens; a time in the night after is written 26:00"
        report.refuse(line.number, "closes", reason)
    elif kind == "work" and opens >= DAY_MINUTES:
        report.refuse(line.number, "opens", "work begins on its own day, before 24:00")
    else:
        return [(when, Hours(kind, opens, closes)) for when in whens]
    return [(when, Hours("off", None, None)) for when in whens if kind == "off"]


def _add(plan: Plan, when: When, hours: Hours, line: Line, report: Report) -> None:
    """Refused when it is said twice, or overlaps what was said before."""
    for other, before in plan[when].items():
        if "off" in (other.kind, hours.kind):
            reason = f"row {before.number} says something else of that day"
        elif other.kind == hours.kind and _overlap(other, hours):
            reason = f"overlaps row {before.number}"
        else:
            continue
        report.refuse(line.number, "date" if hours.kind == "off" else "opens", reason)
        return
    plan[when][hours] = line


def _overlap(one: Hours, other: Hours) -> bool:
    return _interval(one).start < _interval(other).end and (
        _interval(other).start < _interval(one).end
    )


def _interval(hours: Hours) -> Interval:
    assert hours.opens_minute is not None
    assert hours.closes_minute is not None
    return Interval(hours.opens_minute, hours.closes_minute)


def _refuse_strange_breaks(plan: Plan, known: Mapping[When, set[Hours]], report: Report) -> None:
    """A break lies within the hours of its day: those of the table, else those that there are."""
    names_week = any(isinstance(when, int) for when in plan)
    for when, told in plan.items():
        entries = set(told)
        if not isinstance(when, int) and all(hours.kind == "break" for hours in entries):
            weekday = when.weekday()
            entries |= set(plan.get(weekday, {})) if names_week else known[weekday]
        work = merge(_interval(hours) for hours in entries if hours.kind == "work")
        for hours, line in told.items():
            if hours.kind == "break" and not covers(work, _interval(hours)):
                name = WEEKDAYS[when] if isinstance(when, int) else when.isoformat()
                report.refuse(line.number, "opens", f"this break is outside the hours of {name}")


def _read(session: Session, plans: Mapping[int, Plan]) -> dict[int, dict[When, set[Hours]]]:
    """The weeks of these people, and the dates that the table names."""
    known: dict[int, dict[When, set[Hours]]] = defaultdict(lambda: defaultdict(set))
    days = {when for plan in plans.values() for when in plan if not isinstance(when, int)}
    for week in session.scalars(select(WeeklyHours).where(WeeklyHours.staff_id.in_(list(plans)))):
        known[week.staff_id][week.weekday].add(_hours(week))
    for day in session.scalars(
        select(DateHours).where(DateHours.staff_id.in_(list(plans)), DateHours.day.in_(days))
    ):
        known[day.staff_id][day.day].add(_hours(day))
    return known


def _hours(row: WeeklyHours | DateHours) -> Hours:
    return Hours(row.kind, row.opens_minute, row.closes_minute)


def _replace(
    staff_id: int, plan: Plan, known: Mapping[When, set[Hours]], report: Report
) -> list[WeeklyHours | DateHours]:
    """The rows of the week and the dates that are to be others; counted in the report."""
    told = {when: set(hours) for when, hours in plan.items()}
    week = {when: hours for when, hours in told.items() if isinstance(when, int)}
    old_week = {when: hours for when, hours in known.items() if isinstance(when, int)}
    rows: list[WeeklyHours | DateHours] = []
    if week and _is_new(week, {when: hours for when, hours in old_week.items() if hours}, report):
        rows += [
            WeeklyHours(staff_id=staff_id, weekday=when, **one._asdict())
            for when, hours in week.items()
            for one in sorted(hours)
        ]
    for when, hours in told.items():
        if not isinstance(when, int) and _is_new(hours, known.get(when), report):
            rows += [
                DateHours(staff_id=staff_id, day=when, **one._asdict())
                for one in sorted(hours, key=str)
            ]
    return rows


def _is_new(told: Any, known: Any, report: Report) -> bool:
    if told == known:
        report.same += 1
        return False
    report.changed += bool(known)
    report.created += not known
    return True


def _forget(session: Session, new: Sequence[WeeklyHours | DateHours]) -> None:
    """Take away what the new rows stand for."""
    weeks = {row.staff_id for row in new if isinstance(row, WeeklyHours)}
    days = {(row.staff_id, row.day) for row in new if isinstance(row, DateHours)}
    session.execute(delete(WeeklyHours).where(WeeklyHours.staff_id.in_(weeks)))
    for chunk in in_chunks(days):
        this = tuple_(DateHours.staff_id, DateHours.day).in_(chunk)
        session.execute(delete(DateHours).where(this))
