"""Loyalty: what has a client earned? Every way in, nothing else."""

from typing import ClassVar

from sqlalchemy.orm import Session

from services.common.bus import Service, subscriber
from services.common.events import Envelope
from services.loyalty.schemas import load_appointment
from services.loyalty.use_cases import visits


class LoyaltyService(Service):
    name: ClassVar[str] = "loyalty"

    @subscriber("booking", "appointment_created")
    def record_visit(self, session: Session, event: Envelope) -> None:
        visits.record_visit(session, load_appointment(event.data), version=event.sequence)
