"""Idempotent commands: one effect and one answer for each command id.

The id, a fingerprint of the request and the answer are stored in the
transaction of the effect. A refusal rolls everything back, so it is not
stored and the same id may be tried again. The semantics are those of the
Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-07), except
that failures are not replayed.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, String, Table, bindparam, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from services.common.db import (
    LOCK_NOT_AVAILABLE,
    QUERY_CANCELED,
    Json,
    UTCDateTime,
    chassis,
    for_dialect,
    sqlstate,
)
from services.common.errors import Conflict, Invalid
from services.common.roundtrips import LATER

KEPT_FOR = timedelta(hours=24)
DOUBLE_CLICK = timedelta(seconds=60)
IN_PROGRESS = "command_in_progress"

commands = Table(
    "commands",
    chassis,
    Column("id", String(320), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", Json),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Index("ix_commands_expires_at", "expires_at"),
)


@for_dialect
def _taking(insert: Any) -> Any:
    """Insert the id, or take over an expired one: one statement, so one winner."""
    new = insert(commands)
    values = {
        name: new.excluded[name] for name in ("fingerprint", "answer", "created_at", "expires_at")
    }
    return new.on_conflict_do_update(
        index_elements=["id"], set_=values, where=commands.c.expires_at <= new.excluded.created_at
    ).returning(commands.c.id)


_ANSWERING = (
    update(commands).where(commands.c.id == bindparam("command_id")).execution_options(**LATER)
)


def fingerprint_of(name: str, request: Any) -> str:
    """The same text for the same command with the same request, whatever its key order."""
    told = json.dumps([name, request], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def claim(
    session: Session,
    command_id: str,
    fingerprint: str,
    *,
    now: datetime,
    kept_for: timedelta = KEPT_FOR,
) -> dict[str, Any] | None:
    """Take this command id (None), or give back {"result": the answer it got before}.

    A twin that is still at work is waited for, as long as the transaction lets
    locks be waited for. Refused with ``command_in_progress`` when it does not
    finish by then and with ``idempotency_key_reused`` when the id came with
    another request before.
    """
    if _take(session, command_id, fingerprint, now, kept_for):
        return None
    earlier = session.execute(
        select(commands.c.fingerprint, commands.c.answer).where(commands.c.id == command_id)
    ).first()
    if earlier is None:  # undone between our two looks
        raise Conflict(IN_PROGRESS)
    if earlier.fingerprint != fingerprint:
        raise Invalid("idempotency_key_reused", fields={"Idempotency-Key": "used before"})
    return {"result": earlier.answer}


def _take(
    session: Session,
    command_id: str,
    fingerprint: str,
    now: datetime,
    kept_for: timedelta,
) -> bool:
    values = {
        "id": command_id,
        "fingerprint": fingerprint,
        "answer": None,
        "created_at": now,
        "expires_at": now + kept_for,
    }
    try:
        return session.scalar(_taking(session), values) is not None
    except OperationalError as error:
        if sqlstate(error) in (LOCK_NOT_AVAILABLE, QUERY_CANCELED):
            raise Conflict(IN_PROGRESS) from error
        raise


def store_answer(session: Session, command_id: str, answer: Any) -> None:
    session.execute(_ANSWERING, {"command_id": command_id, "answer": answer})


def forget(session: Session, command_id: str) -> None:
    """Let this id be used anew, because what it did has been undone."""
    session.execute(delete(commands).where(commands.c.id == command_id))


def forget_expired(session: Session, *, now: datetime) -> None:
    session.execute(delete(commands).where(commands.c.expires_at <= now))
