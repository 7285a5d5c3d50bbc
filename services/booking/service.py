"""Booking: when can a client come, and who comes when. Every way in, nothing else."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from services.booking import schemas
from services.booking.administration import Administration
from services.booking.cabinet import Cabinet
from services.booking.classes import Classes
from services.booking.client_base import ClientBase
from services.booking.desk import Desk
from services.booking.holding import Holding
from services.booking.models import Appointment
from services.booking.reviewing import Reviewing
from services.booking.use_cases import (
    appointments,
    availability,
    changes,
    clients,
    grids,
    images,
    resources,
    schedules,
    settings,
    staff,
    timetable,
)
from services.booking.use_cases import forms as form_writing
from services.booking.use_cases.finding import find_appointment, find_location, find_own
from services.booking.use_cases.permissions import refuse_outside_key
from services.booking.views import catalogue, cities, forms, people, places, records
from services.booking.views.appointments import show_appointment
from services.common.bus import background, command, query, subscriber
from services.common.calls import Call
from services.common.events import Envelope
from services.common.photos import open_folder

Arguments = dict[str, Any]
Answer = dict[str, Any]


def same_booking(call: Call, request: dict[str, Any]) -> list[Any]:
    """What makes two booking requests the same one sent twice: partner, phone, who, when, what."""
    wishes = [
        (wish["staff_id"] or 0, wish["starts_at"], wish["service_ids"])
        for wish in request["appointments"]
    ]
    who = request["client"]["phone"]
    return [call.viewer.get("partner_id"), request["location_id"], who, wishes]


class BookingService(Cabinet, Classes, Reviewing, Administration, Desk, ClientBase, Holding):
    name: ClassVar[str] = "booking"

    @query(schemas.GetBookingFormSchema)
    def get_booking_form(self, session: Session, arguments: Arguments) -> Answer:
        return forms.get_booking_form(session, **arguments)

    @query(schemas.ListLocationsSchema)
    def list_locations(self, session: Session, arguments: Arguments) -> Answer:
        return places.list_locations(session, **arguments, call=self.call)

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
        appointments.check_appointments(session, **arguments, call=self.call)
        return {}

    @query(schemas.GetAppointmentSchema)
    def get_appointment(self, session: Session, arguments: Arguments) -> Answer:
        return show_appointment(find_own(session, **arguments, call=self.call))

    @query(schemas.ListOwnAppointmentsSchema)
    def list_own_appointments(self, session: Session, arguments: Arguments) -> Answer:
        self._claim()
        return records.list_own_appointments(session, **arguments, call=self.call)

    @query(schemas.GetAppointmentOwnerSchema)
    def get_appointment_owner(self, session: Session, arguments: Arguments) -> Answer:
        return records.get_appointment_owner(session, **arguments)

    @query(schemas.OwnClientsSchema)
    def get_last_answers(self, session: Session, arguments: Arguments) -> Answer:
        return records.get_last_answers(session, **arguments, call=self.call)

    @query(schemas.OwnClientsSchema)
    def list_own_client_ids(self, session: Session, arguments: Arguments) -> Answer:
        self._claim()
        return {"client_ids": clients.own_client_ids(session, self.call, **arguments)}

    @command(schemas.BookAppointmentsSchema, same_as=same_booking)
    def book_appointments(self, session: Session, request: Arguments) -> Answer:
        booked = appointments.book_appointments(session, **request, call=self.call)
        return {
            "appointments": [
                {"handle": handle, "appointment_id": one.id, "hash": one.hash}
                for handle, one in booked
            ]
        }

    @command(schemas.MoveAppointmentSchema)
    def move_appointment(self, session: Session, request: Arguments) -> Answer:
        return self._shown(session, changes.move_appointment(session, **request, call=self.call))

    @command(schemas.CancelAppointmentSchema)
    def cancel_appointment(self, session: Session, request: Arguments) -> Answer:
        return show_appointment(changes.cancel_appointment(session, **request, call=self.call))

    @command(schemas.OwnAppointmentSchema)
    def confirm_appointment(self, session: Session, request: Arguments) -> Answer:
        return show_appointment(changes.confirm_appointment(session, **request, call=self.call))

    @query(schemas.GetScheduleSchema)
    def get_schedule(self, session: Session, arguments: Arguments) -> Answer:
        return {"days": schedules.get_schedule(session, **arguments, call=self.call)}

    @command(schemas.SetScheduleSchema)
    def set_schedule(self, session: Session, request: Arguments) -> Answer:
        schedules.set_schedule(session, **request, call=self.call)
        return {}

    @query(schemas.AtLocationSchema)
    def get_day_grids(self, session: Session, arguments: Arguments) -> Answer:
        return grids.get_day_grids(session, **arguments, call=self.call)

    @command(schemas.SetDayGridsSchema)
    def set_day_grids(self, session: Session, request: Arguments) -> Answer:
        return grids.set_day_grids(session, **request, call=self.call)

    @query(schemas.ListWorkingDaysSchema)
    def list_working_days(self, session: Session, arguments: Arguments) -> Answer:
        return {"days": timetable.list_working_days(session, **arguments, call=self.call)}

    @query(schemas.GetTimetableSchema)
    def get_timetable(self, session: Session, arguments: Arguments) -> Answer:
        return timetable.get_timetable(session, **arguments, call=self.call)

    @query(schemas.ExplainDaysSchema)
    def explain_days(self, session: Session, arguments: Arguments) -> Answer:
        return {"staff": timetable.explain_days(session, **arguments, now=self.call.now)}

    @query(schemas.AtLocationSchema)
    def list_resources(self, session: Session, arguments: Arguments) -> Answer:
        return {"resources": resources.list_resources(session, **arguments, call=self.call)}

    @command(schemas.SaveResourceSchema)
    def save_resource(self, session: Session, request: Arguments) -> Answer:
        return resources.save_resource(session, **request, call=self.call)

    @command(schemas.ResourceAtSchema)
    def delete_resource(self, session: Session, request: Arguments) -> Answer:
        resources.delete_resource(session, **request, call=self.call)
        return {}

    @query(schemas.ListCitiesSchema)
    def list_cities(self, session: Session, arguments: Arguments) -> Answer:
        within = self.call.viewer.get("partner_business_ids")
        return {"cities": cities.list_cities(session, **arguments, within=within)}

    @query(schemas.NothingSchema)
    def list_allowed_origins(self, session: Session, arguments: Arguments) -> Answer:
        return {"origins": form_writing.list_allowed_origins(session, **arguments)}

    @query(schemas.AtLocationSchema)
    def list_booking_forms(self, session: Session, arguments: Arguments) -> Answer:
        return {"forms": forms.list_booking_forms(session, **arguments, call=self.call)}

    @query(schemas.FormAtSchema)
    def get_form_for_staff(self, session: Session, arguments: Arguments) -> Answer:
        return forms.get_form_for_staff(session, **arguments, call=self.call)

    @command(schemas.CreateFormSchema)
    def create_booking_form(self, session: Session, request: Arguments) -> Answer:
        form = form_writing.create_form(session, request, self.call)
        return forms.show_form(session, find_location(session, request["location_id"]), form)

    @command(schemas.UpdateFormSchema)
    def update_booking_form(self, session: Session, request: Arguments) -> Answer:
        form = form_writing.update_form(session, request, self.call)
        return forms.show_form(session, find_location(session, request["location_id"]), form)

    @command(schemas.DeleteFormSchema)
    def delete_booking_form(self, session: Session, request: Arguments) -> Answer:
        form_writing.delete_form(session, **request, call=self.call)
        return {}

    @query(schemas.AtLocationSchema)
    def get_location_settings(self, session: Session, arguments: Arguments) -> Answer:
        return forms.show_settings(settings.get_settings(session, **arguments, call=self.call))

    @command(schemas.UpdateSettingsSchema)
    def update_location_settings(self, session: Session, request: Arguments) -> Answer:
        return forms.show_settings(settings.update_settings(session, request, self.call))

    @subscriber("auth", "user_merged")
    def follow_merge(self, session: Session, event: Envelope) -> None:
        clients.follow_merge(session, **schemas.UserMergedSchema().load(event.data))

    @background(every=60.0)
    def let_go(self) -> bool:
        with self.database.write() as session:
            return staff.let_go(session, now=datetime.now(UTC))

    @background(every=600.0)
    def forget_images(self) -> bool:
        if self.settings.image_folder:
            folder = open_folder(self.settings.image_folder)
            with self.database.read() as session:
                images.forget_unused(session, folder, now=datetime.now(UTC))
        return False

    def admit(self, session: Session, arguments: Arguments) -> None:
        """What a call is about must be of a business that the partner's key is for."""
        refuse_outside_key(
            session,
            self.call,
            location_id=arguments.get("location_id"),
            form_id=arguments.get("form_id"),
        )

    def _claim(self) -> None:
        """Let the viewer have what is theirs, in a transaction of its own: the call only reads."""
        clients.claim_at_first_sight(self.database, self.call)

    def _shown(self, session: Session, appointment: Appointment) -> Answer:
        """The appointment as it stands now, with relations that were not loaded when it changed."""
        session.flush()
        if appointment in session:
            session.expire(appointment)
        return show_appointment(find_appointment(session, appointment.id))
