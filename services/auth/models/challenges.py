"""How people prove who they are, and how often they may try."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.domain.codes import MOST_GUESSES
from services.auth.models.base import Base, one_of
from services.common.db import PERSONAL


class Medium(StrEnum):
    """How a code reaches people."""

    SMS = "sms"
    CALL = "call"
    EMAIL = "email"


class Use(StrEnum):
    """What a proof was used for."""

    SIGN_IN = "sign_in"
    BOOKING = "booking"
    ACCOUNT = "account"


class Challenge(Base):
    """A code that was sent to a phone or an e-mail address, without the code.

    Rightly guessed it is the proof that whoever asked has the phone or address. One
    with a ``user_id`` is good for that account alone. ``guesses`` are those that count:
    wrong ones, and ones that are being looked at. ``email`` is a proven address of
    whose phone it is, where the code may go, too.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        CheckConstraint(f"guesses BETWEEN 0 AND {MOST_GUESSES}", name="few_guesses"),
        CheckConstraint("(used_at IS NULL) = (used_for IS NULL)", name="used_for_something"),
        Index(None, "recipient", "partner_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    partner_id: Mapped[int]
    recipient: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    email: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    medium: Mapped[Medium] = mapped_column(one_of(Medium))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    sends: Mapped[int]
    guesses: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    proven_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_for: Mapped[Use | None] = mapped_column(one_of(Use))

    @property
    def can_be_guessed(self) -> bool:
        return self.used_at is None and self.guesses < MOST_GUESSES

    @property
    def is_to_phone(self) -> bool:
        """Whether it is about a phone, in E.164, and not about an e-mail address."""
        return self.recipient.startswith("+")


class Throttle(Base):
    """When something was last done for one phone or login, of which only a hash is kept."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    moments: Mapped[list[str]]
    last_at: Mapped[datetime] = mapped_column(index=True)
