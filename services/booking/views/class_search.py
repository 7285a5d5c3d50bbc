"""Classes that are looked for: listed, counted by day, narrowed down."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import local_day_bounds, moment_of
from services.booking.domain.facets import still_found
from services.booking.models import (
    ClassResource,
    GroupClass,
    Location,
    Resource,
    ResourceInstance,
    Service,
    ServiceCategory,
    StaffMember,
    StaffService,
)
from services.booking.use_cases.classes import find_class, with_class_relations
from services.booking.use_cases.finding import find_location
from services.booking.views.classes import class_services, show_class, show_classes
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.rights import right_at, rights_of

Ids = Sequence[int]
TITLES: dict[str, tuple[Any, Any]] = {
    "staff": (StaffMember.id, StaffMember.name),
    "resource": (Resource.id, Resource.title),
    "service": (Service.id, Service.title),
    "category": (ServiceCategory.id, ServiceCategory.title),
}
"""The facets of a search, and what their values are called."""


def list_classes(
    session: Session,
    *,
    location_id: int,
    from_day: date | None,
    to_day: date,
    page: int,
    page_size: int,
    call: Call,
    **chosen: Ids,
) -> dict[str, Any]:
    """The classes on these days that fit, the soonest first; to clients, what is to come."""
    location = find_location(session, location_id)
    wanted = _wanted(location, call, **chosen, from_day=from_day, to_day=to_day)
    total = session.scalar(select(func.count()).select_from(GroupClass).where(*wanted)) or 0
    found = session.scalars(
        with_class_relations(select(GroupClass))
        .where(*wanted)
        .order_by(GroupClass.starts_at, GroupClass.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return {"items": show_classes(session, location, found), "total": total}


def get_class(session: Session, *, location_id: int, class_id: int, call: Call) -> dict[str, Any]:
    """One class; to clients, if they may find it."""
    location = find_location(session, location_id)
    group = find_class(session, location, class_id)
    if not (_works_there(location, call) or group.service.is_bookable):
        raise NotFound("class_not_found", fields={"class_id": str(class_id)})
    return show_class(session, group)


def list_class_days(
    session: Session,
    *,
    location_id: int,
    from_day: date | None,
    to_day: date,
    call: Call,
    **chosen: Ids,
) -> dict[str, Any]:
    """On which of these days there are any that fit."""
    location = find_location(session, location_id)
    day = func.date(GroupClass.wall_start)
    wanted = _wanted(location, call, **chosen, from_day=from_day, to_day=to_day)
    found = session.scalars(select(day).where(*wanted).distinct().order_by(day))
    return {"days": [str(one) for one in found]}


def get_class_range(
    session: Session, *, location_id: int, call: Call, **chosen: Ids
) -> dict[str, Any]:
    """The first and the last day on which there are any to come."""
    location = find_location(session, location_id)
    wanted = _wanted(location, call, from_day=None, to_day=None, **chosen)
    first, last = session.execute(
        select(func.min(GroupClass.wall_start), func.max(GroupClass.wall_start)).where(
            *wanted, GroupClass.starts_at > call.now
        )
    ).one()
    return {
        "first_day": first and first.date().isoformat(),
        "last_day": last and last.date().isoformat(),
    }


def get_class_filters(
    session: Session, *, location_id: int, call: Call, **chosen: Ids
) -> dict[str, Any]:
    """What classes to come can be narrowed down by, and what would leave none of them."""
    location = find_location(session, location_id)
    rows = session.execute(
        select(
            GroupClass.staff_id.label("staff"),
            ResourceInstance.resource_id.label("resource"),
            GroupClass.service_id.label("service"),
            Service.category_id.label("category"),
        )
        .join(Service, Service.id == GroupClass.service_id)
        .outerjoin(ClassResource, ClassResource.class_id == GroupClass.id)
        .outerjoin(ResourceInstance, ResourceInstance.id == ClassResource.resource_instance_id)
        .where(
            *_wanted(location, call, from_day=None, to_day=None), GroupClass.starts_at > call.now
        )
        .distinct()
    ).mappings()
    known = [dict(row) for row in rows]
    picked = {name.removesuffix("_ids"): ids for name, ids in chosen.items()}
    told = {name: still_found(known, name, picked) for name in TITLES}
    return {
        name: [
            {"id": one, "title": title, "is_disabled": not told[name][one]}
            for one, title in session.execute(
                select(key, text).where(key.in_(told[name])).order_by(key)
            )
        ]
        for name, (key, text) in TITLES.items()
    }


def list_class_services(
    session: Session, *, location_id: int, staff_id: int | None, term: str, call: Call
) -> dict[str, Any]:
    """The services that classes can be of: by title, and of those that somebody gives."""
    location = find_location(session, location_id)
    wanted = select(Service).where(
        Service.location_id == location.id, Service.archived_at.is_(None)
    )
    if not _works_there(location, call):
        wanted = wanted.where(Service.is_online)
    if staff_id is not None:
        given = select(StaffService.service_id).where(StaffService.staff_id == staff_id)
        wanted = wanted.where(Service.id.in_(given))
    if term:
        wanted = wanted.where(Service.title.icontains(term, autoescape=True))
    found = session.scalars(wanted.order_by(Service.weight.desc(), Service.id)).all()
    return {"services": class_services(session, found), "currency": location.currency}


def _works_there(location: Location, call: Call) -> bool:
    place = {"business_id": location.business_id, "location_id": location.id}
    return right_at(rights_of(call.viewer), **place) is not None


def _wanted(
    location: Location,
    call: Call,
    *,
    from_day: date | None,
    to_day: date | None,
    service_ids: Ids = (),
    staff_ids: Ids = (),
    resource_ids: Ids = (),
) -> list[ColumnElement[bool]]:
    """The classes that fit. Clients find what is to come, of services that they can book."""
    zone = ZoneInfo(location.timezone)
    conditions: list[ColumnElement[bool]] = [
        GroupClass.location_id == location.id,
        GroupClass.deleted_at.is_(None),
    ]
    if not _works_there(location, call):
        online = select(Service.id).where(
            Service.location_id == location.id, Service.is_online, Service.archived_at.is_(None)
        )
        conditions += [GroupClass.starts_at > call.now, GroupClass.service_id.in_(online)]
    if from_day is not None:
        begins = moment_of(local_day_bounds(from_day, zone)[0])
        conditions.append(GroupClass.starts_at >= begins)
    if to_day is not None:
        ends = moment_of(local_day_bounds(to_day + timedelta(days=1), zone)[0])
        conditions.append(GroupClass.starts_at < ends)
    if service_ids:
        conditions.append(GroupClass.service_id.in_(service_ids))
    if staff_ids:
        conditions.append(GroupClass.staff_id.in_(staff_ids))
    if resource_ids:
        conditions.append(
            GroupClass.id.in_(
                select(ClassResource.class_id)
                .join(ResourceInstance, ResourceInstance.id == ClassResource.resource_instance_id)
                .where(ResourceInstance.resource_id.in_(resource_ids))
            )
        )
    return conditions
