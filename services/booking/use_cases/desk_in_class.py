"""What staff may change of an appointment of a class: its prices and its seats, not its time."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.booking.domain.clocks import moment_of
from services.booking.models import Appointment, GroupClass, Location
from services.booking.use_cases.availability import wished
from services.booking.use_cases.desk_lines import lines_at_desk
from services.booking.use_cases.seats import refuse_apart_from_class, refuse_without_seats


def change_in_class(
    session: Session, location: Location, appointment: Appointment, request: Mapping[str, Any]
) -> None:
    """Whoever calls has locked the class."""
    wanted = {
        name: request.get(name) for name in ("staff_id", "duration_seconds", "buffer_seconds")
    }
    if "starts_at" in request:
        wanted["starts_at"] = moment_of(wished(request["starts_at"], ZoneInfo(location.timezone)))
    if "services" in request:
        wanted["services"] = [line["id"] for line in request["services"]]
    refuse_apart_from_class(appointment, wanted)
    if "services" in request:
        lines = lines_at_desk(
            session, location, appointment.staff, request["services"], appointment.services
        )
        for line, before in zip(lines, appointment.services, strict=True):
            line.duration_seconds, line.amount = before.duration_seconds, before.amount
        appointment.services = lines
    if request.get("seats", appointment.seats) != appointment.seats:
        group = session.get_one(GroupClass, appointment.class_id)
        refuse_without_seats(
            session,
            group,
            request["seats"],
            most=location.class_clients_max,
            had=appointment.seats,
        )
        appointment.seats = request["seats"]
        for line in appointment.services:
            line.amount = appointment.seats
