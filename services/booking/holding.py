"""The ways in for time that is kept for somebody who has not booked yet: holds and waitlists."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.booking.models import WaitlistEntry
from services.booking.schemas import HoldTimeSchema, NothingSchema, ReleaseHoldSchema
from services.booking.schemas.waitlist import (
    AcceptOfferSchema,
    EntryAtSchema,
    JoinWaitlistSchema,
    ListWaitlistSchema,
    OwnEntrySchema,
)
from services.booking.use_cases import holds, waitlist, waitlist_offers
from services.booking.views import waitlist as views
from services.common.bus import Service, background, command, query

Arguments = dict[str, Any]
Answer = dict[str, Any]


class Holding(Service):
    @command(HoldTimeSchema, is_stored=False)
    def hold_time(self, session: Session, request: Arguments) -> Answer:
        return holds.hold_time(session, **request, call=self.call, settings=self.settings)

    @command(ReleaseHoldSchema)
    def release_hold(self, session: Session, request: Arguments) -> Answer:
        holds.release_hold(session, **request, call=self.call)
        return {}

    @background(every=10.0)
    def forget_holds(self) -> bool:
        with self.database.write() as session:
            return holds.forget_holds(session, now=datetime.now(UTC))

    @query(NothingSchema)
    def list_own_waitlist(self, session: Session, arguments: Arguments) -> Answer:
        return views.list_own_waitlist(session, **arguments, call=self.call)

    @query(ListWaitlistSchema)
    def list_waitlist(self, session: Session, arguments: Arguments) -> Answer:
        return views.list_waitlist(session, **arguments, call=self.call)

    @command(JoinWaitlistSchema)
    def join_waitlist(self, session: Session, request: Arguments) -> Answer:
        return self._entry(session, waitlist.join_waitlist(session, **request, call=self.call))

    @command(OwnEntrySchema)
    def leave_waitlist(self, session: Session, request: Arguments) -> Answer:
        waitlist.leave_waitlist(session, **request, call=self.call)
        return {}

    @command(EntryAtSchema)
    def remove_from_waitlist(self, session: Session, request: Arguments) -> Answer:
        waitlist.remove_from_waitlist(session, **request, call=self.call)
        return {}

    @command(AcceptOfferSchema)
    def accept_offer(self, session: Session, request: Arguments) -> Answer:
        [(handle, one)] = waitlist.accept_offer(session, **request, call=self.call)
        return {"handle": handle, "appointment_id": one.id, "hash": one.hash}

    @command(OwnEntrySchema)
    def decline_offer(self, session: Session, request: Arguments) -> Answer:
        return self._entry(session, waitlist.decline_offer(session, **request, call=self.call))

    @background(every=10.0)
    def expire_offers(self) -> bool:
        with self.database.write() as session:
            return waitlist_offers.expire_offers(session, now=datetime.now(UTC))

    @background(every=5.0)
    def offer_free_time(self) -> bool:
        lasts = timedelta(seconds=self.settings.waitlist_offer_seconds)
        with self.database.write() as session:
            return waitlist_offers.offer_free_time(session, lasts=lasts, now=datetime.now(UTC))

    def _entry(self, session: Session, entry: WaitlistEntry) -> Answer:
        session.flush()
        session.refresh(entry, ["location"])
        [shown] = views.show_entries(session, [entry], self.call)
        return shown
