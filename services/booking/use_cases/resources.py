"""Rooms and devices: which there are, and which services need one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services.booking.models import (
    LONGEST_RESERVATION,
    Location,
    Reservation,
    Resource,
    ResourceInstance,
    Service,
)
from services.booking.use_cases.locks import lock_resources
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.reservations import COUNTS, taken_as_of
from services.booking.use_cases.timetable_changes import tell_of_timetable
from services.common.calls import Call
from services.common.errors import Conflict, Invalid, NotFound
from services.common.rights import Permission


def list_resources(session: Session, *, location_id: int, call: Call) -> list[dict[str, Any]]:
    """The location's resources with their instances, and the services that need one."""
    location = staff_location(session, call, location_id, Permission.SCHEDULES_VIEW)
    return _shown(session, location, _resources(session, location))


def save_resource(
    session: Session,
    *,
    location_id: int,
    resource_id: int | None,
    call: Call,
    **changes: Any,
) -> dict[str, Any]:
    """Create a resource, or change what is named of it.

    ``instances`` are all that there shall be: those with an id stay, the others are new, and
    those left out go. What is booked with one keeps it; so one goes only when nothing to come
    is booked with it.
    """
    location = administered_location(session, call, location_id, Permission.CATALOGUE_EDIT)
    if resource_id is None:
        resource = Resource(location_id=location.id, title="", description="", instances=[])
        session.add(resource)
    else:
        lock_resources(session, [resource_id])
        [resource] = _resources(session, location, resource_id)
    for name in ("title", "description"):
        if changes.get(name) is not None:
            setattr(resource, name, changes[name])
    session.flush()
    if changes.get("instances") is not None:
        _set_instances(session, resource, changes["instances"], call)
    if changes.get("service_ids") is not None:
        _set_services(session, location, resource.id, set(changes["service_ids"]))
    tell_of_timetable(session, location)
    saved_id = resource.id
    session.expunge_all()
    return _shown(session, location, _resources(session, location, saved_id))[0]


def delete_resource(session: Session, *, location_id: int, resource_id: int, call: Call) -> None:
    """Take it out of use, unless something to come is booked with it; no service needs it then."""
    location = administered_location(session, call, location_id, Permission.CATALOGUE_EDIT)
    lock_resources(session, [resource_id])
    [resource] = _resources(session, location, resource_id)
    _set_instances(session, resource, [], call)
    _set_services(session, location, resource.id, set())
    resource.archived_at = call.now
    tell_of_timetable(session, location)


def _resources(
    session: Session, location: Location, resource_id: int | None = None
) -> Sequence[Resource]:
    wanted = (
        select(Resource)
        .where(Resource.location_id == location.id, Resource.archived_at.is_(None))
        .options(selectinload(Resource.instances.and_(ResourceInstance.archived_at.is_(None))))
        .order_by(Resource.id)
    )
    if resource_id is None:
        return session.scalars(wanted).all()
    found = session.scalars(wanted.where(Resource.id == resource_id)).all()
    if not found:
        raise NotFound("resource_not_found", fields={"resource_id": str(resource_id)})
    return found


def _set_instances(
    session: Session, resource: Resource, wanted: Sequence[Mapping[str, Any]], call: Call
) -> None:
    known = {instance.id: instance for instance in resource.instances}
    staying = {one["id"] for one in wanted if one["id"] is not None}
    if unknown := staying - set(known):
        raise NotFound("resource_not_found", fields={"instances": str(min(unknown))})
    going = set(known) - staying
    _refuse_while_booked(session, going, call)
    for one in wanted:
        if one["id"] is None:
            session.add(ResourceInstance(resource_id=resource.id, title=one["title"]))
        else:
            known[one["id"]].title = one["title"]
    for instance_id in going:
        known[instance_id].archived_at = call.now


def _refuse_while_booked(session: Session, instance_ids: Collection[int], call: Call) -> None:
    booked = select(Reservation.id).where(
        Reservation.resource_instance_id.in_(instance_ids),
        Reservation.starts_at > call.now - LONGEST_RESERVATION,
        Reservation.ends_at > call.now,
        COUNTS,
    )
    if instance_ids and session.scalar(booked.limit(1), taken_as_of(call.now)) is not None:
        raise Conflict("resource_in_use", fields={"instances": "something to come is booked"})


def _set_services(
    session: Session, location: Location, resource_id: int, service_ids: set[int]
) -> None:
    services = session.scalars(
        select(Service).where(Service.location_id == location.id).order_by(Service.id)
    ).all()
    if unknown := service_ids - {service.id for service in services}:
        raise Invalid("service_not_found", fields={"service_ids": str(min(unknown))})
    for service in services:
        needed = set(service.resource_ids) - {resource_id}
        if service.id in service_ids:
            needed.add(resource_id)
        if needed != set(service.resource_ids):
            service.resource_ids = sorted(needed)


def _shown(
    session: Session, location: Location, resources: Sequence[Resource]
) -> list[dict[str, Any]]:
    needing = session.execute(
        select(Service.id, Service.resource_ids).where(Service.location_id == location.id)
    ).all()
    return [
        {
            "id": resource.id,
            "title": resource.title,
            "description": resource.description,
            "instances": [{"id": one.id, "title": one.title} for one in resource.instances],
            "service_ids": sorted(
                service_id for service_id, needed in needing if resource.id in needed
            ),
        }
        for resource in resources
    ]
