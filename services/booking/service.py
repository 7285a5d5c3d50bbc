"""Booking: when can a client come, and who comes when. Every way in, nothing else."""

import hashlib
import json
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from services.booking import schemas
from services.booking.use_cases import appointments, availability
from services.booking.use_cases.finding import find_by_hash
from services.booking.views import catalogue, people, places
from services.booking.views.appointments import show_appointment
from services.common.bus import Service, command, query
from services.common.calls import Call

Arguments = dict[str, Any]
Answer = dict[str, Any]


def same_booking(call: Call, request: dict[str, Any]) -> str:
    """What makes two booking requests the same one sent twice: partner, phone, who, when, what."""
    wishes = [
        (wish["staff_id"] or 0, wish["starts_at"], wish["service_ids"])
        for wish in request["appointments"]
    ]
    told = [call.viewer.get("partner_id"), request["location_id"], request["client"]["phone"]]
    return hashlib.sha256(json.dumps([*told, wishes]).encode()).hexdigest()


class BookingService(Service):
    name: ClassVar[str] = "booking"

    @query(schemas.GetBookingFormSchema)
    def get_booking_form(self, session: Session, arguments: Arguments) -> Answer:
        return places.get_booking_form(session, **arguments)

    @query(schemas.ListLocationsSchema)
    def list_locations(self, session: Session, arguments: Arguments) -> Answer:
        return places.list_locations(session, **arguments, now=self.call.now)

    @query(schemas.GetLocationSchema)
    def get_location(self, session: Session, arguments: Arguments) -> Answer:
        return places.get_location(session, **arguments, now=self.call.now)

    @query(schemas.ListBookableServicesSchema)
    def list_bookable_services(self, session: Session, arguments: Arguments) -> Answer:
        return catalogue.list_bookable_services(session, **arguments, now=self.call.now)

    @query(schemas.ListBookableStaffSchema)
    def list_bookable_staff(self, session: Session, arguments: Arguments) -> Answer:
        return people.list_bookable_staff(session, **arguments, now=self.call.now)

    @query(schemas.ListNearestSlotsSchema)
    def list_nearest_slots(self, session: Session, arguments: Arguments) -> Answer:
        return availability.list_nearest_slots(session, **arguments, now=self.call.now)

    @query(schemas.ListFreeDaysSchema)
    def list_free_days(self, session: Session, arguments: Arguments) -> Answer:
        return availability.list_free_days(session, **arguments, now=self.call.now)

    @query(schemas.ListFreeSlotsSchema)
    def list_free_slots(self, session: Session, arguments: Arguments) -> Answer:
        return availability.list_free_slots(session, **arguments, now=self.call.now)

    @query(schemas.CheckAppointmentsSchema)
    def check_appointments(self, session: Session, arguments: Arguments) -> Answer:
        appointments.check_appointments(session, **arguments, now=self.call.now)
        return {}

    @query(schemas.GetAppointmentSchema)
    def get_appointment(self, session: Session, arguments: Arguments) -> Answer:
        return show_appointment(find_by_hash(session, **arguments))

    @command(schemas.BookAppointmentsSchema, same_as=same_booking)
    def book_appointments(self, session: Session, request: Arguments) -> Answer:
        booked = appointments.book_appointments(session, **request, call=self.call)
        return {
            "appointments": [
                {"handle": handle, "appointment_id": one.id, "hash": one.hash}
                for handle, one in booked
            ]
        }

    @command(schemas.CancelAppointmentSchema)
    def cancel_appointment(self, session: Session, request: Arguments) -> Answer:
        return show_appointment(
            appointments.cancel_appointment(session, **request, now=self.call.now)
        )
