"""What the demo chain rewards its clients with: a card, and 5 % cashback, in each currency."""

from datetime import datetime

from sqlalchemy import select

from deploy.demo_chain import CHAIN
from services.common.config import Settings
from services.common.db import Database
from services.loyalty.models import CardType
from services.loyalty.use_cases.programmes import create_card_type, start_cashback

CARD_TITLE = "Carte Lumière"
FIVE_PERCENT = 500


def load_loyalty_once(settings: Settings, business_id: int, *, now: datetime) -> None:
    """Start the chain's programmes, unless the business has cards already."""
    loyalty = Database(settings.database_url("loyalty"), service="loyalty")
    try:
        with loyalty.write() as session:
            known = select(CardType.id).where(CardType.business_id == business_id)
            if session.scalar(known.limit(1)) is not None:
                return
            for currency in dict.fromkeys(place.details["currency"] for place in CHAIN.places):
                card_type = create_card_type(
                    session, business_id=business_id, title=CARD_TITLE, currency=currency
                )
                start_cashback(
                    session,
                    card_type,
                    title="5 % cashback",
                    percent_basis_points=FIVE_PERCENT,
                    now=now,
                )
    finally:
        loyalty.dispose()
