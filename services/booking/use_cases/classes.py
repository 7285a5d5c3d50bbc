"""Classes as staff keep them: made, changed, deleted; and how many seats are taken of each."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from services.booking.domain.clocks import moment_of, seconds_of, wall_of
from services.booking.domain.labels import FOR_CLASSES
from services.booking.events import AppointmentMoved
from services.booking.models import (
    Appointment,
    GroupClass,
    Location,
    Service,
    StaffMember,
)
from services.booking.use_cases.availability import wished
from services.booking.use_cases.changes import cancel
from services.booking.use_cases.class_time import (
    Rooms,
    give_back,
    instances_of,
    rooms_of,
    take_time,
)
from services.booking.use_cases.desk import member_at_desk, refuse_after_last_day
from services.booking.use_cases.finding import with_relations
from services.booking.use_cases.history import note_change, state_of
from services.booking.use_cases.labels import known_label_ids
from services.booking.use_cases.locks import (
    lock_chosen,
    lock_class,
    lock_resources,
)
from services.booking.use_cases.offers import Need, offers_of, services_by_id
from services.booking.use_cases.permissions import administered_location
from services.booking.use_cases.seats import seats_taken
from services.booking.use_cases.timetable_changes import tell_of_timetable
from services.booking.use_cases.versions import apply_changes, refuse_outdated
from services.booking.use_cases.writing import Slot, place, touch
from services.common.calls import Call
from services.common.errors import Conflict, NotFound
from services.common.outbox import announce
from services.common.rights import Permission

FACTS = ("capacity", "comment", "instructions", "stream_link", "color", "font_color", "label_ids")


def find_class(session: Session, location: Location, class_id: int) -> GroupClass:
    """The location's class with its service and staff member, or ``class_not_found``."""
    group = session.scalar(
        with_class_relations(select(GroupClass)).where(
            GroupClass.id == class_id, GroupClass.location_id == location.id
        )
    )
    if group is None or group.deleted_at is not None:
        raise NotFound("class_not_found", fields={"class_id": str(class_id)})
    return group


def with_class_relations(wanted: Select[GroupClass]) -> Select[GroupClass]:
    """The same classes, with everything that is shown of one."""
    return wanted.options(
        joinedload(GroupClass.location, innerjoin=True).options(
            joinedload(Location.business, innerjoin=True),
            joinedload(Location.city, innerjoin=True),
        ),
        joinedload(GroupClass.service, innerjoin=True),
        joinedload(GroupClass.staff, innerjoin=True).joinedload(StaffMember.position),
    ).execution_options(populate_existing=True)


def create_class(session: Session, request: Mapping[str, Any], call: Call) -> GroupClass:
    """Open a class, whatever the hours of who gives it."""
    location = administered_location(
        session, call, request["location_id"], Permission.APPOINTMENTS_EDIT
    )
    group = open_class(session, location, request, call)
    tell_of_timetable(session, location, staff_ids=[group.staff_id])
    return group


def open_class(
    session: Session, location: Location, request: Mapping[str, Any], call: Call
) -> GroupClass:
    """The same, for whoever has found that staff may."""
    member = member_at_desk(session, location, request["staff_id"])
    service = class_service(session, location, request["service_id"])
    start = wished(request["starts_at"], ZoneInfo(location.timezone))
    refuse_after_last_day(location, member, start)
    length = request.get("length_seconds") or _usual_length(session, member, service)
    group = GroupClass(
        business_id=location.business_id,
        location=location,
        service=service,
        created_by_user_id=call.viewer.get("user_id"),
        created_at=call.now,
        changed_at=call.now,
        **_facts(session, location, request),
    )
    place_class(group, member, start, length)
    rooms = rooms_of(session, location, request.get("resource_instance_ids"), service.resource_ids)
    lock_chosen(session, [member])
    lock_resources(session, rooms.resource_ids)
    session.add(group)
    session.flush()
    take_time(
        session,
        [group],
        rooms,
        save_if_busy=request.get("save_if_busy", False),
        now=call.now,
    )
    return group


def update_class(session: Session, request: Mapping[str, Any], call: Call) -> GroupClass:
    """Change whatever the request names. Where the class goes, its appointments go with it."""
    location = administered_location(
        session, call, request["location_id"], Permission.APPOINTMENTS_EDIT
    )
    group, change = _locked(session, location, request)
    _refuse_what_appointments_forbid(session, group, change.service, request)
    start = seconds_of(group.starts_at)
    if "starts_at" in request:
        start = wished(request["starts_at"], ZoneInfo(location.timezone))
    length = request.get("length_seconds") or group.length_seconds
    before = (group.staff_id, seconds_of(group.starts_at), group.length_seconds)
    moves = (change.member.id, start, length) != before
    group.service, group.service_id = change.service, change.service.id
    apply_changes(group, FACTS, _facts(session, location, request))
    group.changed_at = call.now
    if moves:
        refuse_after_last_day(location, change.member, start)
    if moves or change.has_other_rooms:
        give_back(session, [group.id])
        place_class(group, change.member, start, length)
        session.flush()
        save_if_busy = request.get("save_if_busy", False)
        take_time(session, [group], change.rooms, save_if_busy=save_if_busy, now=call.now)
        tell_of_timetable(session, location, staff_ids=sorted({before[0], group.staff_id}))
    if moves:
        _take_along(session, group, call)
    return group


class _Change(NamedTuple):
    member: StaffMember
    service: Service
    rooms: Rooms
    has_other_rooms: bool


def _locked(
    session: Session, location: Location, request: Mapping[str, Any]
) -> tuple[GroupClass, _Change]:
    """The class, with all time locked that the change may touch, as it was when asked for."""
    group = find_class(session, location, request["class_id"])
    version = group.version if request.get("version") is None else request["version"]
    member, old = group.staff, group.staff_id
    if request.get("staff_id", old) != old:
        member = member_at_desk(session, location, request["staff_id"])
    service = class_service(session, location, request.get("service_id", group.service_id), group)
    before = [one.id for one in instances_of(session, [group.id])[group.id]]
    wanted = request.get("resource_instance_ids")
    wanted = before if wanted is None else wanted
    rooms = rooms_of(session, location, wanted, service.resource_ids, kept=before)
    lock_chosen(session, [] if member.id == old else [member], beside=[old])
    lock_resources(session, rooms.resource_ids)
    lock_class(session, group.id)
    group = find_class(session, location, group.id)
    refuse_outdated(group, version)
    return group, _Change(member, service, rooms, sorted(wanted) != before)


def delete_class(session: Session, *, location_id: int, class_id: int, call: Call) -> None:
    """Call a class off: its appointments are cancelled, its time is free. Twice is once."""
    location = administered_location(session, call, location_id, Permission.APPOINTMENTS_DELETE)
    lock_class(session, class_id)
    group = session.get(GroupClass, class_id)
    if group is None or group.location_id != location.id:
        raise NotFound("class_not_found", fields={"class_id": str(class_id)})
    if group.deleted_at is None:
        call_off(session, [group], call)
        tell_of_timetable(session, location, staff_ids=[group.staff_id])


def call_off(session: Session, classes: Sequence[GroupClass], call: Call) -> None:
    """The same for classes that are locked, without asking anybody."""
    class_ids = [group.id for group in classes]
    for appointment in booked_in(session, class_ids):
        cancel(session, appointment, call)
    give_back(session, class_ids)
    for group in classes:
        group.deleted_at = group.changed_at = call.now
        group.version += 1
    session.flush()


def booked_in(session: Session, class_ids: Collection[int]) -> Sequence[Appointment]:
    """The appointments of these classes that nobody has cancelled, locked."""
    wanted = select(Appointment).where(
        Appointment.class_id.in_(class_ids), Appointment.cancelled_at.is_(None)
    )
    return session.scalars(
        with_relations(wanted).order_by(Appointment.id).with_for_update(of=Appointment)
    ).all()


def place_class(group: GroupClass, member: StaffMember, start: int, length: int) -> None:
    """Put the class at this time of this person, on the clock of its location."""
    location = group.location
    group.staff, group.staff_id = member, member.id
    group.starts_at, group.ends_at = moment_of(start), moment_of(start + length)
    group.wall_start = wall_of(start, ZoneInfo(location.timezone))
    group.timezone = location.timezone


def _take_along(session: Session, group: GroupClass, call: Call) -> None:
    """Let the class's appointments be at its time, and tell everybody."""
    need = Need(group.length_seconds)
    moved = booked_in(session, [group.id])
    for appointment in moved:
        before = state_of(appointment)
        start, was_requested = seconds_of(group.starts_at), appointment.staff_requested
        place(appointment, Slot(group.staff, start, need, was_requested))
        for line in appointment.services:
            line.duration_seconds = group.length_seconds
        touch(appointment, call)
        appointment.version += 1
        note_change(session, appointment, "moved", before, call)
    session.flush()
    for appointment in moved:
        announce(session, AppointmentMoved.of(appointment))


def _refuse_what_appointments_forbid(
    session: Session, group: GroupClass, service: Service, request: Mapping[str, Any]
) -> None:
    """Nobody who has a seat loses it, or finds that something else is given."""
    taken = seats_taken(session, [group.id]).get(group.id, 0)
    if request.get("capacity", group.capacity) < taken:
        raise Conflict(
            "capacity_below_seats", fields={"capacity": "too small"}, params={"taken": taken}
        )
    if taken and service.id != group.service_id:
        raise Conflict("class_booked", fields={"service_id": "seats are taken"})


def class_service(
    session: Session, location: Location, service_id: int, seen: GroupClass | None = None
) -> Service:
    """A service of the location; one that is in the catalogue, unless it is the class's already."""
    service = services_by_id(session, location.id, [service_id]).get(service_id)
    is_kept = seen is not None and seen.service_id == service_id
    if service is None or (service.archived_at is not None and not is_kept):
        raise NotFound("service_not_found", fields={"service_id": str(service_id)})
    return service


def _usual_length(session: Session, member: StaffMember, service: Service) -> int:
    offer = offers_of(session, [member.id], {service.id: service})[member.id].get(service.id)
    return service.duration_seconds if offer is None else offer.duration_seconds


def _facts(session: Session, location: Location, request: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: request[name] for name in FACTS if name in request}
    if "label_ids" in facts:
        facts["label_ids"] = known_label_ids(
            session, location.business_id, facts["label_ids"], FOR_CLASSES
        )
    return facts
