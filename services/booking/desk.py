"""The ways in for the desk: appointments, visits and what became of them, everybody's hours."""

from typing import Any

from sqlalchemy.orm import Session

from services.booking import schemas
from services.booking.models import Appointment
from services.booking.schemas import visits as visit_schemas
from services.booking.use_cases import desk, history, staff_schedules, visits
from services.booking.use_cases.finding import find_appointment
from services.booking.use_cases.permissions import staff_location
from services.booking.views import chains, partners, records
from services.booking.views import visits as visit_views
from services.booking.views.desk import show_for_staff, show_written
from services.common.bus import Service, command, query
from services.common.rights import Permission

Arguments = dict[str, Any]
Answer = dict[str, Any]


class Desk(Service):
    """Everything here is for staff with the permission at the location."""

    @query(schemas.ListAppointmentsSchema)
    def list_appointments(self, session: Session, arguments: Arguments) -> Answer:
        return records.list_appointments(session, **arguments, call=self.call)

    @query(schemas.ListPartnerAppointmentsSchema)
    def list_partner_appointments(self, session: Session, arguments: Arguments) -> Answer:
        return partners.list_partner_appointments(session, **arguments, call=self.call)

    @query(schemas.AppointmentAtSchema)
    def get_appointment_for_staff(self, session: Session, arguments: Arguments) -> Answer:
        location = staff_location(
            session, self.call, arguments["location_id"], Permission.APPOINTMENTS_VIEW
        )
        found = desk.find_at(session, location, arguments["appointment_id"])
        [shown] = show_for_staff(session, location, [found], self.call)
        return shown

    @query(schemas.AppointmentAtSchema)
    def get_appointment_history(self, session: Session, arguments: Arguments) -> Answer:
        location = staff_location(
            session, self.call, arguments["location_id"], Permission.APPOINTMENTS_VIEW
        )
        found = desk.find_at(session, location, arguments["appointment_id"])
        return {
            "changes": history.history_of(session, found),
            "timezone": location.timezone,
            "currency": location.currency,
        }

    @command(schemas.CreateAppointmentSchema)
    def create_appointment(self, session: Session, request: Arguments) -> Answer:
        return self._written(session, desk.create_appointment(session, request, self.call))

    @command(schemas.UpdateAppointmentSchema)
    def update_appointment(self, session: Session, request: Arguments) -> Answer:
        return self._written(session, desk.update_appointment(session, request, self.call))

    @command(schemas.DeleteAppointmentSchema)
    def delete_appointment(self, session: Session, request: Arguments) -> Answer:
        deleted = desk.delete_appointment(session, **request, call=self.call)
        [shown] = show_for_staff(session, deleted.location, [deleted], self.call)
        return shown

    @query(visit_schemas.VisitSchema)
    def get_visit(self, session: Session, arguments: Arguments) -> Answer:
        return visit_views.get_visit(session, **arguments, call=self.call)

    @query(visit_schemas.VisitAtSchema)
    def get_visit_details(self, session: Session, arguments: Arguments) -> Answer:
        return visit_views.get_visit_details(session, **arguments, call=self.call)

    @query(visit_schemas.ListClientVisitsSchema)
    def list_client_visits(self, session: Session, arguments: Arguments) -> Answer:
        return visit_views.list_client_visits(session, **arguments, call=self.call)

    @command(visit_schemas.MarkVisitSchema)
    def mark_visit(self, session: Session, request: Arguments) -> Answer:
        return self._written(session, visits.mark_visit(session, request, self.call))

    @query(visit_schemas.ListChainClientsSchema)
    def list_chain_clients(self, session: Session, arguments: Arguments) -> Answer:
        return chains.list_chain_clients(session, **arguments, call=self.call)

    @query(schemas.ListSchedulesSchema)
    def list_schedules(self, session: Session, arguments: Arguments) -> Answer:
        return staff_schedules.list_schedules(session, **arguments, call=self.call)

    @command(schemas.SetSchedulesSchema)
    def set_schedules(self, session: Session, request: Arguments) -> Answer:
        staff_schedules.set_schedules(session, **request, call=self.call)
        return {}

    def _written(self, session: Session, appointment: Appointment) -> Answer:
        """The appointment as it stands now, with relations that were not loaded when it changed."""
        session.flush()
        if appointment in session:
            session.expire(appointment)
        found = find_appointment(session, appointment.id)
        return show_written(session, found.location, found, self.call)
