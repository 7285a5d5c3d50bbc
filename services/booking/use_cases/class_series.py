"""Classes that are repeated: copies of one at listed times or by a plan; and the plans."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import seconds_of
from services.booking.domain.series import LONGEST_SERIES, Repeat, days_of_series
from services.booking.events import AppointmentCreated
from services.booking.models import (
    Appointment,
    AppointmentService,
    GroupClass,
    Location,
    SeriesContent,
    SeriesPlan,
)
from services.booking.use_cases.availability import wished
from services.booking.use_cases.class_time import instances_of, rooms_of, take_time
from services.booking.use_cases.classes import (
    FACTS,
    booked_in,
    class_service,
    find_class,
    place_class,
)
from services.booking.use_cases.client_base import come_back
from services.booking.use_cases.desk import member_at_desk, refuse_after_last_day
from services.booking.use_cases.locks import lock_chosen, lock_class, lock_resources
from services.booking.use_cases.offers import Need
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.timetable_changes import tell_of_timetable
from services.booking.use_cases.writing import Facts, Slot, new_appointment, new_visit
from services.common.calls import Call
from services.common.errors import Invalid, NotFound
from services.common.outbox import announce
from services.common.rights import Permission

MOST_COPIED = 500
"""More appointments are not written in one transaction."""

PLAN = ("title", "weekdays", "pause")
COPIED = (
    "contact",
    "comment",
    "sms_reminder_hours",
    "email_reminder_hours",
    "custom_fields",
    "attributed_to",
    "label_ids",
)
LINE = (
    "service_id",
    "position",
    "title",
    "duration_seconds",
    "currency",
    "price_minor",
    "price_min_minor",
    "price_max_minor",
    "discount_percent",
    "amount",
    "prepayment",
)


def repeat_class(session: Session, request: Mapping[str, Any], call: Call) -> list[GroupClass]:
    """Make copies of a class at other times: all of them, or none where one cannot be had."""
    location = administered_location(
        session, call, request["location_id"], Permission.APPOINTMENTS_EDIT
    )
    group = find_class(session, location, request["class_id"])
    member = member_at_desk(session, location, group.staff_id)
    class_service(session, location, group.service_id)
    starts, content = _times(session, location, group, request)
    for start in starts:
        refuse_after_last_day(location, member, start)
    wanted = [one.id for one in instances_of(session, [group.id])[group.id]]
    rooms = rooms_of(session, location, wanted, ())
    lock_chosen(session, [member])
    lock_resources(session, rooms.resource_ids)
    lock_class(session, group.id)
    group = find_class(session, location, group.id)
    group.series_id = group.series_id or group.id
    copies = [_copy(group, start, call) for start in starts]
    session.add_all(copies)
    session.flush()
    take_time(session, copies, rooms, save_if_busy=request["save_if_busy"], now=call.now)
    tell_of_timetable(session, location, staff_ids=[member.id])
    if content is SeriesContent.APPOINTMENTS:
        _copy_appointments(session, group, copies, call)
    return copies


def list_plans(session: Session, *, location_id: int, call: Call) -> list[SeriesPlan]:
    location = staff_location(session, call, location_id, Permission.APPOINTMENTS_VIEW)
    wanted = select(SeriesPlan).where(SeriesPlan.location_id == location.id)
    return list(session.scalars(wanted.order_by(SeriesPlan.id)))


def create_plan(session: Session, request: Mapping[str, Any], call: Call) -> SeriesPlan:
    location = staff_location(session, call, request["location_id"], Permission.APPOINTMENTS_EDIT)
    plan = SeriesPlan(location_id=location.id, created_at=call.now, **_plan(request))
    session.add(plan)
    session.flush()
    return plan


def update_plan(session: Session, request: Mapping[str, Any], call: Call) -> SeriesPlan:
    """Let it be as told from now on; the classes that were made by it stay."""
    location = staff_location(session, call, request["location_id"], Permission.APPOINTMENTS_EDIT)
    plan = _plan_at(session, location, request["plan_id"])
    for name, value in _plan(request).items():
        setattr(plan, name, value)
    return plan


def delete_plan(session: Session, *, location_id: int, plan_id: int, call: Call) -> None:
    location = staff_location(session, call, location_id, Permission.APPOINTMENTS_EDIT)
    session.delete(_plan_at(session, location, plan_id))


def _plan_at(session: Session, location: Location, plan_id: int) -> SeriesPlan:
    plan = session.get(SeriesPlan, plan_id, with_for_update=True)
    if plan is None or plan.location_id != location.id:
        raise NotFound("series_plan_not_found", fields={"plan_id": str(plan_id)})
    return plan


def _plan(told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a plan that was told."""
    return {
        **{name: told[name] for name in PLAN if name in told},
        "repeat": Repeat(told["repeat"]),
        "content": SeriesContent(told["content"]),
    }


def _times(
    session: Session, location: Location, group: GroupClass, request: Mapping[str, Any]
) -> tuple[list[int], SeriesContent]:
    """When the copies start, and what they shall have; at the same wall time in every season."""
    zone = ZoneInfo(location.timezone)
    told = [request[way] for way in ("starts", "plan_id", "plan") if request[way] is not None]
    if len(told) != 1:
        raise Invalid("series_malformed", fields={"starts": "or a plan, and not both"})
    content = SeriesContent(request["content"] or SeriesContent.CLASS)
    if request["starts"] is not None:
        return sorted({wished(one, zone) for one in request["starts"]}), content
    if request["plan_id"] is not None:
        plan = _plan_at(session, location, request["plan_id"])
    else:
        plan = SeriesPlan(**_plan(request["plan"]))
    if request["last_day"] is None and request["count"] is None:
        raise Invalid("series_endless", fields={"last_day": "or count"})
    days = days_of_series(
        group.wall_start.date(),
        plan.repeat,
        pause=plan.pause,
        weekdays=plan.weekdays,
        last=request["last_day"],
        count=request["count"],
    )
    if not days:
        raise Invalid("series_empty", fields={"last_day": "too early"})
    if len(days) > LONGEST_SERIES:
        raise Invalid(
            "series_too_long", fields={"last_day": "too late"}, params={"most": LONGEST_SERIES}
        )
    time = group.wall_start.time().isoformat()
    starts = [wished(f"{day.isoformat()}T{time}", zone) for day in days]
    return starts, content if request["content"] else plan.content


def _copy(group: GroupClass, start: int, call: Call) -> GroupClass:
    copy = GroupClass(
        business_id=group.business_id,
        location=group.location,
        service=group.service,
        series_id=group.series_id,
        created_by_user_id=call.viewer.get("user_id"),
        created_at=call.now,
        changed_at=call.now,
        **{name: getattr(group, name) for name in FACTS},
    )
    place_class(copy, group.staff, start, group.length_seconds)
    return copy


def _copy_appointments(
    session: Session, group: GroupClass, copies: Sequence[GroupClass], call: Call
) -> None:
    """Let everybody who comes to the class come to its copies, for the same price."""
    booked = booked_in(session, [group.id])
    if len(booked) * len(copies) > MOST_COPIED:
        raise Invalid(
            "series_too_long", fields={"content": "appointments"}, params={"most": MOST_COPIED}
        )
    for client in {one.client_id: one.client for one in booked if one.client}.values():
        come_back(session, client, call)
    written = [_copy_appointment(session, one, copy, call) for copy in copies for one in booked]
    session.add_all(written)
    session.flush()
    for appointment in written:
        announce(session, AppointmentCreated.of(appointment))


def _copy_appointment(
    session: Session, booked: Appointment, copy: GroupClass, call: Call
) -> Appointment:
    visit = new_visit(session, copy.location, booked.client, call.now)
    slot = Slot(copy.staff, seconds_of(copy.starts_at), Need(copy.length_seconds))
    lines = [
        AppointmentService(**{name: getattr(line, name) for name in LINE})
        for line in booked.services
    ]
    facts = Facts(source="desk", **{name: getattr(booked, name) for name in COPIED})
    as_before = replace(call, locale=booked.locale)
    appointment = new_appointment(copy.location, visit, slot, lines, facts, as_before)
    appointment.class_id, appointment.seats = copy.id, booked.seats
    return appointment
