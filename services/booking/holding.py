"""The ways in for time that is kept for somebody who has not booked yet."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.booking.schemas import HoldTimeSchema, ReleaseHoldSchema
from services.booking.use_cases import holds
from services.common.bus import Service, background, command

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
