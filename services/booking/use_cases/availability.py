"""When can a client come? Every answer is a promise that ``book_appointments`` keeps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.booking.domain.clocks import (
    DAY,
    FIRST_DAY,
    LAST_DAY,
    WishRefused,
    day_of,
    local_day_bounds,
    moment_of,
    parse_wish,
    seconds_of,
)
from services.booking.models import Location, StaffMember
from services.booking.use_cases.diary import Person, read_people
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.offers import (
    Need,
    bookable_staff,
    for_anybody,
    givers,
)
from services.common.errors import Invalid, NotFound

LONGEST_RANGE_DAYS = 366
NEAREST_WITHIN_DAYS = (7, 31, 93)
"""How far to look for the next free time: a week for most, further for who is booked out."""
A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def list_free_days(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    service_ids: Sequence[int],
    from_day: date | None,
    to_day: date | None,
    now: datetime,
) -> dict[str, Any]:
    """The days on which somebody has a free start, and those on which somebody works."""
    location = find_location(session, location_id)
    zone = ZoneInfo(location.timezone)
    today = day_of(seconds_of(now), zone)
    first = min(max(from_day or today, today), LAST_DAY)
    last = min(
        to_day or first + timedelta(days=31), today + timedelta(days=LONGEST_RANGE_DAYS), LAST_DAY
    )
    if last < first:
        return {"free_days": [], "working_days": []}
    people = people_at(
        session, location, staff_id, service_ids, first_day=first, last_day=last, now=now
    )
    working: set[date] = set()
    free: set[date] = set()
    for person in people:
        for day, of_day in person.shifts(first, last).items():
            working.add(day)
            if day not in free and person.has_free_start(of_day):
                free.add(day)
    return {"free_days": _in_order(free), "working_days": _in_order(working)}


def list_free_slots(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    service_ids: Sequence[int],
    day: date,
    now: datetime,
) -> dict[str, Any]:
    """The times at which a visit can start on that day of the location."""
    location = find_location(session, location_id)
    today = day_of(seconds_of(now), ZoneInfo(location.timezone))
    if not today - timedelta(days=1) <= day < LAST_DAY:
        return {"timezone": location.timezone, "slots": []}
    people = people_at(
        session, location, staff_id, service_ids, first_day=day, last_day=day, now=now
    )
    return {"timezone": location.timezone, "slots": slots_on(day, people)}


def list_nearest_slots(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    service_ids: Sequence[int],
    on: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The slots of the nearest day, from ``on`` (a day or a time), that has any."""
    location = find_location(session, location_id)
    zone = ZoneInfo(location.timezone)
    today = day_of(seconds_of(now), zone)
    first = max(today, wished_moment(on, zone)[0]) if on else today
    staff = staff_at(session, location, staff_id)
    needs = givers(session, location, staff, service_ids)
    day, slots = nearest_together(session, location, staff, needs, first=first, now=now)
    return {
        "timezone": location.timezone,
        "day": None if day is None else day.isoformat(),
        "slots": slots,
    }


def nearest_together(
    session: Session,
    location: Location,
    staff: Sequence[StaffMember],
    needs: Mapping[int, Need],
    *,
    first: date,
    now: datetime,
) -> tuple[date | None, list[dict[str, Any]]]:
    """The first day with a slot of anybody, and all slots of that day."""
    for nearer, days in zip((0, *NEAREST_WITHIN_DAYS), NEAREST_WITHIN_DAYS, strict=False):
        since, until = first + timedelta(days=nearer), first + timedelta(days=days - 1)
        people = read_time(session, [location], staff, needs, since, until, now)
        for offset in range((until - since).days + 1):
            day = since + timedelta(days=offset)
            if slots := slots_on(day, people):
                return day, slots
    return None, []


def nearest_of_each(
    session: Session,
    locations: Sequence[Location],
    staff: Sequence[StaffMember],
    needs: Mapping[int, Need],
    *,
    now: datetime,
) -> dict[int, tuple[date, list[dict[str, Any]]]]:
    """For each staff member the first day with a slot and its slots; who has none is absent."""
    found: dict[int, tuple[date, list[dict[str, Any]]]] = {}
    for nearer, days in zip((0, *NEAREST_WITHIN_DAYS), NEAREST_WITHIN_DAYS, strict=False):
        waiting = [member for member in staff if member.id not in found]
        if not waiting:
            break
        today = day_of(seconds_of(now), ZoneInfo("UTC")) - timedelta(days=1)
        since, until = today + timedelta(days=nearer), today + timedelta(days=days)
        for person in read_time(session, locations, waiting, needs, since, until, now):
            for day, of_day in person.shifts(since, until).items():
                if person.has_free_start(of_day):
                    found[person.staff.id] = (day, slots_on(day, [person]))
                    break
    return found


def people_at(
    session: Session,
    location: Location,
    staff_id: int | None,
    service_ids: Sequence[int],
    *,
    first_day: date,
    last_day: date,
    now: datetime,
) -> list[Person]:
    """Who can be asked for these services, with their time on these days."""
    staff = staff_at(session, location, staff_id)
    needs = givers(session, location, staff, service_ids)
    return read_time(session, [location], staff, needs, first_day, last_day, now)


def staff_at(session: Session, location: Location, staff_id: int | None) -> list[StaffMember]:
    """Whom one may get, or the one who was named; refused when there is no such person here."""
    staff = bookable_staff(session, [location.id], [staff_id] if staff_id else ())
    if staff_id and not staff:
        raise NotFound("staff_not_found", fields={"staff_id": str(staff_id)})
    return staff if staff_id else for_anybody(staff)


def slots_on(day: date, people: Iterable[Person]) -> list[dict[str, Any]]:
    """The day's slots, each start once: with several people, at the length of the quickest."""
    lengths: dict[int, int] = {}
    for person in people:
        of_day, duration = person.shifts(day, day).get(day, ()), person.terms.duration
        for start in person.free_starts(of_day):
            lengths[start] = min(duration, lengths.get(start, duration))
    return [
        {
            "starts_at": instant_text(start),
            "duration_seconds": lengths[start],
            "total_seconds": lengths[start],
        }
        for start in sorted(lengths)
    ]


def wished(text: str, zone: ZoneInfo, *, handle: int | None = None) -> int:
    """The instant of a wished time, or a refusal that says what is wrong with it."""
    try:
        return parse_wish(text, zone)
    except WishRefused as error:
        raise Invalid(error.code, fields={"starts_at": text[:40]}, handle=handle) from error


def wished_moment(text: str, zone: ZoneInfo) -> tuple[date, int | None]:
    """The day that is meant, and the instant; without one (None) any time of the day will do."""
    if not A_DAY.fullmatch(text):
        start = wished(text, zone)
        return day_of(start, zone), start
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("time_malformed", fields={"starts_at": text}) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid("time_malformed", fields={"starts_at": text})
    return day, None


def moment_of_limit(text: str, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """The instant of a limit; a day as an end is meant to its last moment."""
    day, instant = wished_moment(text, zone)
    if instant is None:
        instant = local_day_bounds(day + timedelta(days=1) if is_end else day, zone)[0]
    return moment_of(instant)


def instant_text(instant: int) -> str:
    return moment_of(instant).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(
    session: Session,
    locations: Sequence[Location],
    staff: Sequence[StaffMember],
    needs: Mapping[int, Need],
    first: date,
    last: date,
    now: datetime,
) -> list[Person]:
    """The time of those ``staff`` of whom something is needed, on these days of their clocks."""
    utc = ZoneInfo("UTC")
    return read_people(
        session,
        staff,
        {location.id: location for location in locations},
        needs,
        first=local_day_bounds(first, utc)[0] - DAY,
        last=local_day_bounds(last, utc)[1] + 2 * DAY,
        now=seconds_of(now),
    )


def _in_order(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
