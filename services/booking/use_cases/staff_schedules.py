"""Hours of many people at once, and what of their time is taken."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import day_of, local_day_bounds, moment_of, seconds_of
from services.booking.models import Location, Reservation, StaffMember
from services.booking.use_cases.availability import instant_text
from services.booking.use_cases.hours import read_hours
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.schedules import days_of, show_day, write_hours
from services.common.calls import Call
from services.common.errors import Invalid, NotFound
from services.common.rights import Permission

Taken = dict[tuple[int, date], list[dict[str, Any]]]
MOST_WRITTEN = 5_000
"""How many days of people one request sets."""


def list_schedules(
    session: Session,
    *,
    location_id: int,
    staff_ids: Sequence[int],
    from_day: date,
    to_day: date,
    with_busy: bool,
    call: Call,
) -> dict[str, Any]:
    """The days of these people, or of all who work there; with what is taken if that is asked."""
    location = staff_location(session, call, location_id, Permission.SCHEDULES_VIEW)
    ids = _people(session, location, staff_ids)
    hours = read_hours(session, ids, from_day, to_day)
    taken = _taken(session, location, ids, from_day, to_day) if with_busy else None
    return {
        "timezone": location.timezone,
        "days": [
            {
                "staff_id": staff_id,
                **show_day(hours[staff_id], day),
                "busy": None if taken is None else taken[staff_id, day],
            }
            for staff_id in ids
            for day in days_of(from_day, to_day)
        ],
    }


def set_schedules(
    session: Session,
    *,
    location_id: int,
    to_set: Sequence[Mapping[str, Any]],
    to_clear: Sequence[Mapping[str, Any]],
    call: Call,
) -> None:
    """Give people hours on some dates, and others off: all of it or nothing.

    What is booked already stays booked. A date that is named twice of one person is refused.
    """
    location = administered_location(session, call, location_id, Permission.SCHEDULES_EDIT)
    days: dict[int, dict[date, dict[str, Any]]] = defaultdict(dict)
    for one in (*to_set, *({**one, "slots": []} for one in to_clear)):
        of_one = days[one["staff_id"]]
        for day in one["dates"]:
            if day in of_one:
                raise Invalid("schedule_malformed", fields={str(day): "named twice"})
            of_one[day] = {"day": day, "is_working": bool(one["slots"]), "slots": one["slots"]}
    if sum(map(len, days.values())) > MOST_WRITTEN:
        raise Invalid("schedule_malformed", fields={"dates": f"more than {MOST_WRITTEN}"})
    _people(session, location, days)
    write_hours(
        session, location, {staff_id: [*of_one.values()] for staff_id, of_one in days.items()}
    )


def _people(session: Session, location: Location, staff_ids: Collection[int]) -> list[int]:
    """Those named, if all of them are of the location; without names all who work there."""
    wanted = select(StaffMember.id).where(StaffMember.location_id == location.id)
    if staff_ids:
        wanted = wanted.where(StaffMember.id.in_(staff_ids))
    else:
        wanted = wanted.where(StaffMember.fired_at.is_(None))
    found = [*session.scalars(wanted.order_by(StaffMember.weight.desc(), StaffMember.id))]
    if unknown := set(staff_ids) - set(found):
        raise NotFound("staff_not_found", fields={"staff_id": str(min(unknown))})
    return found


def _taken(
    session: Session, location: Location, staff_ids: Collection[int], first: date, last: date
) -> Taken:
    """What is reserved of their time, by the day on which it begins."""
    zone = ZoneInfo(location.timezone)
    taken: Taken = defaultdict(list)
    rows = session.execute(
        select(
            Reservation.staff_id,
            Reservation.appointment_id,
            Reservation.starts_at,
            Reservation.ends_at,
        )
        .where(
            Reservation.staff_id.in_(staff_ids),
            Reservation.starts_at >= moment_of(local_day_bounds(first, zone)[0]),
            Reservation.starts_at < moment_of(local_day_bounds(last, zone)[1]),
        )
        .order_by(Reservation.starts_at)
    )
    for staff_id, appointment_id, starts_at, ends_at in rows:
        start = seconds_of(starts_at)
        taken[staff_id or 0, day_of(start, zone)].append(
            {
                "appointment_id": appointment_id,
                "starts_at": instant_text(start),
                "ends_at": instant_text(seconds_of(ends_at)),
            }
        )
    return taken
