"""Notify's tables: every message and what became of it, and what people find in their list."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Enum,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.common.db import NAMING, PERSONAL, BigId, Json, UTCDateTime, table_of
from services.notify.domain.media import Medium

ONE_OF_EACH = "uq_messages_one_of_each"
ONE_STATE = " + ".join(
    f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"
    for column in ("next_attempt_at", "sent_at", "skipped_at", "failed_at")
)

# Text with a check, so that a word can be added.
MEDIUM = Enum(
    Medium,
    name="medium",
    native_enum=False,
    create_constraint=True,
    length=20,
    values_callable=lambda words: [word.value for word in words],
)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime, int: BigId}


class Subject(Base):
    """Something that messages are about, and its newest version that anybody has told us of.

    Its row is the lock under which the events of one subject have their effect.
    """

    __tablename__ = "subjects"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)


class User(Base):
    """What somebody with an account has chosen, at the newest version that notify was told.

    Who has chosen nothing has no row, and gets messages. ``merged_into_id``: there is no
    such account any more, and what that one chooses counts, whatever comes late of this one.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    notifications_enabled: Mapped[bool]
    merged_into_id: Mapped[int | None]


class Message(Base):
    """One message to one recipient by one medium and channel, about one version of its subject.

    It is either due (``next_attempt_at``), or sent, or was skipped because it had
    become untrue, or has failed for good. ``user_id`` is whose account may switch it off;
    what was asked for has none. In the end it has no recipient and no text any more
    (``use_cases/forgetting``). ``unsettled`` counts the attempts that
    were begun and whose end nobody wrote down: the one under way, and those in
    which a process died. Each of the latter may or may not have arrived.

    ``body`` is empty where the text is a secret: it is made when it is sent.
    ``other_ways`` are tried one after the other if this one fails for good.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint(
            "subject", "version", "kind", "medium", "channel", "recipient", name=ONE_OF_EACH
        ),
        CheckConstraint(f"{ONE_STATE} = 1", name="one_state"),
        Index(
            "ix_messages_due",
            "is_urgent",
            "next_attempt_at",
            postgresql_where=text("next_attempt_at IS NOT NULL"),
            sqlite_where=text("next_attempt_at IS NOT NULL"),
        ),
        Index(None, "recipient"),
        Index(
            "ix_messages_codes",
            "created_at",
            postgresql_where=text("kind = 'code'"),
            sqlite_where=text("kind = 'code'"),
        ),
        Index(
            "ix_messages_with_recipient",
            "created_at",
            postgresql_where=text("recipient IS NOT NULL"),
            sqlite_where=text("recipient IS NOT NULL"),
        ),
        CheckConstraint("next_attempt_at IS NULL OR recipient IS NOT NULL", name="due_to_somebody"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    business_id: Mapped[int | None]
    client_id: Mapped[int | None]
    user_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(50))
    medium: Mapped[Medium] = mapped_column(MEDIUM)
    channel: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    other_ways: Mapped[list[list[str]]] = mapped_column(Json, info=PERSONAL)
    is_urgent: Mapped[bool]
    stale_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer)
    unsettled: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    skipped_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class Notice(Base):
    """What a person finds in the list of the app: one version of one subject, as it happened.

    Unlike a message it never becomes untrue: the list is a history.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("subject", "version", "kind", "client_id", name="uq_notices_one_of_each"),
        Index(
            "ix_notices_shown",
            "client_id",
            "happened_at",
            postgresql_where=text("deleted_at IS NULL"),
            sqlite_where=text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    business_id: Mapped[int]
    client_id: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(50))
    category: Mapped[str] = mapped_column(String(30))
    action: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, info=PERSONAL)
    appointment_id: Mapped[int | None]
    happened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


SUBJECTS, MESSAGES, NOTICES = (table_of(model) for model in (Subject, Message, Notice))
"""The same without the ORM, for what is written with every event."""
