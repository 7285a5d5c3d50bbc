"""What codes cost: how many were sent, where to, and what was decided about those that were not."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.models.base import Base

NO_BUSINESS = 0
"""Whose codes they are that no business asked for."""


class Destination(Base):
    """A prefix of phone numbers, and how many of the codes sent there were used.

    ``domain.destinations`` says what the numbers mean.
    """

    __tablename__ = "destinations"

    prefix: Mapped[str] = mapped_column(String(10), primary_key=True)
    since: Mapped[datetime]
    sent: Mapped[int]
    used: Mapped[int]
    paused_until: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Spending(Base):
    """How many codes a business has had sent in one hour, and how many of them to strangers."""

    __tablename__ = "spending"

    business_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    sent: Mapped[int]
    to_strangers: Mapped[int]


class CodeDecision(Base):
    """How often a request for a code was decided in one way, by hour, business and prefix."""

    __tablename__ = "code_decisions"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prefix: Mapped[str] = mapped_column(String(10), primary_key=True)
    decision: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]
