"""Who gives which service, perhaps at a length and price of their own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.booking.events import ServiceChanged
from services.booking.models import Location, Service, StaffMember, StaffService
from services.booking.use_cases.permissions import administered_location
from services.common.calls import Call
from services.common.errors import Invalid, NotFound
from services.common.outbox import announce
from services.common.rights import Permission

OWN = ("duration_seconds", "price_min_minor", "price_max_minor")


def set_links(
    session: Session,
    *,
    location_id: int,
    links: Sequence[Mapping[str, Any]],
    must_exist: bool,
    call: Call,
) -> list[dict[str, Any]]:
    """Let people give services from now on, all of these or none; of one said twice the last."""
    location = administered_location(session, call, location_id, Permission.CATALOGUE_EDIT)
    wanted = {(link["staff_id"], link["service_id"]): link for link in links}
    services = _services_at(session, location, {service_id for _, service_id in wanted})
    _refuse_strangers(session, location, {staff_id for staff_id, _ in wanted})
    known = _known(session, services)
    for (staff_id, service_id), link in wanted.items():
        row = known.get((staff_id, service_id))
        if row is None:
            if must_exist:
                raise NotFound("link_not_found", fields={"staff_id": str(staff_id)})
            row = StaffService(staff_id=staff_id, service_id=service_id)
            session.add(row)
        _set_own(row, link)
    _change(session, location, services.values())
    return [
        {"staff_id": staff_id, "service_id": service_id, **{name: link[name] for name in OWN}}
        for (staff_id, service_id), link in wanted.items()
    ]


def remove_link(
    session: Session, *, location_id: int, service_id: int, staff_id: int, call: Call
) -> None:
    """Let somebody give a service no longer; what is booked with them stays. Twice is once."""
    location = administered_location(session, call, location_id, Permission.CATALOGUE_EDIT)
    services = _services_at(session, location, {service_id})
    _refuse_strangers(session, location, {staff_id}, with_fired=True)
    row = session.get(StaffService, (staff_id, service_id))
    if row is not None:
        session.delete(row)
        _change(session, location, services.values())


def replace_links(
    session: Session,
    location: Location,
    service: Service,
    givers: Sequence[Mapping[str, Any]],
) -> None:
    """Let these people give the service, and nobody else. Whoever calls tells the world."""
    _refuse_strangers(session, location, {giver["staff_id"] for giver in givers})
    session.execute(delete(StaffService).where(StaffService.service_id == service.id))
    rows = {}
    for giver in givers:
        row = rows[giver["staff_id"]] = StaffService(
            staff_id=giver["staff_id"], service_id=service.id
        )
        _set_own(row, giver)
    session.add_all(rows.values())
    session.flush()


def links_of(session: Session, service_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Who gives each of these services and works there still."""
    rows = session.execute(
        select(StaffService, StaffMember.name)
        .join(StaffMember, StaffMember.id == StaffService.staff_id)
        .where(StaffService.service_id.in_(service_ids), StaffMember.fired_at.is_(None))
        .order_by(StaffMember.weight.desc(), StaffMember.id)
        .execution_options(populate_existing=True)
    )
    links: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row, name in rows:
        own = {field: getattr(row, field) for field in OWN}
        links[row.service_id].append({"staff_id": row.staff_id, "name": name, **own})
    return links


def announce_services(session: Session, location: Location, services: Sequence[Service]) -> None:
    """Tell the world how these services are now, and who gives them."""
    links = links_of(session, [service.id for service in services])
    for service in services:
        announce(session, ServiceChanged.of(service, location, links[service.id]))


def _change(session: Session, location: Location, services: Iterable[Service]) -> None:
    changed = list(services)
    for service in changed:
        service.version += 1
    session.flush()
    announce_services(session, location, changed)


def _set_own(row: StaffService, link: Mapping[str, Any]) -> None:
    lowest, highest = link["price_min_minor"], link["price_max_minor"]
    if lowest is not None and highest < lowest:
        raise Invalid("price_range_inverted", fields={"price_max_minor": "below the lowest"})
    for name in OWN:
        setattr(row, name, link[name])


def _services_at(session: Session, location: Location, service_ids: set[int]) -> dict[int, Service]:
    """These services, which must all be of this location."""
    found = {
        service.id: service
        for service in session.scalars(
            select(Service)
            .where(
                Service.id.in_(service_ids),
                Service.location_id == location.id,
                Service.archived_at.is_(None),
            )
            .order_by(Service.id)
        )
    }
    if missing := sorted(service_ids - found.keys()):
        raise NotFound("no_such_service", fields={"service_id": str(missing[0])})
    return found


def _refuse_strangers(
    session: Session, location: Location, staff_ids: set[int], *, with_fired: bool = False
) -> None:
    """``staff_not_found`` unless all of these people work at this location."""
    wanted = select(StaffMember.id).where(
        StaffMember.id.in_(staff_ids), StaffMember.location_id == location.id
    )
    if not with_fired:
        wanted = wanted.where(StaffMember.fired_at.is_(None))
    if missing := sorted(staff_ids - set(session.scalars(wanted))):
        raise NotFound("staff_not_found", fields={"staff_id": str(missing[0])})


def _known(
    session: Session, services: Mapping[int, Service]
) -> dict[tuple[int, int], StaffService]:
    rows = session.scalars(select(StaffService).where(StaffService.service_id.in_(services)))
    return {(row.staff_id, row.service_id): row for row in rows}
