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
    WaitlistEntry,
    WaitlistOffer,
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
    TimetableEventSchema,
    WaitlistOfferEventSchema,
)
from services.booking.snapshots import (
    category_snapshot,
    location_snapshot,
    offer_snapshot,
    service_snapshot,
    snapshot,
    staff_snapshot,
)
from services.common.events import Event, SchemaClass


class AppointmentEvent(Event):
    data_schema: ClassVar[SchemaClass] = AppointmentEventSchema

    @classmethod
    def of(cls, appointment: Appointment, *, is_silent: bool = False) -> Self:
        """The event about this appointment, whose relations must be loaded."""
        return cls(
            subject=f"appointment/{appointment.id}",
            sequence=appointment.version,
            data=snapshot(appointment, is_silent=is_silent),
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


class TimetableChanged(Event):
    """Hours of staff, or a location's grid of times, rooms, devices or classes, are different."""

    type: ClassVar[str] = "timetable_changed"
    data_schema: ClassVar[SchemaClass] = TimetableEventSchema

    @classmethod
    def of(cls, location: Location, *, staff_ids: Sequence[int]) -> Self:
        return cls(
            subject=f"timetable/{location.id}",
            sequence=location.timetable_version,
            data={
                "business_id": location.business_id,
                "location_id": location.id,
                "staff_ids": list(staff_ids),
                "version": location.timetable_version,
            },
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


class WaitlistOfferMade(Event):
    """A time has become free and is kept for a while for somebody who waited for it."""

    type: ClassVar[str] = "waitlist_offer_made"
    data_schema: ClassVar[SchemaClass] = WaitlistOfferEventSchema

    @classmethod
    def of_offer(
        cls,
        entry: WaitlistEntry,
        offer: WaitlistOffer,
        location: Location,
        staff: StaffMember,
        services: Sequence[Service],
    ) -> Self:
        """The event about this offer; the entry's client must be loaded."""
        return cls(
            subject=f"waitlist_entry/{entry.id}",
            sequence=entry.version,
            data=offer_snapshot(entry, offer, location, staff, services),
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
    TimetableChanged,
    ServiceCategoryChanged,
    ServiceChanged,
    StaffMemberChanged,
    ReviewCreated,
    ClientChanged,
    WaitlistOfferMade,
)
