"""Staff as clients see them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Location, Position, StaffMember, StaffService
from services.booking.use_cases.availability import nearest_of_each, read_time, wished_moment
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.hours import schedule_ends
from services.booking.use_cases.offers import (
    Need,
    bookable_staff,
    givers,
)


def list_bookable_staff(
    session: Session,
    *,
    location_id: int,
    service_ids: Sequence[int],
    starts_at: str | None,
    staff_id: int | None,
    with_slots: bool,
    now: datetime,
) -> dict[str, Any]:
    """The staff whom clients can choose, and whether each can be had for what is asked."""
    location = find_location(session, location_id)
    staff = bookable_staff(session, [location.id], [staff_id] if staff_id else ())
    needs = _who_gives(session, location, staff, service_ids)
    if starts_at:
        needs = _free_at(session, location, staff, needs, starts_at, now)
    nearest = nearest_of_each(session, [location], staff, needs, now=now) if with_slots else {}
    positions, ends = _positions(session, staff), schedule_ends(session, staff)
    return {
        "timezone": location.timezone,
        "staff": [
            show_staff_member(member, positions, needs, nearest.get(member.id), ends[member.id])
            for member in staff
        ],
    }


def show_staff_member(
    member: StaffMember,
    positions: dict[int, Position],
    needs: dict[int, Need],
    nearest: tuple[Any, list[dict[str, Any]]] | None,
    until: date | None,
) -> dict[str, Any]:
    position = positions.get(member.position_id or 0)
    return {
        "id": member.id,
        "name": member.name,
        "is_bookable": member.id in needs,
        "specialization": member.specialization,
        "position": None if position is None else {"id": position.id, "title": position.title},
        **show_rating(member),
        "avatar": member.avatar,
        "avatar_url": member.avatar_url,
        "weight": member.weight,
        "information": member.information,
        "prepayment": "forbidden",
        "next_slots": None
        if nearest is None
        else {"day": nearest[0].isoformat(), "slots": nearest[1]},
        "schedule_until": until and until.isoformat(),
        "is_fired": member.fired_at is not None,
        "is_hidden": not member.is_online,
        "api_id": member.api_id,
    }


def show_rating(member: StaffMember) -> dict[str, Any]:
    """What the reviews come to, where the business lets it be seen."""
    is_shown = member.rating_shown
    return {
        "rating_shown": is_shown,
        "rating": member.rating if is_shown else 0.0,
        "votes_count": member.votes_count if is_shown else 0,
        "comments_count": member.comments_count if is_shown else 0,
    }


def show_position(member: StaffMember) -> dict[str, Any] | None:
    if member.position is None:
        return None
    return {"id": member.position.id, "title": member.position.title}


def _who_gives(
    session: Session, location: Location, staff: Sequence[StaffMember], service_ids: Sequence[int]
) -> dict[int, Need]:
    """Whoever gives the chosen services; when none are chosen, whoever gives anything at all."""
    needs = givers(session, location, staff, service_ids)
    if service_ids:
        return needs
    busy = set(
        session.scalars(
            select(StaffService.staff_id).where(
                StaffService.staff_id.in_([member.id for member in staff])
            )
        )
    )
    return {staff_id: need for staff_id, need in needs.items() if staff_id in busy}


def _free_at(
    session: Session,
    location: Location,
    staff: Sequence[StaffMember],
    needs: dict[int, Need],
    starts_at: str,
    now: datetime,
) -> dict[int, Need]:
    """Of those who give what is asked, who is free then. A day means any time of it."""
    day, start = wished_moment(starts_at, ZoneInfo(location.timezone))
    people = read_time(session, [location], staff, needs, day, day, now)
    free = {person.staff.id for person in people if person.has_room(day, start)}
    return {staff_id: need for staff_id, need in needs.items() if staff_id in free}


def _positions(session: Session, staff: Sequence[StaffMember]) -> dict[int, Position]:
    wanted = {member.position_id for member in staff if member.position_id}
    if not wanted:
        return {}
    return {
        position.id: position
        for position in session.scalars(select(Position).where(Position.id.in_(wanted)))
    }
