"""Notify: tell people what happened. Every way in, nothing else."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from services.common.bus import Service, background, query, subscriber
from services.common.errors import Forbidden
from services.common.events import Envelope
from services.notify import schemas, views
from services.notify.use_cases import messages


class NotifyService(Service):
    name: ClassVar[str] = "notify"

    @subscriber("booking", "appointment_created")
    def queue_confirmation(self, session: Session, event: Envelope) -> None:
        appointment = schemas.load_appointment(event.data)
        messages.queue_about_appointment(session, event, appointment, now=datetime.now(UTC))

    @background(every=1.0)
    def send_messages(self) -> bool:
        return messages.send_next(self.database, is_dev=self.settings.is_dev, now=datetime.now(UTC))

    @query(schemas.ListSentMessagesSchema)
    def list_sent_messages(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        if not self.settings.is_dev:
            raise Forbidden("dev_only")
        return views.list_sent_messages(session, **arguments)
