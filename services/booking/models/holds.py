"""Time that is kept for somebody who has not booked yet."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base, Id


class Hold(Base):
    """That the time of some visits is kept for a few minutes, while their client types.

    Its reservations carry ``expires_at``, too: from then on they count for nothing. Only the
    digest of the token is kept. ``holder`` has one hold at a time; ``origin`` is where holds of
    people whom nobody knows are counted together. Both are digests, for an address is personal.
    One of an offer from the waitlist has no token: whose the offer is knows them.
    """

    __tablename__ = "holds"

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    partner_id: Mapped[int | None]
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    holder: Mapped[str | None] = mapped_column(String(64), unique=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("waitlist_offers.id"), unique=True)
    origin: Mapped[str | None] = mapped_column(String(64), index=True)
    visits: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
