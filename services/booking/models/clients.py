"""A business's client base."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.domain.people import Gender as ClientGender
from services.booking.domain.people import Importance, search_text
from services.booking.models.base import Base, Id, one_of
from services.common.db import PERSONAL, BigId

UNCLAIMED_PHONE = "uq_clients_unclaimed_phone"
CLIENT_API_ID = "uq_clients_api_id"


NAMES, OTHERS = ("name", "surname", "patronymic"), ("phone", "email", "card")


def _search_text(context: Any) -> str:
    """Of a client who is added with these values."""
    given = context.get_current_parameters()
    return search_text(map(given.get, NAMES), map(given.get, OTHERS))


class Client(Base):
    """A business's record of a person, until somebody proves to be that person and claims it.

    Only unclaimed records are found by phone alone: a number that changes hands must
    not open its last owner's history. Staff find a claimed one by phone and name.
    Whom staff have deleted is hidden until there is a next appointment. ``api_id`` is who
    they were in the program that they were imported from. ``search_text`` is all by which
    somebody is found, in small letters.
    """

    __tablename__ = "clients"
    __table_args__ = (
        Index(
            UNCLAIMED_PHONE,
            "phone",
            "business_id",
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
        Index("ix_clients_business_id_id", "business_id", "id"),
        Index(CLIENT_API_ID, "business_id", "api_id", unique=True),
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount_percent"),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    user_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    phone: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    email: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    created_at: Mapped[datetime]

    version: Mapped[int] = mapped_column(Integer, default=1)
    surname: Mapped[str] = mapped_column(String(255), default="", info=PERSONAL)
    patronymic: Mapped[str] = mapped_column(String(255), default="", info=PERSONAL)
    gender: Mapped[ClientGender] = mapped_column(
        one_of(ClientGender, "client_gender"), default=ClientGender.UNKNOWN
    )
    importance: Mapped[Importance] = mapped_column(one_of(Importance), default=Importance.NONE)
    discount_percent: Mapped[int] = mapped_column(Integer, default=0)
    card: Mapped[str] = mapped_column(String(255), default="", info=PERSONAL)
    birth_date: Mapped[date | None] = mapped_column(Date, info=PERSONAL)
    comment: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    wants_birthday_messages: Mapped[bool] = mapped_column(Boolean, default=False)
    wants_mailings: Mapped[bool] = mapped_column(Boolean, default=True)
    custom_fields: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PERSONAL)
    api_id: Mapped[str | None] = mapped_column(String(255), info=PERSONAL)
    search_text: Mapped[str] = mapped_column(Text, default=_search_text, info=PERSONAL)
    changed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    def make_searchable(self) -> None:
        """Let the client be found by what is known now."""
        names, others = ([getattr(self, name) for name in part] for part in (NAMES, OTHERS))
        self.search_text = search_text(names, others)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


class MergedUser(Base):
    """An account that there is no longer, and the one that has its clients since.

    Kept for calls and events that come late: what they give to the one is the other's.
    """

    __tablename__ = "merged_users"

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    into_user_id: Mapped[int] = mapped_column(index=True)
