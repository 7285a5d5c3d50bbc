"""Issuing loyalty cards."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.common.outbox import announce
from services.loyalty.domain.cards import NUMBERS, card_number
from services.loyalty.events import CardIssued
from services.loyalty.models import AccountKind, Card, CardType
from services.loyalty.use_cases.ledger import open_account


def cards_of(
    session: Session, client_id: int, types: Iterable[CardType], *, now: datetime
) -> dict[int, Card]:
    """The client's card of each of these types, by the type's id; issued where there is none."""
    wanted = {one.id: one for one in types}
    cards = _find(session, client_id, wanted)
    missing = sorted(wanted.keys() - cards.keys())
    if missing:
        # Whoever issues cards of these types at the same moment waits here, then finds them.
        session.execute(
            select(CardType.id)
            .where(CardType.id.in_(missing))
            .order_by(CardType.id)
            .with_for_update(key_share=True)
        )
        cards = _find(session, client_id, wanted)
    for type_id in missing:
        if type_id not in cards:
            cards[type_id] = _issue(session, client_id, wanted[type_id], now)
    return cards


def _find(session: Session, client_id: int, type_ids: Iterable[int]) -> dict[int, Card]:
    found = session.scalars(
        select(Card).where(Card.client_id == client_id, Card.card_type_id.in_(type_ids))
    )
    return {card.card_type_id: card for card in found}


def _issue(session: Session, client_id: int, card_type: CardType, now: datetime) -> Card:
    account = open_account(
        session,
        business_id=card_type.business_id,
        kind=AccountKind.CARD,
        currency=card_type.currency,
        client_id=client_id,
        now=now,
    )
    card = Card(
        business_id=card_type.business_id,
        client_id=client_id,
        card_type=card_type,
        account_id=account.id,
        number=card_number(secrets.randbelow(NUMBERS)),
        created_at=now,
    )
    session.add(card)
    session.flush()
    announce(session, CardIssued.of(card, account))
    return card
