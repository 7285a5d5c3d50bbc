"""The time that classes take: of their staff member, and of rooms and devices."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import moment_of, seconds_of
from services.booking.domain.intervals import Interval, merge, overlaps, subtract
from services.booking.models import (
    ClassResource,
    GroupClass,
    Location,
    Reservation,
    Resource,
    ResourceInstance,
)
from services.booking.use_cases.reservations import (
    COUNTS,
    WITHIN,
    Taken,
    between,
    take,
    taken_as_of,
)
from services.booking.use_cases.resource_time import read_resource_time
from services.common.errors import Conflict, NotFound

Whose = tuple[int | None, int | None]
"""A staff member, or an instance of a resource."""


class Rooms(NamedTuple):
    """The instances that were named, or else the resources of which any instance will do."""

    instance_ids: tuple[int, ...] | None
    resource_ids: frozenset[int]


def rooms_of(
    session: Session,
    location: Location,
    instance_ids: Sequence[int] | None,
    needed: Collection[int],
    *,
    kept: Collection[int] = (),
) -> Rooms:
    """What classes take besides somebody's time: what is named, or what their service needs.

    What is in use no longer cannot be had, unless it is the class's already and ``kept``.
    """
    if instance_ids is None:
        return Rooms(None, frozenset(needed))
    wanted = tuple(dict.fromkeys(instance_ids))
    if not wanted:
        return Rooms((), frozenset())
    rows = session.execute(
        select(ResourceInstance.id, ResourceInstance.resource_id)
        .join(Resource, Resource.id == ResourceInstance.resource_id)
        .where(
            ResourceInstance.id.in_(wanted),
            or_(ResourceInstance.id.in_(kept), ResourceInstance.archived_at.is_(None)),
            Resource.location_id == location.id,
        )
    )
    found = dict(rows.all())
    for one in wanted:
        if one not in found:
            raise NotFound("resource_not_found", fields={"resource_instance_ids": str(one)})
    return Rooms(wanted, frozenset(found.values()))


def take_time(
    session: Session,
    classes: Sequence[GroupClass],
    rooms: Rooms,
    *,
    save_if_busy: bool,
    now: datetime,
) -> None:
    """Reserve the time of classes that have none, all of one staff member, who is locked.

    All of it, or with ``save_if_busy`` whatever nobody else has.
    """
    chosen = _choose(session, classes, rooms, now)
    busy = _read_busy(session, classes, {one for found in chosen for one in found}, now)
    takes: list[tuple[Mapping[str, int], Taken]] = []
    for group, instance_ids in zip(classes, chosen, strict=True):
        whole = Interval(seconds_of(group.starts_at), seconds_of(group.ends_at))
        owner = {"business_id": group.business_id, "class_id": group.id}
        group.saved_over_busy = len(instance_ids) < _wanted(rooms)
        if group.saved_over_busy and not save_if_busy:
            raise _refusal(group, "no_resource_free")
        for whose in [(group.staff_id, None), *((None, one) for one in instance_ids)]:
            taken = merge(busy[whose])
            if overlaps(taken, whole):
                if not save_if_busy:
                    raise _refusal(group, "slot_taken" if whose[0] else "no_resource_free")
                group.saved_over_busy = True
            takes += [
                (owner, (*whose, moment_of(start), moment_of(end)))
                for start, end in subtract(merge([whole]), taken)
            ]
            busy[whose].append(whole)
    session.add_all(
        ClassResource(class_id=group.id, resource_instance_id=one)
        for group, instance_ids in zip(classes, chosen, strict=True)
        for one in instance_ids
    )
    session.flush()
    take(session, takes, now=now)


def give_back(session: Session, class_ids: Collection[int]) -> None:
    """Let others have the time of these classes."""
    session.execute(delete(Reservation).where(Reservation.class_id.in_(class_ids)))
    session.execute(delete(ClassResource).where(ClassResource.class_id.in_(class_ids)))


def instances_of(session: Session, class_ids: Collection[int]) -> dict[int, list[ResourceInstance]]:
    """The rooms and devices of each of these classes."""
    found: dict[int, list[ResourceInstance]] = defaultdict(list)
    rows = session.execute(
        select(ClassResource.class_id, ResourceInstance)
        .join(ResourceInstance, ResourceInstance.id == ClassResource.resource_instance_id)
        .where(ClassResource.class_id.in_(class_ids))
        .order_by(ResourceInstance.id)
    )
    for class_id, instance in rows:
        found[class_id].append(instance)
    return found


def _wanted(rooms: Rooms) -> int:
    return len(rooms.resource_ids if rooms.instance_ids is None else rooms.instance_ids)


def _refusal(group: GroupClass, code: str) -> Conflict:
    return Conflict(code, fields={"starts_at": f"{group.wall_start.isoformat()} is not free"})


def _choose(
    session: Session, classes: Sequence[GroupClass], rooms: Rooms, now: datetime
) -> list[Sequence[int]]:
    """The instances for each class: those that were named, or of each resource one that is free."""
    if rooms.instance_ids is not None:
        return [rooms.instance_ids] * len(classes)
    first, last = min(one.starts_at for one in classes), max(one.ends_at for one in classes)
    time = read_resource_time(session, rooms.resource_ids, first, last, taken_as_of(now))
    return [
        time.take(rooms.resource_ids, Interval(seconds_of(one.starts_at), seconds_of(one.ends_at)))
        for one in classes
    ]


def _read_busy(
    session: Session,
    classes: Sequence[GroupClass],
    instance_ids: Collection[int],
    now: datetime,
) -> dict[Whose, list[Interval]]:
    """What is taken of their staff member and of these instances around the classes."""
    busy: dict[Whose, list[Interval]] = defaultdict(list)
    staff_ids = {one.staff_id for one in classes}
    rows = session.execute(
        select(
            Reservation.staff_id,
            Reservation.resource_instance_id,
            Reservation.starts_at,
            Reservation.ends_at,
        ).where(
            or_(
                Reservation.staff_id.in_(staff_ids),
                Reservation.resource_instance_id.in_(instance_ids),
            ),
            WITHIN,
            COUNTS,
        ),
        {
            **between(min(one.starts_at for one in classes), max(one.ends_at for one in classes)),
            **taken_as_of(now),
        },
    )
    for staff_id, instance_id, start, end in rows:
        busy[staff_id, instance_id].append(Interval(seconds_of(start), seconds_of(end)))
    return busy
