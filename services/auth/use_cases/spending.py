"""Deciding whether a code may be sent, and remembering what was decided.

Counters are locked in one order (phone, address, device, prefix, business), those
that many share last and for the shortest time: so requests wait, but never for
each other.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.auth.domain import destinations
from services.auth.domain.budgets import (
    Budgets,
    Decision,
    Origin,
    hour_of,
    seconds_left_of_hour,
)
from services.auth.domain.destinations import Breaker, prefix_of
from services.auth.domain.limits import Limit
from services.auth.models import CodeDecision, Destination, Spending
from services.auth.models.spending import NO_BUSINESS
from services.auth.use_cases import throttles
from services.common.config import Settings
from services.common.db import insert_into
from services.common.errors import Refusal

log = structlog.get_logger(__name__)

ADDRESS, DEVICE = "code_address", "code_device"
KEPT_FOR = timedelta(days=90)
BY_EMAIL = "email"
"""Where a prefix would stand, of codes that go to no phone."""


def budgets_of(settings: Settings) -> Budgets | None:
    """What may be spent on codes here; None in development, where nothing costs anything."""
    if settings.is_dev:
        return None
    return Budgets(
        per_business=settings.codes_per_business,
        per_address=settings.codes_per_address,
        per_device=settings.codes_per_device,
        breaker=Breaker(
            unused=settings.codes_unused_per_prefix,
            pause=timedelta(seconds=settings.codes_pause_seconds),
        ),
    )


class Declined(Exception):
    """No code is sent, for that reason; perhaps in so many seconds."""

    def __init__(self, decision: Decision, seconds: float) -> None:
        super().__init__(decision)
        self.decision, self.seconds = decision, seconds


@dataclass(frozen=True)
class Request:
    """Who wants a code sent to which number, as far as it is counted."""

    recipient: str
    origin: Origin

    @property
    def is_to_phone(self) -> bool:
        return self.recipient.startswith("+")


def spend(session: Session, request: Request, budgets: Budgets, *, now: datetime) -> None:
    """Count one code that is about to be sent, or Declined when there is no budget for it."""
    origin = request.origin
    if origin.address is not None:
        _take(session, ADDRESS, origin.address, budgets.at_address, Decision.ADDRESS, now)
        if origin.device is not None:
            device = f"{origin.address} {origin.device}"
            _take(session, DEVICE, device, budgets.at_device, Decision.DEVICE, now)
    if request.is_to_phone:
        is_known = _send_to(session, prefix_of(request.recipient), budgets, now)
        _charge(session, origin.business_id, budgets, is_known=is_known, now=now)


def note_use(session: Session, phone: str, *, now: datetime) -> None:
    """A code to this phone was used: people are there."""
    prefix = prefix_of(phone)
    found = _destination(session, prefix, now)
    _keep(session, prefix, found.with_used(now))


def note_decision(session: Session, request: Request, decision: Decision, *, now: datetime) -> None:
    """Count what was decided, and log it without the number."""
    prefix = prefix_of(request.recipient) if request.is_to_phone else BY_EMAIL
    counted = insert_into(session, CodeDecision).values(
        hour=hour_of(now),
        business_id=request.origin.business_id or NO_BUSINESS,
        prefix=prefix,
        decision=decision.value,
        count=1,
    )
    session.execute(
        counted.on_conflict_do_update(
            index_elements=["hour", "business_id", "prefix", "decision"],
            set_={"count": CodeDecision.count + 1},
        )
    )
    log.info(
        "code_decision",
        decision=decision.value,
        prefix=prefix,
        business_id=request.origin.business_id,
    )


def note_refusal(
    session: Session, recipient: str, origin: Origin, refusal: Refusal, *, now: datetime
) -> None:
    """Count why no code was sent, where that is what was refused."""
    if isinstance(refusal.__cause__, Declined):
        note_decision(session, Request(recipient, origin), refusal.__cause__.decision, now=now)


def list_decisions(session: Session, *, since: datetime) -> Sequence[CodeDecision]:
    """What was decided since then, the newest hour first."""
    key = (CodeDecision.business_id, CodeDecision.prefix, CodeDecision.decision)
    wanted = select(CodeDecision).where(CodeDecision.hour >= hour_of(since))
    return session.scalars(wanted.order_by(CodeDecision.hour.desc(), *key)).all()


def list_paused(session: Session, *, now: datetime) -> Sequence[Destination]:
    """Prefixes to which nothing is sent at this moment."""
    wanted = select(Destination).where(Destination.paused_until > now)
    return session.scalars(wanted.order_by(Destination.prefix)).all()


def forget_old(session: Session, *, now: datetime) -> None:
    for table in (CodeDecision, Spending):
        session.execute(delete(table).where(table.hour < now - KEPT_FOR))


def _take(
    session: Session, kind: str, subject: str, limit: Limit, decision: Decision, now: datetime
) -> None:
    if seconds := throttles.count(session, kind, subject, limit, now=now):
        raise Declined(decision, seconds)


def _send_to(session: Session, prefix: str, budgets: Budgets, now: datetime) -> bool:
    """Count a code to this prefix; whether people are known to be there."""
    found = _destination(session, prefix, now)
    if seconds := found.seconds_to_wait(budgets.breaker, now):
        raise Declined(Decision.PREFIX, seconds)
    _keep(session, prefix, found.with_sent(budgets.breaker, now))
    return found.is_known(now)


def _charge(
    session: Session, business_id: int | None, budgets: Budgets, *, is_known: bool, now: datetime
) -> None:
    spent = insert_into(session, Spending).values(
        business_id=business_id or NO_BUSINESS,
        hour=hour_of(now),
        sent=1,
        to_strangers=0 if is_known else 1,
    )
    sent, to_strangers = session.execute(
        spent.on_conflict_do_update(
            index_elements=["business_id", "hour"],
            set_={
                "sent": Spending.sent + 1,
                "to_strangers": Spending.to_strangers + spent.excluded.to_strangers,
            },
        ).returning(Spending.sent, Spending.to_strangers)
    ).one()
    if sent > budgets.per_business:
        raise Declined(Decision.BUSINESS, seconds_left_of_hour(now))
    if not is_known and to_strangers > budgets.for_strangers:
        raise Declined(Decision.STRANGERS, seconds_left_of_hour(now))


def _destination(session: Session, prefix: str, now: datetime) -> destinations.Destination:
    """The prefix, locked: made if there is none, and locked in either case, in one statement."""
    added = insert_into(session, Destination).values(prefix=prefix, since=now, sent=0, used=0)
    columns = Destination.__table__.columns
    row = session.execute(
        added.on_conflict_do_update(
            index_elements=["prefix"], set_={"prefix": added.excluded.prefix}
        ).returning(*(column for column in columns if column.name != "prefix"))
    ).one()
    facts: dict[str, Any] = row._asdict()
    return destinations.Destination(**facts)


def _keep(session: Session, prefix: str, changed: destinations.Destination) -> None:
    session.execute(
        update(Destination).where(Destination.prefix == prefix).values(**asdict(changed))
    )
