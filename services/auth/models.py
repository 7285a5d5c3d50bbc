"""Auth's tables: who may call us, who can sign in, and how they prove who they are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Identity, Index, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.auth.domain.codes import MOST_GUESSES
from services.common.db import NAMING, PERSONAL, BigId, Json, UTCDateTime


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime, int: BigId, list[int]: Json, list[str]: Json}


class Kind(StrEnum):
    """Clients prove a phone; staff have a login and a password."""

    CLIENT = "client"
    STAFF = "staff"


class Role(StrEnum):
    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    STAFF = "staff"


class Use(StrEnum):
    """What a proof was used for."""

    SIGN_IN = "sign_in"
    BOOKING = "booking"


def one_of(kind: type[StrEnum]) -> Enum:
    """A column that holds one of these words; text with a check, so that words can be added."""
    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda words: [word.value for word in words],
    )


class PartnerKey(Base):
    """The key of a front end or integration. Only its hash is kept; ``hint`` is its beginning."""

    __tablename__ = "partner_keys"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


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
    """What makes a user one of a business's staff. No ``location_ids``: every location."""

    __tablename__ = "staff_users"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(255), unique=True, info=PERSONAL)
    password_hash: Mapped[str] = mapped_column(String(255))
    business_id: Mapped[int]
    location_ids: Mapped[list[int] | None]
    role: Mapped[Role] = mapped_column(one_of(Role))
    revoked_at: Mapped[datetime | None]


class UserSession(Base):
    """A sign-in that lasts until it is ended. Only the digest of its token is kept."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    partner_id: Mapped[int]
    device: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Challenge(Base):
    """A code that was sent to a phone, without the code; once guessed, the proof of that phone.

    ``guesses`` are those that count: wrong ones, and ones that are being looked at.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        CheckConstraint(f"guesses BETWEEN 0 AND {MOST_GUESSES}", name="few_guesses"),
        CheckConstraint("(used_at IS NULL) = (used_for IS NULL)", name="used_for_something"),
        Index(None, "phone", "partner_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    partner_id: Mapped[int]
    phone: Mapped[str] = mapped_column(String(20), info=PERSONAL)
    sends: Mapped[int]
    guesses: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    proven_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_for: Mapped[Use | None] = mapped_column(one_of(Use))


class Throttle(Base):
    """When something was last done for one phone or login, of which only a hash is kept."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    moments: Mapped[list[str]]
    last_at: Mapped[datetime] = mapped_column(index=True)
