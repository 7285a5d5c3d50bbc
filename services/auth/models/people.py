"""Who can sign in, and who has."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.models.base import Base, one_of
from services.common.db import PERSONAL, BigId
from services.common.rights import Role


class Kind(StrEnum):
    """Clients prove a phone; staff have a login and a password."""

    CLIENT = "client"
    STAFF = "staff"


class User(Base):
    """A person who can sign in. A client's phone is proven; a staff user's is only told."""

    __tablename__ = "users"
    __table_args__ = (
        Index(
            "uq_users_client_phone",
            "phone",
            unique=True,
            postgresql_where=text("kind = 'client'"),
            sqlite_where=text("kind = 'client'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    phone: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    name: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    email: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    avatar_url: Mapped[str | None] = mapped_column(String(500), info=PERSONAL)
    created_at: Mapped[datetime]


class StaffUser(Base):
    """What makes a user one of the staff of businesses: a login and a password."""

    __tablename__ = "staff_users"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(255), unique=True, info=PERSONAL)
    password_hash: Mapped[str] = mapped_column(String(255))
    revoked_at: Mapped[datetime | None]


class StaffRight(Base):
    """What a staff user may do in a business, or at one of its locations.

    Without ``permissions`` it is whatever their role allows. Owners own all of a
    business, and everything is allowed to them.
    """

    __tablename__ = "staff_rights"
    __table_args__ = (
        CheckConstraint(
            "role <> 'owner' OR (location_id IS NULL AND permissions IS NULL)",
            name="owners_own_everything",
        ),
        Index(
            "uq_staff_rights_business",
            "user_id",
            "business_id",
            unique=True,
            postgresql_where=text("location_id IS NULL"),
            sqlite_where=text("location_id IS NULL"),
        ),
        UniqueConstraint("user_id", "business_id", "location_id"),
        Index(None, "business_id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_users.user_id"))
    business_id: Mapped[int]
    location_id: Mapped[int | None]
    role: Mapped[Role] = mapped_column(one_of(Role))
    permissions: Mapped[list[str] | None]
    created_at: Mapped[datetime]


class UserSession(Base):
    """A sign-in that lasts until it is ended or expires. Only the digest of its token is kept.

    ``last_used_at`` is written at most once an hour.
    """

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    partner_id: Mapped[int]
    device: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
