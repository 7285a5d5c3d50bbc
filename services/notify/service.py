"""Notify: tell people what happened. Every way in, nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from services.common.bus import Service, background, command, query, subscriber
from services.common.errors import Forbidden
from services.common.events import Envelope
from services.notify import schemas, views
from services.notify.channels import channels_for, media_for_codes
from services.notify.domain.media import Medium
from services.notify.use_cases import forgetting, messages, notices, wishes
from services.notify.use_cases.sending import Sender

Arguments = dict[str, Any]
Answer = dict[str, Any]

SPELL = timedelta(seconds=1)
"""How long messages are sent one after the other before anybody looks whether to end."""


class NotifyService(Service):
    name: ClassVar[str] = "notify"

    @subscriber("booking", "appointment_created")
    def queue_confirmation(self, session: Session, event: Envelope) -> None:
        self._queue_about_appointment(session, event)

    @subscriber("booking", "appointment_confirmed")
    def queue_approval(self, session: Session, event: Envelope) -> None:
        """Who has said themselves that they will come need not be told."""
        if event.data.get("changed_by") == "staff":
            self._queue_about_appointment(session, event)

    @subscriber("booking", "appointment_moved")
    def queue_new_time(self, session: Session, event: Envelope) -> None:
        self._queue_about_appointment(session, event)

    @subscriber("booking", "appointment_cancelled")
    def queue_cancellation(self, session: Session, event: Envelope) -> None:
        self._queue_about_appointment(session, event)

    @subscriber("booking", "waitlist_offer_made")
    def queue_offer(self, session: Session, event: Envelope) -> None:
        messages.queue_offer(
            session,
            event,
            schemas.load_offer(event.data),
            channels=channels_for(Medium.SMS, self.settings),
            now=datetime.now(UTC),
        )

    @subscriber("auth", "code_requested")
    def queue_code(self, session: Session, event: Envelope) -> None:
        messages.queue_code(
            session,
            event,
            schemas.load_code_request(event.data),
            settings=self.settings,
            now=datetime.now(UTC),
        )

    @subscriber("auth", "user_changed")
    def note_choice(self, session: Session, event: Envelope) -> None:
        wishes.note_choice(session, **schemas.load_user(event.data), version=event.sequence)

    @subscriber("auth", "user_merged")
    def note_merge(self, session: Session, event: Envelope) -> None:
        wishes.note_merge(session, **schemas.load_merge(event.data), version=event.sequence)

    @background(every=1.0)
    def send_codes(self) -> bool:
        return self._sender().send_next(is_urgent=True, spell=SPELL)

    @background(every=1.0)
    def send_letters(self) -> bool:
        """Apart from the others, which must not wait for a slow mail server."""
        sender = self._sender()
        urgent = sender.send_next(is_urgent=True, by_email=True, spell=SPELL)
        return urgent or sender.send_next(is_urgent=False, by_email=True)

    @background(every=1.0)
    def send_messages(self) -> bool:
        return self._sender().send_next(is_urgent=False, spell=SPELL)

    @background(every=600.0)
    def forget_codes(self) -> bool:
        with self.database.write() as session:
            return forgetting.forget_codes(session, now=datetime.now(UTC))

    @background(every=600.0)
    def forget_recipients(self) -> bool:
        kept_for = timedelta(days=self.settings.messages_kept_days)
        with self.database.write() as session:
            return forgetting.forget_recipients(session, kept_for=kept_for, now=datetime.now(UTC))

    @query(schemas.ListInboxSchema)
    def list_inbox(self, session: Session, arguments: Arguments) -> Answer:
        return views.list_inbox(session, **arguments)

    @command(schemas.OneMessageSchema)
    def mark_read(self, session: Session, request: Arguments) -> Answer:
        return views.show_reading(notices.mark_read(session, **request, now=self.call.now))

    @command(schemas.OwnMessagesSchema)
    def mark_all_read(self, session: Session, request: Arguments) -> Answer:
        return {"marked": notices.mark_all_read(session, **request, now=self.call.now)}

    @command(schemas.OneMessageSchema)
    def delete_message(self, session: Session, request: Arguments) -> Answer:
        notices.delete_message(session, **request, now=self.call.now)
        return {}

    @query(schemas.NothingSchema)
    def list_code_channels(self, session: Session, arguments: Arguments) -> Answer:
        return {"channels": list(media_for_codes(self.settings))}

    @query(schemas.ListSentMessagesSchema)
    def list_sent_messages(self, session: Session, arguments: Arguments) -> Answer:
        if not self.settings.is_dev:
            raise Forbidden("dev_only")
        return views.list_sent_messages(session, **arguments)

    def _queue_about_appointment(self, session: Session, event: Envelope) -> None:
        messages.queue_about_appointment(
            session,
            event,
            schemas.load_appointment(event.data),
            channels=channels_for(Medium.SMS, self.settings),
            now=datetime.now(UTC),
        )

    def _sender(self) -> Sender:
        return Sender(
            database=self.database,
            rpc=self.rpc,
            settings=self.settings,
            clock=lambda: datetime.now(UTC),
        )
