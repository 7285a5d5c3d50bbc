"""Who gives which services, and what a visit for them takes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.booking.models import (
    Location,
    Service,
    StaffMember,
    StaffService,
)
from services.common.errors import Invalid, NotFound


class Need(NamedTuple):
    """What a visit takes: seconds of somebody's work, a buffer of seconds behind it, and for all
    of that an instance of each resource.
    """

    duration: int
    buffer: int = 0
    resource_ids: frozenset[int] = frozenset()

    def beside(self, other: "Need") -> "Need":
        """What both together take."""
        return Need(
            self.duration + other.duration,
            max(self.buffer, other.buffer),
            self.resource_ids | other.resource_ids,
        )


class Offer(NamedTuple):
    """A service as one staff member gives it."""

    service: Service
    duration_seconds: int
    price_min_minor: int
    price_max_minor: int


def need_of(offers: Iterable[Offer]) -> Need:
    """What these services in a row take; behind them the longest of their buffers."""
    given = list(offers)
    return Need(
        sum(offer.duration_seconds for offer in given),
        max((offer.service.buffer_seconds for offer in given), default=0),
        resources_needed(offer.service for offer in given),
    )


def resources_needed(services: Iterable[Service]) -> frozenset[int]:
    """The resources of which a visit for these services takes an instance each."""
    return frozenset().union(*(service.resource_ids for service in services))


_ALL_STAFF = (
    select(StaffMember)
    .where(
        StaffMember.location_id.in_(bindparam("location_ids", expanding=True)),
        StaffMember.is_online,
        StaffMember.fired_at.is_(None),
    )
    .order_by(StaffMember.weight.desc(), StaffMember.id)
)


_SOME_STAFF = _ALL_STAFF.where(StaffMember.id.in_(bindparam("staff_ids", expanding=True)))


_SERVICES = select(Service).where(
    Service.location_id == bindparam("location_id"),
    Service.id.in_(bindparam("service_ids", expanding=True)),
)


_LINKS = select(
    StaffService.staff_id,
    StaffService.service_id,
    StaffService.duration_seconds,
    StaffService.price_min_minor,
    StaffService.price_max_minor,
).where(
    StaffService.staff_id.in_(bindparam("staff_ids", expanding=True)),
    StaffService.service_id.in_(bindparam("service_ids", expanding=True)),
)


def bookable_staff(
    session: Session, location_ids: Collection[int], staff_ids: Collection[int] = ()
) -> list[StaffMember]:
    """Staff that clients can choose, of these ids if there are any, heaviest first."""
    if staff_ids:
        asked = {"location_ids": location_ids, "staff_ids": staff_ids}
        return list(session.scalars(_SOME_STAFF, asked))
    return list(session.scalars(_ALL_STAFF, {"location_ids": location_ids}))


def for_anybody(staff: Iterable[StaffMember]) -> list[StaffMember]:
    """Whom one may get who asks for anybody: not those who want to be asked for themselves."""
    return [member for member in staff if member.random_choice_allowed]


def services_by_id(
    session: Session, location_id: int, service_ids: Collection[int]
) -> dict[int, Service]:
    """Those of the services that are of this location."""
    if not service_ids:
        return {}
    asked = {"location_id": location_id, "service_ids": list(service_ids)}
    return {service.id: service for service in session.scalars(_SERVICES, asked)}


def chosen_services(
    known: Mapping[int, Service], service_ids: Collection[int]
) -> dict[int, Service]:
    """The services by id; refused when one is not ``known`` here or cannot be booked."""
    for service_id in service_ids:
        if service_id not in known:
            raise NotFound("service_not_found", fields={"service_ids": str(service_id)})
        if not known[service_id].is_bookable:
            raise Invalid("service_unavailable", fields={"service_ids": str(service_id)})
    return {service_id: known[service_id] for service_id in service_ids}


def offers_of(
    session: Session, staff_ids: Collection[int], services: Mapping[int, Service]
) -> dict[int, dict[int, Offer]]:
    """Who gives which of these services, how long and for how much: {staff: {service: offer}}."""
    offers: dict[int, dict[int, Offer]] = defaultdict(dict)
    asked = {"staff_ids": staff_ids, "service_ids": list(services)}
    links = session.connection().execute(_LINKS, asked)
    for staff_id, service_id, seconds, price_min, price_max in links.all():
        service = services[service_id]
        offers[staff_id][service_id] = Offer(
            service,
            seconds or service.duration_seconds,
            service.price_min_minor if price_min is None else price_min,
            service.price_max_minor if price_max is None else price_max,
        )
    return offers


def givers(
    session: Session,
    location: Location,
    staff: Sequence[StaffMember],
    service_ids: Sequence[int],
) -> dict[int, Need]:
    """Who of ``staff`` gives all these services, and what they take: {staff: need}.

    Without services everybody does, for the length of one step of the grid.
    """
    known = services_by_id(session, location.id, set(service_ids))
    services = chosen_services(known, service_ids)
    if not services:
        return {member.id: Need(location.grid_step_seconds) for member in staff}
    offers = offers_of(session, [member.id for member in staff], services)
    return {
        staff_id: need_of(given[service_id] for service_id in service_ids)
        for staff_id, given in offers.items()
        if len(given) == len(services)
    }
