"""Notify's tables: every message, from the moment it is due to what became of it."""

from datetime import datetime

from sqlalchemy import Identity, Index, Integer, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.common.db import NAMING, PERSONAL, BigId, UTCDateTime

ONE_OF_EACH = "uq_messages_one_of_each"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime, int: BigId}


class Message(Base):
    """One message to one recipient over one channel, about one version of its subject.

    Due while ``next_attempt_at`` is set. In the end it has been sent, has failed
    for good, or was skipped because it had become untrue.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("subject", "version", "kind", "channel", "recipient", name=ONE_OF_EACH),
        Index(
            "ix_messages_due",
            "next_attempt_at",
            postgresql_where=text("next_attempt_at IS NOT NULL"),
            sqlite_where=text("next_attempt_at IS NOT NULL"),
        ),
        Index(None, "recipient"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    business_id: Mapped[int]
    client_id: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(50))
    channel: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    language: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text, info=PERSONAL)
    stale_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    skipped_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
