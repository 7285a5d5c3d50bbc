"""A business's client base."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base, Id
from services.common.db import PERSONAL, BigId

UNCLAIMED_PHONE = "uq_clients_unclaimed_phone"


class Client(Base):
    """A business's record of a person, until somebody proves to be that person and claims it.

    Only unclaimed records are found by phone alone: a number that changes hands must
    not open its last owner's history. Staff find a claimed one by phone and name.
    """

    __tablename__ = "clients"
    __table_args__ = (
        Index(
            UNCLAIMED_PHONE,
            "business_id",
            "phone",
            unique=True,
            postgresql_where=text("user_id IS NULL"),
            sqlite_where=text("user_id IS NULL"),
        ),
        Index(
            "ix_clients_claimed_phone",
            "business_id",
            "phone",
            postgresql_where=text("user_id IS NOT NULL"),
            sqlite_where=text("user_id IS NOT NULL"),
        ),
        Index(
            "ix_clients_unclaimed_email",
            "email",
            postgresql_where=text("user_id IS NULL"),
            sqlite_where=text("user_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    user_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    phone: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    email: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    created_at: Mapped[datetime]


class MergedUser(Base):
    """An account that there is no longer, and the one that has its clients since.

    Kept for calls and events that come late: what they give to the one is the other's.
    """

    __tablename__ = "merged_users"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    into_user_id: Mapped[int] = mapped_column(index=True)
