"""What a business rewards its clients with."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.loyalty.models import AccountKind, CardType, Programme, ProgrammeKind
from services.loyalty.use_cases.ledger import open_account


def create_card_type(session: Session, *, business_id: int, title: str, currency: str) -> CardType:
    card_type = CardType(business_id=business_id, title=title, currency=currency)
    session.add(card_type)
    session.flush()
    return card_type


def start_cashback(
    session: Session,
    card_type: CardType,
    *,
    title: str,
    percent_basis_points: int,
    now: datetime,
) -> Programme:
    """From now on, visits in the card's currency give so much of their price back.

    What a programme gives comes from an account of its own, whose balance is
    therefore what it has cost so far, as a negative amount.
    """
    account = open_account(
        session,
        business_id=card_type.business_id,
        kind=AccountKind.PROGRAMME,
        currency=card_type.currency,
        may_go_negative=True,
        now=now,
    )
    programme = Programme(
        business_id=card_type.business_id,
        card_type=card_type,
        account_id=account.id,
        title=title,
        kind=ProgrammeKind.CASHBACK_STATIC_PAID,
        percent_basis_points=percent_basis_points,
    )
    session.add(programme)
    session.flush()
    return programme
