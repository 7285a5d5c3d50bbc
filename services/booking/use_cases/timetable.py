"""Whose time is taken and why a day is empty: for staff at their calendar, and for front ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.schedules import shifts
from services.booking.domain.slots import explain_day
from services.booking.models import StaffMember
from services.booking.use_cases.availability import instant_text, read_time, staff_at
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.hours import read_hours
from services.booking.use_cases.offers import (
    Need,
    givers,
)
from services.booking.use_cases.permissions import staff_location
from services.booking.use_cases.schedules import member_at
from services.common.calls import Call
from services.common.rights import Permission


def list_working_days(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    from_day: date,
    to_day: date,
    call: Call,
) -> list[str]:
    """The days on which somebody works, or that person does; also who takes no online bookings."""
    location = staff_location(session, call, location_id, Permission.SCHEDULES_VIEW)
    wanted = select(StaffMember.id).where(
        StaffMember.location_id == location.id, StaffMember.fired_at.is_(None)
    )
    ids = [member_at(session, location, staff_id).id] if staff_id else session.scalars(wanted).all()
    zone, days = ZoneInfo(location.timezone), set[date]()
    for hours in read_hours(session, ids, from_day, to_day).values():
        days.update(shifts(hours, from_day, to_day, zone))
    return [day.isoformat() for day in sorted(days)]


def get_timetable(
    session: Session, *, location_id: int, staff_id: int, day: date, call: Call
) -> dict[str, Any]:
    """Somebody's day, one step of the location's grid after the other, each free or taken."""
    location = staff_location(session, call, location_id, Permission.SCHEDULES_VIEW)
    member = member_at(session, location, staff_id)
    step = location.grid_step_seconds
    [person] = read_time(session, [location], [member], {member.id: Need(step)}, day, day, call.now)
    return {
        "timezone": location.timezone,
        "times": [
            {
                "starts_at": instant_text(start),
                "is_free": person.works(start) and person.is_free(start),
            }
            for shift in person.shifts(day, day).get(day, ())
            for start in range(shift.start, shift.end, step)
        ],
    }


def explain_days(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    service_ids: Sequence[int],
    day: date,
    now: datetime,
) -> list[dict[str, Any]]:
    """Why each person has no free start that day: the reason, or None for who has one."""
    location = find_location(session, location_id)
    staff = staff_at(session, location, staff_id)
    needs = givers(session, location, staff, service_ids)
    people = {
        person.staff.id: person
        for person in read_time(session, [location], staff, needs, day, day, now)
    }
    reasons: dict[int, str | None] = {}
    for member in staff:
        if location.is_paused:
            reasons[member.id] = "booking_paused"
        elif member.id not in people:
            reasons[member.id] = "services_not_given"
        else:
            person = people[member.id]
            of_day = person.shifts(day, day).get(day, ())
            reasons[member.id] = explain_day(of_day, person.busy, person.terms)
    return [{"staff_id": staff_id, "reason": reason} for staff_id, reason in reasons.items()]
