"""Queueing messages: a handler only queues, a loop sends (``sending``).

A newer version of a subject makes the messages about older ones untrue. What
has not been sent by then is skipped, and an older version that arrives late is
queued as skipped at once: its row says why nobody was told.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from services.common.config import Settings
from services.common.db import for_dialect, wake_loop
from services.common.events import Envelope
from services.common.roundtrips import LATER
from services.notify.channels import channels_for, media_for_codes
from services.notify.domain.kinds import CODE, KINDS, template_for
from services.notify.domain.media import Medium, Way, ways_to
from services.notify.domain.wording import (
    Words,
    facts_about,
    facts_about_offer,
    fill,
    greet,
    language_of,
)
from services.notify.models import MESSAGES, NOTICES, SUBJECTS, Message
from services.notify.templates import template_of
from services.notify.use_cases.wishes import SWITCHED_OFF, is_switched_off

log = structlog.get_logger(__name__)

OUTDATED = "a newer version was announced before it was sent"
NO_CHANNEL = "none"


def queue_about_appointment(
    session: Session,
    event: Envelope,
    appointment: Mapping[str, Any],
    *,
    channels: tuple[str, ...],
    now: datetime,
) -> None:
    """Tell the client what happened to their appointment, until it begins."""
    language = language_of(appointment["locale"], appointment["location"]["language"])
    name = template_for(event.type, created_by=appointment["created_by"])
    facts = facts_about(appointment, language)
    if not facts["services"]:
        facts["services"] = template_of("visit", language).strip()
    words = fill(template_of(name, language), facts)
    until = appointment["starts_at"]
    _tell(session, event, appointment, words, language, until, channels=channels, now=now)


def queue_offer(
    session: Session,
    event: Envelope,
    offer: Mapping[str, Any],
    *,
    channels: tuple[str, ...],
    now: datetime,
) -> None:
    """Tell somebody who waits that a time is kept for them, as long as it is."""
    language = language_of(offer["locale"], offer["location"]["language"])
    words = fill(template_of(event.type, language), facts_about_offer(offer, language))
    until = offer["expires_at"]
    _tell(session, event, offer, words, language, until, channels=channels, now=now)


def queue_code(
    session: Session,
    event: Envelope,
    request: Mapping[str, Any],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    """Queue a code, once per time it was asked for; its text is asked from auth when it is sent.

    It goes the way that was asked for, or else the first that there is; the others
    are kept in case that one fails for good.
    """
    is_newest = _note_version(session, event, now=now)
    ways = _ways_for(request, settings)
    if not ways:
        return
    first, *others = ways
    message = {
        "kind": CODE,
        "medium": first.medium,
        "recipient": first.recipient,
        "other_ways": [[way.medium, way.recipient] for way in others],
        "language": language_of(request["locale"]),
        "is_urgent": True,
        "title": "",
        "stale_at": request["expires_at"],
    }
    channels = channels_for(first.medium, settings)
    _queue(session, event, message, channels=channels, is_newest=is_newest, now=now)


def count_due(session: Session) -> int:
    """How many messages are still to be sent, now or later."""
    due = select(func.count()).where(Message.next_attempt_at.is_not(None))
    return session.scalar(due.select_from(Message)) or 0


@for_dialect
def _first_version(insert: Any) -> Any:
    """What is new has no older messages either."""
    return insert(SUBJECTS).on_conflict_do_nothing().returning(SUBJECTS.c.version)


@for_dialect
def _newest_version(insert: Any) -> Any:
    known = insert(SUBJECTS)
    told, stored = known.excluded.version, SUBJECTS.c.version
    newer = case((stored < told, told), else_=stored)
    return known.on_conflict_do_update(index_elements=["name"], set_={"version": newer}).returning(
        stored
    )


@for_dialect
def _message(insert: Any) -> Any:
    return insert(MESSAGES).inline().on_conflict_do_nothing().execution_options(**LATER)


@for_dialect
def _notice(insert: Any) -> Any:
    return insert(NOTICES).inline().on_conflict_do_nothing().execution_options(**LATER)


def _tell(
    session: Session,
    event: Envelope,
    about: Mapping[str, Any],
    words: Words,
    language: str,
    stale_at: datetime,
    *,
    channels: tuple[str, ...],
    now: datetime,
) -> None:
    """Tell the client what happened, once per version: by message, and in their list.

    Who has switched messages off finds it in the list alone.
    Nobody is told about what was over when it happened, such as an old visit
    that the staff enter or tidy away, nor about what is silent, such as an import.
    """
    is_newest = _note_version(session, event, now=now)
    if about["client_id"] is None or about.get("is_silent") or event.time >= stale_at:
        return
    _note(session, event, about, words, language)
    contact = about["contact"]
    if contact is None or not contact["phone"]:
        return
    message = {
        "business_id": about["business_id"],
        "client_id": about["client_id"],
        "user_id": about["user_id"],
        "kind": event.type,
        "medium": Medium.SMS,
        "recipient": contact["phone"],
        "language": language,
        "title": words.title,
        "body": greet(template_of("greeting", language), contact["name"], words.text),
        "is_urgent": False,
        "other_ways": [],
        "stale_at": stale_at,
    }
    _queue(session, event, message, channels=channels, is_newest=is_newest, now=now)


def _note_version(session: Session, event: Envelope, *, now: datetime) -> bool:
    """Remember the subject's newest version, skip what is older; whether the event has it.

    Events of one subject wait for each other here until the transaction ends.
    """
    heard = {"name": event.subject, "version": event.sequence}
    if session.scalar(_first_version(session), heard) is not None:
        return True
    newest: int | None = session.scalar(_newest_version(session), heard)
    session.execute(
        update(Message)
        .where(
            Message.subject == event.subject,
            Message.version < event.sequence,
            Message.next_attempt_at.is_not(None),
        )
        .values(skipped_at=now, next_attempt_at=None, reason=OUTDATED)
    )
    return newest == event.sequence


def _queue(
    session: Session,
    event: Envelope,
    message: Mapping[str, Any],
    *,
    channels: tuple[str, ...],
    is_newest: bool,
    now: datetime,
) -> None:
    """Write the message once for every channel; a row that nobody will send says why."""
    state: dict[str, Any] = {"next_attempt_at": now}
    if not is_newest:
        state = {"skipped_at": now, "reason": OUTDATED}
    elif is_switched_off(session, message.get("user_id")):
        state = {"skipped_at": now, "reason": SWITCHED_OFF}
    elif not channels:
        state = {"failed_at": now, "reason": "this installation has no channel"}
        log.warning("no_channel", kind=message["kind"], subject=event.subject)
    about = {"subject": event.subject, "version": event.sequence, "created_at": now}
    add_messages(session, channels or (NO_CHANNEL,), **message, **about, **state)


def add_messages(session: Session, channels: Iterable[str], **message: Any) -> None:
    """Write the message once for each channel, unless it is there already."""
    new = {"attempts": 0, "unsettled": 0, **message}
    session.execute(_message(session), [new | {"channel": channel} for channel in channels])
    if message["medium"] is Medium.EMAIL:
        wake_loop(session, "send_letters")
    else:
        wake_loop(session, "send_codes" if message["is_urgent"] else "send_messages")


def _ways_for(request: Mapping[str, Any], settings: Settings) -> list[Way]:
    """The ways of a code to somebody's phone; what is for an e-mail address has only one."""
    contact = request["contact"]
    if not contact["phone"]:
        return ways_to(contact, wanted=Medium.EMAIL, order=[Medium.EMAIL])
    ways = ways_to(contact, wanted=request["medium"], order=media_for_codes(settings))
    return ways or [Way(Medium.SMS, contact["phone"])]


def _note(
    session: Session,
    event: Envelope,
    about: Mapping[str, Any],
    words: Words,
    language: str,
) -> None:
    """Add to the client's list what happened; it has its place there however late it arrives."""
    kind = KINDS[event.type]
    session.execute(
        _notice(session),
        {
            "business_id": about["business_id"],
            "client_id": about["client_id"],
            "subject": event.subject,
            "version": event.sequence,
            "kind": event.type,
            "category": kind.category,
            "action": kind.action,
            "language": language,
            "title": words.title,
            "body": words.text,
            "appointment_id": about.get("appointment_id"),
            "happened_at": event.time,
        },
    )
