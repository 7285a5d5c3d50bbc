"""Texts that people are asked to accept, and who has accepted which."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.models.base import Base, one_of
from services.common.db import PERSONAL, BigId


class DocumentKind(StrEnum):
    PRIVACY_POLICY = "privacy_policy"
    USER_AGREEMENT = "user_agreement"


class Document(Base):
    """One language of a version of a text. Never changed: another text is another version.

    No ``location_id``: of the whole installation. Versions are numbered through, over
    all texts, so that a number alone says what was accepted.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("version", "language"),
        Index(None, "kind", "location_id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(one_of(DocumentKind))
    location_id: Mapped[int | None]
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)
    is_required: Mapped[bool]
    published_at: Mapped[datetime]


class Consent(Base):
    """That somebody accepted a text: when they asked for a code or an account, or when signed in.

    With a code it counts once the code has proven that it was they, with a wish for an
    account once that is confirmed; until then anybody could have said it.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(
            "challenge_id IS NOT NULL OR sign_up_id IS NOT NULL OR user_id IS NOT NULL",
            name="given_by_somebody",
        ),
        UniqueConstraint("challenge_id", "document_id"),
        UniqueConstraint("sign_up_id", "document_id"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    recipient: Mapped[str | None] = mapped_column(String(255), info=PERSONAL, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    challenge_id: Mapped[str | None] = mapped_column(String(36))
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id", ondelete="CASCADE"))
    partner_id: Mapped[int]
    location_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(45), info=PERSONAL)
    given_at: Mapped[datetime]
    proven_at: Mapped[datetime | None] = mapped_column(index=True)
