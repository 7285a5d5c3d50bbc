"""What booking tells the world. Each event is the appointment as it is after the change."""

from typing import Any, ClassVar, Self

from marshmallow import Schema

from services.booking.models import Appointment
from services.booking.schemas import AppointmentEventSchema
from services.common.events import Event


class AppointmentEvent(Event):
    data_schema: ClassVar[type[Schema]] = AppointmentEventSchema

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """The event about this appointment, whose relations must be loaded."""
        return cls(
            subject=f"appointment/{appointment.id}",
            sequence=appointment.version,
            data=snapshot(appointment),
        )


class AppointmentCreated(AppointmentEvent):
    """Somebody has booked a time, by whatever way."""

    type: ClassVar[str] = "appointment_created"


class AppointmentCancelled(AppointmentEvent):
    """The time is free again; by whom it was cancelled does not matter."""

    type: ClassVar[str] = "appointment_cancelled"


EVENTS: tuple[type[Event], ...] = (AppointmentCreated, AppointmentCancelled)


def snapshot(appointment: Appointment) -> dict[str, Any]:
    location = appointment.location
    return {
        "appointment_id": appointment.id,
        "visit_id": appointment.visit_id,
        "business_id": appointment.business_id,
        "client_id": appointment.client_id,
        "location": {
            "id": location.id,
            "title": location.public_title or location.title,
            "address": location.address,
            "timezone": appointment.timezone,
            "language": location.language,
        },
        "staff": {"id": appointment.staff_id, "name": appointment.staff.name},
        "services": [
            {
                "id": line.service_id,
                "title": line.title,
                "duration_seconds": line.duration_seconds,
                "price_minor": line.price_minor,
                "currency": line.currency,
            }
            for line in appointment.services
        ],
        "starts_at": appointment.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": appointment.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "wall_start": appointment.wall_start.isoformat(),
        "attendance": appointment.attendance.value,
        "is_cancelled": appointment.is_cancelled,
        "is_online": appointment.is_online,
        "staff_requested": appointment.staff_requested,
        "sms_reminder_hours": appointment.sms_reminder_hours,
        "email_reminder_hours": appointment.email_reminder_hours,
        "locale": appointment.locale,
        "contact": appointment.contact,
    }
