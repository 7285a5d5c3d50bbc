"""Sending messages that are due, at most one attempt at a time each.

An attempt is settled before it is made: the row already says that it was begun
and when the next one would follow. So a crash costs one attempt, leaves no
message "in progress" for ever, and leaves a trace: ``unsettled`` attempts may or
may not have arrived. Where a channel cannot tell, that is all anybody can know.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session

from services.common.config import Settings
from services.common.db import Database
from services.common.inbox import reason_of
from services.common.roundtrips import LATER
from services.common.rpc.client import RpcClient
from services.notify.channels import open_channel
from services.notify.channels.failures import Undeliverable
from services.notify.domain.media import Medium
from services.notify.domain.outgoing import Outgoing
from services.notify.domain.retries import PATIENT_FAILURES, delay_after
from services.notify.domain.wording import Words
from services.notify.models import MESSAGES, Message
from services.notify.use_cases.codes import Untrue, code_words_of
from services.notify.use_cases.failover import lock_subject, try_next_way
from services.notify.use_cases.wishes import SWITCHED_OFF, is_switched_off

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=10)
"""How long an attempt may last before another process takes the message over."""

UNSETTLED = "an attempt was begun and not finished: it may have arrived"
TWICE = "an earlier attempt was not finished: it may have arrived twice"
OVER = "it was over before it could be sent"


End = Callable[[Session], None]
"""What is to be written down when an attempt has ended."""


def _nothing(session: Session) -> None:
    """Of a message that was over nothing more is to be said."""


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What it takes to send: where messages wait, who knows codes, the ways out, the time."""

    database: Database
    rpc: RpcClient
    settings: Settings
    clock: Callable[[], datetime]

    def send_next(
        self, *, is_urgent: bool, by_email: bool = False, spell: timedelta = timedelta(0)
    ) -> bool:
        """Send the most overdue message of its queue; whether there may be more.

        So goes on for a ``spell``. How an attempt ended is written down in the
        transaction that begins the next one. A failure stops no other message.
        """
        over_at = self.clock() + spell
        end: End | None = None
        while True:
            with self.database.write() as session:
                if end is not None:
                    end(session)
                    if self.clock() >= over_at:
                        return True
                message = _claim(
                    session,
                    is_urgent=is_urgent,
                    by_email=by_email,
                    lease=self.lease,
                    now=self.clock(),
                )
            if message is None:
                return False
            end = self._attempt(message) if message.skipped_at is None else _nothing

    @property
    def lease(self) -> timedelta:
        """Longer than asking for a code can take."""
        return LEASE + timedelta(seconds=self.settings.rpc_timeout_seconds)

    def _attempt(self, message: Message) -> End:
        """Make the attempt; what is to be written down about it."""
        try:
            words = self._words_of(message)
            self._send(message, words)
        except Untrue as untrue:
            reason = str(untrue)
            return self._end(message, lambda stored, now: _skip(stored, reason, now))
        except Undeliverable as error:
            reason = _reason(message, error)
            log.warning("message_undeliverable", message_id=message.id, kind=message.kind)
            return self._end(message, lambda stored, now: _give_up(stored, message, reason, now))
        except Exception as error:
            reason = _reason(message, error)
            log.warning(
                "message_not_sent",
                message_id=message.id,
                kind=message.kind,
                attempts=message.attempts,
                error=type(error).__name__,
            )
            return self._end(message, lambda stored, now: _postpone(stored, message, reason, now))
        kept = words if self.settings.is_dev else Words(message.title, message.body or "")
        return lambda session: _finish(session, message, kept, self.clock())

    def _words_of(self, message: Message) -> Words:
        if message.body is not None:
            return Words(message.title, message.body)
        words = code_words_of(message, self.rpc, settings=self.settings, now=self.clock())
        self._check(message)
        return words

    def _send(self, message: Message, words: Words) -> None:
        """Hand it to its channel, of which not too much is expected if there is another way."""
        try:
            send = open_channel(message.channel, message.medium, self.settings)
            send(_outgoing(message, words))
        except Undeliverable:
            raise
        except Exception as error:
            if message.other_ways and message.attempts >= PATIENT_FAILURES:
                raise Undeliverable(f"it failed {message.attempts} times") from error
            raise

    def _check(self, message: Message) -> None:
        """Untrue when, while the text was made, the message was over, outdated or taken over."""
        if message.stale_at <= self.clock():
            raise Untrue(OVER)
        with self.database.read() as session:
            stored = session.get_one(Message, message.id)
        if stored.skipped_at is not None:
            raise Untrue(stored.reason or OVER)
        if stored.attempts != message.attempts:
            raise TimeoutError("the attempt took so long that another has begun")

    def _end(self, message: Message, settle: Callable[[Message, datetime], None]) -> End:
        """An attempt that was not successful: what to write down, and perhaps another way."""

        def end(session: Session) -> None:
            if message.other_ways:
                lock_subject(session, message)
            stored = session.get_one(Message, message.id, with_for_update=True)
            stored.unsettled -= 1
            settle(stored, self.clock())
            if stored.failed_at is not None and message.other_ways:
                try_next_way(session, stored, self.settings, now=self.clock())

        return end


_DUE = (
    select(Message)
    .where(
        Message.is_urgent == bindparam("is_urgent"),
        (Message.medium == Medium.EMAIL) == bindparam("by_email"),
        Message.next_attempt_at <= bindparam("now"),
    )
    .order_by(Message.next_attempt_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _claim(
    session: Session, *, is_urgent: bool, by_email: bool, lease: timedelta, now: datetime
) -> Message | None:
    """Take the next due message and write down at once that an attempt was begun."""
    queue = {"is_urgent": is_urgent, "by_email": by_email, "now": now}
    message: Message | None = session.scalar(_DUE, queue)
    if message is None:
        return None
    if message.stale_at <= now:
        _skip(message, f"{OVER} ({message.reason})" if message.reason else OVER, now)
        return message
    if is_switched_off(session, message.user_id):
        _skip(message, SWITCHED_OFF, now)
        return message
    message.attempts += 1
    message.unsettled += 1
    message.reason = UNSETTLED
    if delay_after(message.attempts, is_urgent=is_urgent) is None:
        message.next_attempt_at, message.failed_at = None, now
    else:
        message.next_attempt_at = now + lease
    return message


def _outgoing(message: Message, words: Words) -> Outgoing:
    assert message.recipient is not None  # what is due has one
    facts = (message.subject, message.version, message.created_at.isoformat())
    return Outgoing(
        message_id=message.id,
        reference=hashlib.sha256(repr(facts).encode()).hexdigest()[:16],
        kind=message.kind,
        medium=message.medium,
        recipient=message.recipient,
        language=message.language,
        title=words.title,
        text=words.text,
    )


def _skip(message: Message, reason: str, now: datetime) -> None:
    if message.sent_at is None and message.skipped_at is None:
        message.next_attempt_at = message.failed_at = None
        message.skipped_at, message.reason = now, reason


_FINISHING = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message_id"))
    .values(
        unsettled=MESSAGES.c.unsettled - 1,
        next_attempt_at=None,
        failed_at=None,
        skipped_at=None,
        sent_at=func.coalesce(MESSAGES.c.sent_at, bindparam("now")),
        reason=case((MESSAGES.c.unsettled > 1, TWICE)),
    )
    .execution_options(**LATER)
)


def _finish(session: Session, message: Message, kept: Words, now: datetime) -> None:
    """Its attempt has succeeded, whatever else has become of the message meanwhile."""
    if message.other_ways:
        lock_subject(session, message)
    told = {"title": kept.title, "body": kept.text or None}
    session.execute(_FINISHING, {"message_id": message.id, "now": now, **told})


def _postpone(stored: Message, begun: Message, reason: str, now: datetime) -> None:
    """Try again after a while, unless the message's fate is in other hands by now."""
    if stored.sent_at or stored.skipped_at or stored.attempts != begun.attempts:
        return
    stored.reason = reason
    delay = delay_after(stored.attempts, is_urgent=stored.is_urgent)
    if delay is not None:
        stored.next_attempt_at = now + delay


def _give_up(stored: Message, begun: Message, reason: str, now: datetime) -> None:
    """It has failed for good, unless its fate is in other hands by now."""
    if stored.sent_at or stored.skipped_at or stored.attempts != begun.attempts:
        return
    stored.next_attempt_at, stored.failed_at, stored.reason = None, now, reason


def _reason(message: Message, error: Exception) -> str:
    """What an operator needs to know; of a secret message nothing that might quote it."""
    if isinstance(error, Undeliverable) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    return type(error).__name__ if message.is_urgent else reason_of(error)
