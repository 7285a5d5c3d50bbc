"""The ways in to classes: for clients who look for one and book, and for staff who keep them."""

from typing import Any

from sqlalchemy.orm import Session

from services.booking.schemas import classes as schemas
from services.booking.schemas.reading import AtLocationSchema
from services.booking.use_cases import class_booking, class_series, classes
from services.booking.use_cases.finding import find_appointment
from services.booking.views import class_search
from services.booking.views.classes import show_plan, show_written_classes
from services.booking.views.desk import show_written
from services.common.bus import Service, command, query
from services.common.calls import Call

Arguments = dict[str, Any]
Answer = dict[str, Any]


def same_class_booking(call: Call, request: dict[str, Any]) -> list[Any]:
    """What makes two requests for seats the same one sent twice: partner, phone, class, seats."""
    told = [call.viewer.get("partner_id"), request["location_id"], request["class_id"]]
    return [*told, request["client"]["phone"], request["seats"]]


class Classes(Service):
    @query(schemas.ListClassesSchema)
    def list_classes(self, session: Session, arguments: Arguments) -> Answer:
        return class_search.list_classes(session, **arguments, call=self.call)

    @query(schemas.ClassAtSchema)
    def get_class(self, session: Session, arguments: Arguments) -> Answer:
        return class_search.get_class(session, **arguments, call=self.call)

    @query(schemas.ListClassDaysSchema)
    def list_class_days(self, session: Session, arguments: Arguments) -> Answer:
        return class_search.list_class_days(session, **arguments, call=self.call)

    @query(schemas.ClassFilterSchema)
    def get_class_range(self, session: Session, arguments: Arguments) -> Answer:
        return class_search.get_class_range(session, **arguments, call=self.call)

    @query(schemas.ClassFilterSchema)
    def get_class_filters(self, session: Session, arguments: Arguments) -> Answer:
        return class_search.get_class_filters(session, **arguments, call=self.call)

    @query(schemas.ListClassServicesSchema)
    def list_class_services(self, session: Session, arguments: Arguments) -> Answer:
        return class_search.list_class_services(session, **arguments, call=self.call)

    @command(schemas.BookClassSchema, same_as=same_class_booking)
    def book_class(self, session: Session, request: Arguments) -> Answer:
        booked = class_booking.book_class(session, **request, call=self.call)
        return {"appointment_id": booked.id, "hash": booked.hash}

    @command(schemas.WriteIntoClassSchema)
    def write_into_class(self, session: Session, request: Arguments) -> Answer:
        written = class_booking.write_into_class(session, request, self.call)
        found = find_appointment(session, written.id)
        return show_written(session, found.location, found, self.call)

    @command(schemas.CreateClassSchema)
    def create_class(self, session: Session, request: Arguments) -> Answer:
        return show_written_classes(session, [classes.create_class(session, request, self.call)])[0]

    @command(schemas.UpdateClassSchema)
    def update_class(self, session: Session, request: Arguments) -> Answer:
        return show_written_classes(session, [classes.update_class(session, request, self.call)])[0]

    @command(schemas.ClassAtSchema)
    def delete_class(self, session: Session, request: Arguments) -> Answer:
        classes.delete_class(session, **request, call=self.call)
        return {}

    @command(schemas.RepeatClassSchema)
    def repeat_class(self, session: Session, request: Arguments) -> Answer:
        made = class_series.repeat_class(session, request, self.call)
        return {"classes": show_written_classes(session, made)}

    @query(AtLocationSchema)
    def list_series_plans(self, session: Session, arguments: Arguments) -> Answer:
        plans = class_series.list_plans(session, **arguments, call=self.call)
        return {"plans": [show_plan(one) for one in plans]}

    @command(schemas.CreatePlanSchema)
    def create_series_plan(self, session: Session, request: Arguments) -> Answer:
        return show_plan(class_series.create_plan(session, request, self.call))

    @command(schemas.UpdatePlanSchema)
    def update_series_plan(self, session: Session, request: Arguments) -> Answer:
        return show_plan(class_series.update_plan(session, request, self.call))

    @command(schemas.PlanAtSchema)
    def delete_series_plan(self, session: Session, request: Arguments) -> Answer:
        class_series.delete_plan(session, **request, call=self.call)
        return {}
