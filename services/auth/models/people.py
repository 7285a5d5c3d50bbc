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
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.models.base import Base, one_of
from services.auth.models.challenges import Medium
from services.common.db import PERSONAL, BigId
from services.common.rights import Role


class Kind(StrEnum):
    """Clients prove a phone; staff have a login and a password."""

    CLIENT = "client"
    STAFF = "staff"


PROVEN_EMAIL = "kind = 'client' AND email_proven_at IS NOT NULL"


class User(Base):
    """A person who can sign in. A client's phone is proven; a staff user's is only told.

    An e-mail may be merely told, too; only a proven one opens anything. Of two
    accounts that were merged, one has the other's id as ``merged_into_id`` and nothing
    else that is personal. ``photo`` is the secret name of a picture.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index(
            "uq_users_client_phone",
            "phone",
            unique=True,
            postgresql_where=text("kind = 'client'"),
            sqlite_where=text("kind = 'client'"),
        ),
        Index(
            "uq_users_proven_email",
            "email",
            unique=True,
            postgresql_where=text(PROVEN_EMAIL),
            sqlite_where=text(PROVEN_EMAIL),
        ),
        CheckConstraint(
            "kind <> 'client' OR (phone IS NULL) = (phone_proven_at IS NULL)",
            name="clients_phones_are_proven",
        ),
        CheckConstraint("email_proven_at IS NULL OR email IS NOT NULL", name="proven_email"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    phone: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    name: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    email: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    phone_proven_at: Mapped[datetime | None]
    email_proven_at: Mapped[datetime | None]
    photo: Mapped[str | None] = mapped_column(String(32), unique=True, info=PERSONAL)
    language: Mapped[str | None] = mapped_column(String(8))
    date_format: Mapped[str | None] = mapped_column(String(10))
    time_format: Mapped[str | None] = mapped_column(String(3))
    notifications_enabled: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)


class SignUp(Base):
    """A wish for an account with this e-mail, until its letter is opened with this password.

    Whoever opens the letter must know the password too: so nobody gets an account
    confirmed by its address's owner and keeps a password to it.
    """

    __tablename__ = "sign_ups"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    challenge_id: Mapped[str] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    password_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class StaffUser(Base):
    """What makes a user one of the staff of businesses: a login and a password.

    With a ``second_factor`` a code follows, to the user's phone or e-mail address.
    """

    __tablename__ = "staff_users"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(255), unique=True, info=PERSONAL)
    password_hash: Mapped[str] = mapped_column(String(255))
    second_factor: Mapped[Medium | None] = mapped_column(one_of(Medium))
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
