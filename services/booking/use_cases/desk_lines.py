"""What is done at an appointment that staff write, for how much, and what it takes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.booking.domain.money import discounted
from services.booking.models import AppointmentService, Location, Service, StaffMember
from services.booking.use_cases.offers import (
    Need,
    offers_of,
    resources_needed,
    services_by_id,
)
from services.common.errors import Invalid, NotFound


def lines_at_desk(
    session: Session,
    location: Location,
    member: StaffMember,
    wanted: Sequence[Mapping[str, Any]],
    before: Iterable[AppointmentService] = (),
) -> list[AppointmentService]:
    """Lines at the prices that staff name, else at those of the catalogue.

    What is in the catalogue no longer stays where it was ``before``, and comes nowhere else.
    """
    kept = {line.service_id for line in before}
    services = services_by_id(session, location.id, {line["id"] for line in wanted})
    offers = offers_of(session, [member.id], services)[member.id]
    lines = []
    for position, line in enumerate(wanted):
        service = services.get(line["id"])
        if service is None or (service.archived_at is not None and service.id not in kept):
            raise NotFound("service_not_found", fields={"services": str(line["id"])})
        offer = offers.get(service.id)
        listed = offer.price_min_minor if offer else service.price_min_minor
        first_cost = line.get("first_cost_minor")
        base = listed if first_cost is None else first_cost
        percent = line.get("discount_percent") or 0
        cost = line.get("cost_minor")
        lines.append(
            AppointmentService(
                service_id=service.id,
                position=position,
                title=service.title,
                duration_seconds=offer.duration_seconds if offer else service.duration_seconds,
                currency=location.currency,
                price_minor=discounted(base, percent) if cost is None else cost,
                price_min_minor=base,
                price_max_minor=max(base, offer.price_max_minor if offer else base),
                discount_percent=percent,
                amount=1,
                prepayment=service.prepayment.value,
            )
        )
    return lines


def need_at_desk(
    session: Session, request: Mapping[str, Any], lines: Sequence[AppointmentService]
) -> Need:
    """What the visit takes; without a wished buffer, behind it the longest of its services'."""
    buffer, services = request.get("buffer_seconds"), services_of(session, lines)
    if buffer is None:
        buffer = max((service.buffer_seconds for service in services), default=0)
    return Need(length_at_desk(request, lines), buffer, resources_needed(services))


def services_of(session: Session, lines: Sequence[AppointmentService]) -> list[Service]:
    """The services of lines that were just made of them."""
    return [session.get_one(Service, line.service_id) for line in lines]


def length_at_desk(request: Mapping[str, Any], lines: Sequence[AppointmentService]) -> int:
    """The wished length; without one, that of the services in a row."""
    length = request.get("duration_seconds") or sum(line.duration_seconds for line in lines)
    if not length:
        raise Invalid("duration_missing", fields={"duration_seconds": "required without services"})
    return int(length)
