"""Working hours by date: reading them and setting them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.booking.domain.intervals import Interval, merge, subtract
from services.booking.domain.schedules import WorkingHours
from services.booking.models import DateHours, Location, StaffMember
from services.booking.use_cases.hours import read_hours
from services.booking.use_cases.locks import lock_staff
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.timetable_changes import tell_of_timetable
from services.common.calls import Call
from services.common.errors import Invalid, NotFound
from services.common.rights import Permission

Day = Mapping[str, Any]
"""What a date is to be: ``day``, ``is_working``, ``slots``."""


def get_schedule(
    session: Session,
    *,
    location_id: int,
    staff_id: int,
    from_day: date,
    to_day: date,
    call: Call,
) -> list[dict[str, Any]]:
    """The hours of each day, breaks cut out, in minutes from its midnight."""
    location = staff_location(session, call, location_id, Permission.SCHEDULES_VIEW)
    member = member_at(session, location, staff_id)
    hours = read_hours(session, [member.id], from_day, to_day)[member.id]
    return [show_day(hours, day) for day in days_of(from_day, to_day)]


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def show_day(hours: WorkingHours, day: date) -> dict[str, Any]:
    plan = hours.on(day)
    work = subtract(merge(plan.work), merge(plan.breaks))
    return {
        "day": day.isoformat(),
        "is_working": bool(work),
        "slots": [{"opens_minute": start, "closes_minute": end} for start, end in work],
    }


def set_schedule(
    session: Session,
    *,
    location_id: int,
    staff_id: int,
    days: Sequence[Day],
    call: Call,
) -> None:
    """Give these dates hours of their own; what is booked already stays booked."""
    location = administered_location(session, call, location_id, Permission.SCHEDULES_EDIT)
    member = member_at(session, location, staff_id)
    write_hours(session, location, {member.id: days})


def write_hours(session: Session, location: Location, days: Mapping[int, Sequence[Day]]) -> None:
    """Give these dates of these people hours of their own; the location is locked already."""
    for of_one in days.values():
        _refuse_repeats(of_one)
        for day in of_one:
            _refuse_overlaps(day)
    lock_staff(session, days)
    # People who get the same dates, as they mostly do, are written of together.
    alike: dict[tuple[date, ...], list[int]] = defaultdict(list)
    for staff_id, of_one in days.items():
        alike[tuple(sorted(day["day"] for day in of_one))].append(staff_id)
    for dates, staff_ids in alike.items():
        session.execute(
            delete(DateHours).where(DateHours.staff_id.in_(staff_ids), DateHours.day.in_(dates))
        )
    session.add_all(
        row for staff_id, of_one in days.items() for day in of_one for row in _rows(staff_id, day)
    )
    tell_of_timetable(session, location, staff_ids=[*days])


def _rows(staff_id: int, day: Day) -> list[DateHours]:
    if not day["is_working"] or not day["slots"]:
        return [DateHours(staff_id=staff_id, day=day["day"], kind="off")]
    return [
        DateHours(staff_id=staff_id, day=day["day"], kind="work", **slot) for slot in day["slots"]
    ]


def _refuse_repeats(days: Sequence[Day]) -> None:
    """Of two wishes for one date nobody knows which is meant."""
    for day, times in Counter(day["day"] for day in days).items():
        if times > 1:
            raise Invalid("schedule_malformed", fields={str(day): "named twice"})


def _refuse_overlaps(day: Day) -> None:
    try:
        slots = sorted(Interval(one["opens_minute"], one["closes_minute"]) for one in day["slots"])
    except ValueError as error:
        raise Invalid(
            "schedule_malformed", fields={str(day["day"]): "ends before it starts"}
        ) from error
    for earlier, later in pairwise(slots):
        if later.start < earlier.end:
            raise Invalid("schedule_malformed", fields={str(day["day"]): "hours overlap"})


def member_at(session: Session, location: Location, staff_id: int) -> StaffMember:
    """The location's staff member, also one who is dismissed, or ``staff_not_found``."""
    member = session.get(StaffMember, staff_id)
    if member is None or member.location_id != location.id:
        raise NotFound("staff_not_found", fields={"staff_id": str(staff_id)})
    return member
