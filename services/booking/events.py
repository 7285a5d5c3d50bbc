"""What booking tells the world. Each event is its subject as it is after the change."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from services.booking.models import (
    Appointment,
    Client,
    Location,
    Review,
    Service,
    ServiceCategory,
    StaffMember,
)
from services.booking.schemas import (
    AppointmentEventSchema,
    ClientEventSchema,
    LocationEventSchema,
    ProofEventSchema,
    ReviewEventSchema,
    ServiceCategoryEventSchema,
    ServiceEventSchema,
    StaffMemberEventSchema,
)
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


class LocationChanged(Event):
    """A location was opened, changed or closed."""

    type: ClassVar[str] = "location_changed"
    data_schema: ClassVar[SchemaClass] = LocationEventSchema

    @classmethod
    def of(cls, location: Location) -> Self:
        """The event about this location, whose city must be loaded."""
        return cls(
            subject=f"location/{location.id}",
            sequence=location.version,
            data=location_snapshot(location),
        )


class ServiceCategoryChanged(Event):
    """A heading of the catalogue was added, changed or taken away."""

    type: ClassVar[str] = "service_category_changed"
    data_schema: ClassVar[SchemaClass] = ServiceCategoryEventSchema

    @classmethod
    def of(cls, category: ServiceCategory, location: Location) -> Self:
        return cls(
            subject=f"service_category/{category.id}",
            sequence=category.version,
            data=category_snapshot(category, location),
        )


class ServiceChanged(Event):
    """A service was added, changed or taken out of the catalogue, or others give it now."""

    type: ClassVar[str] = "service_changed"
    data_schema: ClassVar[SchemaClass] = ServiceEventSchema

    @classmethod
    def of(cls, service: Service, location: Location, links: Sequence[Mapping[str, Any]]) -> Self:
        return cls(
            subject=f"service/{service.id}",
            sequence=service.version,
            data=service_snapshot(service, location, links),
        )


class StaffMemberChanged(Event):
    """Somebody has begun to work at a location, works there no longer, or is shown otherwise."""

    type: ClassVar[str] = "staff_member_changed"
    data_schema: ClassVar[SchemaClass] = StaffMemberEventSchema

    @classmethod
    def of(cls, member: StaffMember, location: Location) -> Self:
        """The event about this person, whose position must be loaded."""
        return cls(
            subject=f"staff/{member.id}",
            sequence=member.version,
            data=staff_snapshot(member, location),
        )


class ReviewCreated(Event):
    """A client has reviewed a visit: a staff member, or the location."""

    type: ClassVar[str] = "review_created"
    data_schema: ClassVar[SchemaClass] = ReviewEventSchema

    @classmethod
    def of_review(cls, review: Review, appointment: Appointment) -> Self:
        """The event about this review; the appointment's relations must be loaded."""
        told = snapshot(appointment)
        shared = ("appointment_id", "visit_id", "business_id", "client_id", "user_id")
        return cls(
            subject=f"review/{review.id}",
            sequence=1,
            data={
                **{name: told[name] for name in (*shared, "location", "locale", "contact")},
                "review_id": review.id,
                "staff": None if review.staff_id is None else told["staff"],
                "rating": review.rating,
                "has_text": bool(review.text),
            },
        )


class ClientChanged(Event):
    """Staff have added, changed, blocked, unblocked or deleted a client of the business."""

    type: ClassVar[str] = "client_changed"
    data_schema: ClassVar[SchemaClass] = ClientEventSchema

    @classmethod
    def of(cls, client: Client, *, label_ids: list[int], is_blocked: bool) -> Self:
        return cls(
            subject=f"client/{client.id}",
            sequence=client.version,
            data={
                "client_id": client.id,
                "business_id": client.business_id,
                "user_id": client.user_id,
                "is_deleted": client.is_deleted,
                "is_blocked": is_blocked,
                "gender": client.gender.value,
                "importance": client.importance.value,
                "discount_percent": client.discount_percent,
                "label_ids": label_ids,
                "wants_mailings": client.wants_mailings,
                "wants_birthday_messages": client.wants_birthday_messages,
                "contact": {"name": client.name, "phone": client.phone, "email": client.email},
            },
        )


EVENTS: tuple[type[Event], ...] = (
    AppointmentCreated,
    AppointmentMoved,
    AppointmentChanged,
    AppointmentCancelled,
    AppointmentConfirmed,
    AttendanceMarked,
    ProofUsed,
    LocationChanged,
    ServiceCategoryChanged,
    ServiceChanged,
    StaffMemberChanged,
    ReviewCreated,
    ClientChanged,
)


def location_snapshot(location: Location) -> dict[str, Any]:
    return {
        "id": location.id,
        "business_id": location.business_id,
        "title": location.title,
        "public_title": location.public_title or location.title,
        "address": location.address,
        "city": location.city.title,
        "country_code": location.city.country_code,
        "timezone": location.timezone,
        "currency": location.currency,
        "language": location.language,
        "is_closed": location.closed_at is not None,
        "is_paused": location.is_paused,
        "version": location.version,
    }


def category_snapshot(category: ServiceCategory, location: Location) -> dict[str, Any]:
    return {
        "id": category.id,
        "business_id": location.business_id,
        "location_id": location.id,
        "title": category.title,
        "booking_title": category.booking_title,
        "weight": category.weight,
        "gender": category.gender.value,
        "api_id": category.api_id,
        "is_archived": category.archived_at is not None,
        "version": category.version,
    }


def service_snapshot(
    service: Service, location: Location, links: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "id": service.id,
        "business_id": location.business_id,
        "location_id": location.id,
        "category_id": service.category_id,
        "title": service.title,
        "booking_title": service.booking_title,
        "comment": service.comment,
        "image": service.image,
        "image_url": service.image_url,
        "duration_seconds": service.duration_seconds,
        "buffer_seconds": service.buffer_seconds,
        "price_min_minor": service.price_min_minor,
        "price_max_minor": service.price_max_minor,
        "currency": location.currency,
        "discount_percent": service.discount_percent,
        "weight": service.weight,
        "gender": service.gender.value,
        "prepayment": service.prepayment.value,
        "is_online": service.is_online,
        "is_membership_only": service.is_membership_only,
        "repeat_after_days": service.repeat_after_days,
        "api_id": service.api_id,
        "is_archived": service.archived_at is not None,
        "staff": list(links),
        "version": service.version,
    }


def staff_snapshot(member: StaffMember, location: Location) -> dict[str, Any]:
    position = member.position
    return {
        "id": member.id,
        "business_id": location.business_id,
        "location_id": location.id,
        "name": member.name,
        "specialization": member.specialization,
        "information": member.information,
        "position": position
        and {"id": position.id, "title": position.title, "description": position.description},
        "avatar": member.avatar,
        "avatar_url": member.avatar_url,
        "weight": member.weight,
        "is_online": member.is_online,
        "random_choice_allowed": member.random_choice_allowed,
        "rating_shown": member.rating_shown,
        "rating": member.rating,
        "votes_count": member.votes_count,
        "comments_count": member.comments_count,
        "user_id": member.user_id,
        "api_id": member.api_id,
        "is_fired": member.fired_at is not None,
        "last_day": member.last_day and member.last_day.isoformat(),
        "version": member.version,
    }


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
