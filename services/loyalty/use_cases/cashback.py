"""Giving cashback for a visit, and taking it back.

A visit is not accounted for step by step. What it should have earned as it now
stands is compared with what is booked for it, and the difference is moved: so
it does not matter which of its events came, how often and in which order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from services.common.outbox import announce
from services.loyalty.domain.cashback import Earning, cashback
from services.loyalty.domain.ledger import Reason, Way, differences, obtainable
from services.loyalty.events import BalanceChanged
from services.loyalty.models import Account, Card, Programme, Transfer
from services.loyalty.use_cases.cards import cards_of
from services.loyalty.use_cases.ledger import lock_accounts, moved_about, post

log = structlog.get_logger(__name__)


def settle_cashback(
    session: Session,
    *,
    business_id: int,
    subject: str,
    version: int,
    earning: Earning | None,
    now: datetime,
) -> None:
    """Bring what is booked for the subject to what it earns at this version.

    The caller holds the subject's lock and comes once per version. An account
    that may not go below zero gives back what it has; the rest stays booked.
    """
    booked = moved_about(session, subject, forth=Reason.CASHBACK, back=Reason.CASHBACK_TAKEN_BACK)
    programmes = _programmes(session, business_id, booked)
    changes = differences(booked, _wanted(session, earning, programmes, now))
    accounts = lock_accounts(session, _ends(changes))
    cards = _cards_by_account(session, accounts)
    for way, change in changes.items():
        key = f"{subject}@{version}/{way.giver_id}-{way.taker_id}"
        giver, card = accounts[way.giver_id], accounts[way.taker_id]
        transfer = _move(session, key, subject, giver, card, change, now)
        if transfer is not None:
            announce(session, BalanceChanged.of(cards[card.id], card, transfer))


def _programmes(
    session: Session, business_id: int, booked: Mapping[Way, int]
) -> Sequence[Programme]:
    """Those that are active, and those that once gave something for this visit."""
    gave = {way.giver_id for way in booked}
    return session.scalars(
        select(Programme)
        .where(
            Programme.business_id == business_id,
            or_(Programme.is_active, Programme.account_id.in_(gave)),
        )
        .order_by(Programme.id)
        .options(joinedload(Programme.card_type))
    ).all()


def _wanted(
    session: Session, earning: Earning | None, programmes: Iterable[Programme], now: datetime
) -> dict[Way, int]:
    """What each programme gives for this, in the card's own currency only."""
    if earning is None:
        return {}
    gives = {
        programme: amount
        for programme in programmes
        if programme.card_type.currency == earning.currency
        and (amount := cashback(earning.price_minor, programme.percent_basis_points))
    }
    types = {programme.card_type for programme in gives}
    cards = cards_of(session, earning.client_id, types, now=now)
    return {
        Way(programme.account_id, cards[programme.card_type_id].account_id): amount
        for programme, amount in gives.items()
    }


def _ends(ways: Iterable[Way]) -> set[int]:
    return {account for way in ways for account in (way.giver_id, way.taker_id)}


def _cards_by_account(session: Session, account_ids: Iterable[int]) -> dict[int, Card]:
    found = session.scalars(
        select(Card).where(Card.account_id.in_(account_ids)).options(joinedload(Card.card_type))
    )
    return {card.account_id: card for card in found}


def _move(
    session: Session,
    key: str,
    subject: str,
    giver: Account,
    card: Account,
    change: int,
    now: datetime,
) -> Transfer | None:
    """Give, or take back as much as the card has; None when it has nothing."""
    debit, credit, reason = giver, card, Reason.CASHBACK
    amount = change
    if change < 0:
        debit, credit, reason = card, giver, Reason.CASHBACK_TAKEN_BACK
        amount = obtainable(
            -change, balance_minor=card.balance_minor, may_go_negative=card.may_go_negative
        )
        if amount < -change:
            log.warning("cashback_was_spent", subject=subject, missing_minor=-change - amount)
    if not amount:
        return None
    return post(
        session,
        key=key,
        debit=debit,
        credit=credit,
        amount_minor=amount,
        reason=reason,
        subject=subject,
        now=now,
    )
