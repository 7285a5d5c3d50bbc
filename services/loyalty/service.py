"""Loyalty: what has a client earned? Every way in, nothing else."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from services.common.bus import Service, query, subscriber
from services.common.events import Envelope
from services.loyalty import schemas, views
from services.loyalty.use_cases import visits


class LoyaltyService(Service):
    name: ClassVar[str] = "loyalty"

    # An appointment may earn, or lose what it earned, with any change. Each of its events is a
    # snapshot, so all are taken in alike.

    @subscriber("booking", "appointment_created")
    def record_visit(self, session: Session, event: Envelope) -> None:
        take_in(session, event)

    @subscriber("booking", "appointment_moved")
    def record_move(self, session: Session, event: Envelope) -> None:
        take_in(session, event)

    @subscriber("booking", "appointment_changed")
    def record_change(self, session: Session, event: Envelope) -> None:
        take_in(session, event)

    @subscriber("booking", "appointment_confirmed")
    def record_confirmation(self, session: Session, event: Envelope) -> None:
        take_in(session, event)

    @subscriber("booking", "appointment_cancelled")
    def record_cancellation(self, session: Session, event: Envelope) -> None:
        take_in(session, event)

    @subscriber("booking", "attendance_marked")
    def settle_attendance(self, session: Session, event: Envelope) -> None:
        take_in(session, event)

    @query(schemas.ListCardsSchema)
    def list_cards(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        return views.list_cards(session, **arguments)


def take_in(session: Session, event: Envelope) -> None:
    """Keep up with the appointment, and settle what it earns."""
    appointment = schemas.load_appointment(event.data)
    visits.record_visit(session, appointment, version=event.sequence, now=datetime.now(UTC))
