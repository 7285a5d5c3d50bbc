"""What an operator decides about whole businesses."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Business
from services.common.errors import NotFound


def list_businesses(session: Session) -> Sequence[Business]:
    return session.scalars(select(Business).order_by(Business.id)).all()


def create_business(session: Session, title: str, *, now: datetime) -> Business:
    """Somebody who will own locations and a client base; a chain from the second location on."""
    business = Business(title=title, created_at=now)
    session.add(business)
    session.flush()
    return business


def switch_client_accounts(session: Session, business_id: int, *, is_on: bool) -> Business:
    """Let clients have accounts there, or no longer; ``business_not_found`` where there is none.

    What they have claimed stays theirs, and is there again when it is switched on again.
    """
    business = session.get(Business, business_id, with_for_update={"key_share": True})
    if business is None:
        raise NotFound("business_not_found")
    business.client_accounts = is_on
    return business
