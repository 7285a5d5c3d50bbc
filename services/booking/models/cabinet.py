"""What clients keep for themselves: favourite places, and the address of their calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from services.common.db import BigId


class Favourite(Base):
    """A location that somebody wants to find again."""

    __tablename__ = "favourites"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    created_at: Mapped[datetime]


class CalendarFeed(Base):
    """The address under which a calendar program reads somebody's appointments.

    One per account and front end; ``business_ids`` are those that the front end's key was for.
    Only the digest of the token is kept: the address is told once.
    """

    __tablename__ = "calendar_feeds"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    partner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    business_ids: Mapped[list[int] | None]
    created_at: Mapped[datetime]
