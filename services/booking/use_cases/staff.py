"""The people of a location, for who administers them: taking on, changing, letting go."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from services.booking.domain.clocks import day_of, moment_of, seconds_of
from services.booking.events import StaffMemberChanged
from services.booking.models import ONE_USER_ONCE, Location, StaffMember
from services.booking.use_cases.diary import end_of_work
from services.booking.use_cases.future import settle_future
from services.booking.use_cases.locks import lock_staff
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.positions import position_at
from services.booking.use_cases.versions import apply_changes, refuse_outdated
from services.common.calls import Call
from services.common.db import violates
from services.common.errors import Conflict, NotFound
from services.common.outbox import announce
from services.common.rights import Permission

FACTS = (
    "name",
    "specialization",
    "information",
    "position_id",
    "weight",
    "is_online",
    "random_choice_allowed",
    "rating_shown",
    "user_id",
    "api_id",
)
AT_ONCE = 100
"""How many people are let go in one transaction, when their last day is over."""


def list_staff(
    session: Session, *, location_id: int, with_fired: bool, call: Call
) -> tuple[Location, Sequence[StaffMember]]:
    """Everybody who works there, the heaviest first; those who did, too, if asked for."""
    location = staff_location(session, call, location_id, None)
    wanted = select(StaffMember).where(StaffMember.location_id == location.id)
    if not with_fired:
        wanted = wanted.where(StaffMember.fired_at.is_(None))
    people = session.scalars(
        wanted.options(joinedload(StaffMember.position)).order_by(
            StaffMember.weight.desc(), StaffMember.id
        )
    )
    return location, people.all()


def get_staff_member(
    session: Session, *, location_id: int, staff_id: int, call: Call
) -> tuple[Location, StaffMember]:
    location = staff_location(session, call, location_id, None)
    return location, member_at(session, location, staff_id)


def create_staff_member(
    session: Session, request: Mapping[str, Any], call: Call
) -> tuple[Location, StaffMember]:
    """Take somebody on; without hours and services nobody can book them yet."""
    location = administered_location(session, call, request["location_id"], Permission.STAFF_EDIT)
    _refuse_strange_facts(session, location, request, call)
    facts = {name: request[name] for name in FACTS if name in request}
    member = StaffMember(location_id=location.id, **facts)
    session.add(member)
    _write(session)
    return location, announce_member(session, location, member)


def update_staff_member(
    session: Session, request: Mapping[str, Any], call: Call
) -> tuple[Location, StaffMember]:
    """Change whatever the request names; who is ``rehired`` has hours and services as before.

    Who is let go by it may have no appointments after that.
    """
    location = administered_location(session, call, request["location_id"], Permission.STAFF_EDIT)
    lock_staff(session, [request["staff_id"]])
    member = member_at(session, location, request["staff_id"])
    refuse_outdated(member, request["version"])
    if request.get("user_id") == member.user_id:
        request = {name: value for name, value in request.items() if name != "user_id"}
    _refuse_strange_facts(session, location, request, call)
    apply_changes(member, FACTS, request)
    _write(session)
    last_day = request["last_day"]
    if request["rehired"] and (last_day is None or last_day <= _today(location, call)):
        member.fired_at, member.last_day, member.dismissal_reason = None, None, ""
    elif request["dismissed"] or last_day is not None:
        _dismiss(session, location, member, last_day, request.get("reason", ""), "refuse", call)
    session.flush()
    return location, announce_member(session, location, member)


def dismiss_staff_member(
    session: Session,
    *,
    location_id: int,
    staff_id: int,
    last_day: date | None,
    reason: str,
    future_appointments: str,
    version: int | None,
    call: Call,
) -> tuple[Location, StaffMember]:
    """Let somebody go: at once, or when a day that is still to come is over. Twice is once.

    What is to be done about appointments after that must be said, if there are any.
    """
    location = administered_location(session, call, location_id, Permission.STAFF_EDIT)
    lock_staff(session, [staff_id])
    member = member_at(session, location, staff_id)
    if _is_dismissed(member, last_day, _today(location, call)):
        return location, member
    refuse_outdated(member, version)
    _dismiss(session, location, member, last_day, reason, future_appointments, call)
    member.version += 1
    session.flush()
    return location, announce_member(session, location, member)


def _dismiss(
    session: Session,
    location: Location,
    member: StaffMember,
    last_day: date | None,
    reason: str,
    future_appointments: str,
    call: Call,
) -> None:
    today = _today(location, call)
    if _is_dismissed(member, last_day, today):
        return
    day = last_day or today
    member.last_day, member.dismissal_reason = day, reason
    is_over = day <= today
    since = call.now if is_over else moment_of(end_of_work(member, location))
    settle_future(
        session, location, future_appointments, since=since, staff_id=member.id, call=call
    )
    if is_over:
        member.fired_at = call.now


def _is_dismissed(member: StaffMember, last_day: date | None, today: date) -> bool:
    """Whether they have gone, or leave after just that day."""
    return member.fired_at is not None or (
        last_day is not None and last_day > today and member.last_day == last_day
    )


def _today(location: Location, call: Call) -> date:
    return day_of(seconds_of(call.now), ZoneInfo(location.timezone))


def let_go(session: Session, *, now: datetime) -> bool:
    """See off those whose last day is over; whether there may be more of them."""
    leaving = session.execute(
        select(StaffMember, Location)
        .join(Location, Location.id == StaffMember.location_id)
        .where(StaffMember.last_day <= now.date(), StaffMember.fired_at.is_(None))
        .options(joinedload(StaffMember.position))
        .order_by(StaffMember.id)
        .limit(AT_ONCE)
        .with_for_update(of=StaffMember, key_share=True, skip_locked=True)
    ).all()
    gone = [
        (member, location)
        for member, location in leaving
        if end_of_work(member, location) <= seconds_of(now)
    ]
    for member, location in gone:
        member.fired_at = now
        member.version += 1
        announce(session, StaffMemberChanged.of(member, location))
    return len(gone) == AT_ONCE


def member_at(session: Session, location: Location, staff_id: int) -> StaffMember:
    """Somebody who works or has worked at the location, or ``staff_not_found``."""
    member = session.scalar(
        select(StaffMember)
        .where(StaffMember.id == staff_id, StaffMember.location_id == location.id)
        .options(joinedload(StaffMember.position))
    )
    if member is None:
        raise NotFound("staff_not_found", fields={"staff_id": str(staff_id)})
    return member


def _refuse_strange_facts(
    session: Session, location: Location, request: Mapping[str, Any], call: Call
) -> None:
    """A position must be one of this location; whom a user stands for, few may say."""
    if request.get("position_id") is not None:
        position_at(session, location, request["position_id"])
    if "user_id" in request:
        staff_location(session, call, location.id, Permission.USERS_EDIT)


def _write(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, ONE_USER_ONCE) or "staff.location_id, staff.user_id" in str(error.orig):
            raise Conflict("user_linked", fields={"user_id": "linked to somebody else"}) from error
        raise


def announce_member(session: Session, location: Location, member: StaffMember) -> StaffMember:
    """The person as they are now, of whom the world has been told."""
    session.expire(member)
    now = member_at(session, location, member.id)
    announce(session, StaffMemberChanged.of(now, location))
    return now
