"""The ways in for a client's cabinet beside booking: places, favourites, calendars."""

from typing import Any

from sqlalchemy.orm import Session

from services.booking.schemas import OwnAppointmentSchema
from services.booking.schemas.cabinet import (
    FavouriteSchema,
    GetCalendarSchema,
    NothingSchema,
    PagedSchema,
)
from services.booking.use_cases import clients, favourites, feeds
from services.booking.views import calendars, own_places, repeats
from services.common.bus import Service, command, query

Arguments = dict[str, Any]
Answer = dict[str, Any]


class Cabinet(Service):
    @query(PagedSchema)
    def list_own_places(self, session: Session, arguments: Arguments) -> Answer:
        clients.claim_at_first_sight(self.database, self.call)
        return own_places.list_own_places(session, **arguments, call=self.call)

    @query(PagedSchema)
    def list_favourites(self, session: Session, arguments: Arguments) -> Answer:
        return own_places.list_favourites(session, **arguments, call=self.call)

    @command(FavouriteSchema)
    def add_favourite(self, session: Session, request: Arguments) -> Answer:
        favourites.add_favourite(session, **request, call=self.call)
        return {}

    @command(FavouriteSchema)
    def remove_favourite(self, session: Session, request: Arguments) -> Answer:
        favourites.remove_favourite(session, **request, call=self.call)
        return {}

    @query(OwnAppointmentSchema)
    def get_calendar_file(self, session: Session, arguments: Arguments) -> Answer:
        return calendars.get_calendar_file(session, **arguments, call=self.call)

    @query(GetCalendarSchema)
    def get_calendar(self, session: Session, arguments: Arguments) -> Answer:
        return calendars.get_calendar(session, **arguments, call=self.call)

    @query(OwnAppointmentSchema)
    def get_repeat(self, session: Session, arguments: Arguments) -> Answer:
        return repeats.get_repeat(session, **arguments, call=self.call)

    @query(NothingSchema)
    def get_calendar_feed(self, session: Session, arguments: Arguments) -> Answer:
        return calendars.get_calendar_feed(session, **arguments, call=self.call)

    @command(NothingSchema, is_stored=False)
    def renew_calendar_feed(self, session: Session, request: Arguments) -> Answer:
        return {"token": feeds.renew_feed(session, **request, call=self.call)}

    @command(NothingSchema)
    def end_calendar_feed(self, session: Session, request: Arguments) -> Answer:
        feeds.end_feed(session, **request, call=self.call)
        return {}
