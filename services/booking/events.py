"""What booking tells the world: of appointments, each event is one as it is after the change."""

from typing import Any, ClassVar, Self

from services.booking.models import Appointment
from services.booking.schemas import AppointmentEventSchema, ProofEventSchema
from services.common.events import Event, SchemaClass


class AppointmentEvent(Event):
    data_schema: ClassVar[SchemaClass] = AppointmentEventSchema

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


class AppointmentMoved(AppointmentEvent):
    """It is at another time, with another person, or of another length."""

    type: ClassVar[str] = "appointment_moved"


class AppointmentChanged(AppointmentEvent):
    """Something else about it is different: services, prices, comment, client."""

    type: ClassVar[str] = "appointment_changed"


class AppointmentCancelled(AppointmentEvent):
    """The time is free again; by whom it was cancelled stands in ``changed_by``."""

    type: ClassVar[str] = "appointment_cancelled"


class AppointmentConfirmed(AppointmentEvent):
    """The business has confirmed it, or the client has said that they will come."""

    type: ClassVar[str] = "appointment_confirmed"


class AttendanceMarked(AppointmentEvent):
    """Staff have marked whether the client came, or have taken the mark back."""

    type: ClassVar[str] = "attendance_marked"


class ProofUsed(Event):
    """A booking was made with a proof of a phone, which is good for no other."""

    type: ClassVar[str] = "proof_used"
    data_schema: ClassVar[SchemaClass] = ProofEventSchema

    @classmethod
    def of(cls, proof_id: str, *, visit_id: int) -> Self:
        return cls(
            subject=f"proof/{proof_id}",
            sequence=1,
            data={"proof_id": proof_id, "visit_id": visit_id},
        )


EVENTS: tuple[type[Event], ...] = (
    AppointmentCreated,
    AppointmentMoved,
    AppointmentChanged,
    AppointmentCancelled,
    AppointmentConfirmed,
    AttendanceMarked,
    ProofUsed,
)


def snapshot(appointment: Appointment) -> dict[str, Any]:
    location = appointment.location
    return {
        "appointment_id": appointment.id,
        "visit_id": appointment.visit_id,
        "business_id": appointment.business_id,
        "client_id": appointment.client_id,
        "user_id": appointment.client and appointment.client.user_id,
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
        "confirmed": appointment.confirmed,
        "is_cancelled": appointment.is_cancelled,
        "is_online": appointment.is_online,
        "staff_requested": appointment.staff_requested,
        "sms_reminder_hours": appointment.sms_reminder_hours,
        "email_reminder_hours": appointment.email_reminder_hours,
        "created_by": appointment.created_by,
        "changed_by": appointment.changed_by,
        "locale": appointment.locale,
        "contact": appointment.contact or None,
    }
