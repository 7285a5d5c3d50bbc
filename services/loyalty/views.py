"""What loyalty shows of cards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from services.loyalty.domain.cashback import CAME
from services.loyalty.models import Card, CardType, Programme, VisitRecord


class Totals(NamedTuple):
    """What a card's client has done at its business so far."""

    visits_count: int = 0
    sold_minor: int = 0


def list_cards(
    session: Session, *, client_ids: Sequence[int], business_id: int | None
) -> dict[str, Any]:
    """The cards of these clients, with their balances and the programmes by which they earn."""
    cards = _cards(session, client_ids, business_id)
    totals = _totals(session, cards)
    programmes = _programmes(session, cards)
    return {
        "cards": [
            _show(card, totals.get(card.id, Totals()), programmes[card.card_type_id])
            for card in cards
        ]
    }


def _cards(session: Session, client_ids: Sequence[int], business_id: int | None) -> Sequence[Card]:
    chosen = (
        select(Card)
        .where(Card.client_id.in_(client_ids))
        .order_by(Card.id)
        .options(joinedload(Card.card_type), joinedload(Card.account))
    )
    if business_id is not None:
        chosen = chosen.where(Card.business_id == business_id)
    return session.scalars(chosen).all()


def _totals(session: Session, cards: Iterable[Card]) -> dict[int, Totals]:
    """By card: how often its client came, and for how much in the card's currency."""
    price = case((VisitRecord.currency == CardType.currency, VisitRecord.price_minor), else_=0)
    theirs = and_(
        VisitRecord.business_id == Card.business_id,
        VisitRecord.client_id == Card.client_id,
        VisitRecord.attendance == CAME,
        ~VisitRecord.is_cancelled,
    )
    sums = session.execute(
        select(Card.id, func.count(VisitRecord.visit_id.distinct()), func.sum(price))
        .join(CardType, CardType.id == Card.card_type_id)
        .join(VisitRecord, theirs)
        .where(Card.id.in_([card.id for card in cards]))
        .group_by(Card.id)
    )
    return {card_id: Totals(count, int(sold)) for card_id, count, sold in sums}


def _programmes(session: Session, cards: Iterable[Card]) -> dict[int, list[Programme]]:
    """The active programmes by the type of card that they feed."""
    found: dict[int, list[Programme]] = defaultdict(list)
    type_ids = {card.card_type_id for card in cards}
    for programme in session.scalars(
        select(Programme)
        .where(Programme.card_type_id.in_(type_ids), Programme.is_active)
        .order_by(Programme.id)
    ):
        found[programme.card_type_id].append(programme)
    return found


def _show(card: Card, totals: Totals, programmes: list[Programme]) -> dict[str, Any]:
    """A card. What was sold counts as paid, for no payments are kept here so far.

    What the business is called is booking's to say.
    """
    return {
        "id": card.id,
        "number": card.number,
        "balance_minor": card.account.balance_minor,
        "currency": card.card_type.currency,
        "points": 0,
        "paid_minor": totals.sold_minor,
        "sold_minor": totals.sold_minor,
        "visits_count": totals.visits_count,
        "type": {"id": card.card_type.id, "title": card.card_type.title},
        "business": {"id": card.business_id, "title": None},
        "programmes": [
            {
                "id": programme.id,
                "title": programme.title,
                "kind": programme.kind,
                "percent_basis_points": programme.percent_basis_points,
            }
            for programme in programmes
        ],
    }
