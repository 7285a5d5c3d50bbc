"""Working hours by date: reading them and setting them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.booking.domain.intervals import Interval, merge, subtract
from services.booking.models import DateHours, Location, StaffMember
from services.booking.use_cases.hours import read_hours
from services.booking.use_cases.locks import lock_staff
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.timetable_changes import tell_of_timetable
from services.common.calls import Call
from services.common.errors import Invalid, NotFound
from services.common.rights import Permission


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
    days = [from_day + timedelta(days=number) for number in range((to_day - from_day).days + 1)]
    shown = []
    for day in days:
        plan = hours.on(day)
        work = subtract(merge(plan.work), merge(plan.breaks))
        shown.append(
            {
                "day": day.isoformat(),
                "is_working": bool(work),
                "slots": [{"opens_minute": start, "closes_minute": end} for start, end in work],
            }
        )
    return shown


def set_schedule(
    session: Session,
    *,
    location_id: int,
    staff_id: int,
    days: Sequence[dict[str, Any]],
    call: Call,
) -> None:
    """Give these dates hours of their own; what is booked already stays booked."""
    location = administered_location(session, call, location_id, Permission.SCHEDULES_EDIT)
    member = member_at(session, location, staff_id)
    for day in days:
        _refuse_overlaps(day)
    lock_staff(session, [member.id])
    session.execute(
        delete(DateHours).where(
            DateHours.staff_id == member.id, DateHours.day.in_([day["day"] for day in days])
        )
    )
    session.add_all(row for day in days for row in _rows(member, day))
    tell_of_timetable(session, location, staff_ids=[member.id])


def _rows(member: StaffMember, day: dict[str, Any]) -> list[DateHours]:
    if not day["is_working"] or not day["slots"]:
        return [DateHours(staff_id=member.id, day=day["day"], kind="off")]
    return [
        DateHours(staff_id=member.id, day=day["day"], kind="work", **slot) for slot in day["slots"]
    ]


def _refuse_overlaps(day: dict[str, Any]) -> None:
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
