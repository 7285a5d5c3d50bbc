"""Loyalty's tables: the ledger, the cards whose balances it keeps, and the visits that earn."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from services.common.db import NAMING, BigId, UTCDateTime, table_of

APPEND_ONLY = "transfers_append_only"
NOT_BELOW_ZERO = "ck_accounts_not_below_zero"
ONE_PER_KEY = "uq_transfers_key"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime, int: BigId}


Id = Annotated[int, mapped_column(BigId, Identity(), primary_key=True)]
Currency = Annotated[str, mapped_column(String(3))]


class AccountKind(StrEnum):
    """Whose amounts an account counts: what a card holds, what a programme has given."""

    CARD = "card"
    PROGRAMME = "programme"


class ProgrammeKind(StrEnum):
    """What a programme rewards, and with what."""

    CASHBACK_STATIC_PAID = "cashback_static_paid"


class Account(Base):
    """Where amounts of one currency are; changed by transfers alone, under the row's lock.

    The balance is what was credited less what was debited. ``transfers_count`` and
    ``changed_at`` are those of the last transfer, so neither ever goes back.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("may_go_negative OR balance_minor >= 0", name="not_below_zero"),
        CheckConstraint("kind IN ('card', 'programme')", name="kind"),
        CheckConstraint("(kind = 'card') = (client_id IS NOT NULL)", name="card_has_client"),
        # What the transfers' foreign keys refer to.
        UniqueConstraint("id", "business_id", "currency"),
    )

    id: Mapped[Id]
    business_id: Mapped[int]
    client_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    currency: Mapped[Currency]
    balance_minor: Mapped[int] = mapped_column(BigId, default=0)
    may_go_negative: Mapped[bool]
    transfers_count: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime]


def _account_of_a_transfer(side: str) -> ForeignKeyConstraint:
    """An account of the transfer's own business and currency."""
    return ForeignKeyConstraint(
        [f"{side}_account_id", "business_id", "currency"],
        ["accounts.id", "accounts.business_id", "accounts.currency"],
    )


class Transfer(Base):
    """An amount that went from the debit account to the credit account. Never changed or deleted.

    Triggers of both databases, in the migrations, see to that. ``key`` says what
    the transfer is for, so that it is not made twice.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        _account_of_a_transfer("debit"),
        _account_of_a_transfer("credit"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        UniqueConstraint("key", name=ONE_PER_KEY),
        Index(None, "subject"),
        Index(None, "debit_account_id", "id"),
        Index(None, "credit_account_id", "id"),
    )

    id: Mapped[Id]
    business_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    debit_account_id: Mapped[int]
    credit_account_id: Mapped[int]
    amount_minor: Mapped[int]
    currency: Mapped[Currency]
    reason: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    debit_balance_after: Mapped[int]
    credit_balance_after: Mapped[int]


class CardType(Base):
    """A kind of loyalty card that a business issues, in one currency."""

    __tablename__ = "card_types"

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(BigId, index=True)
    title: Mapped[str] = mapped_column(String(255))
    currency: Mapped[Currency]


class Programme(Base):
    """The rule by which cards of a type earn, and the account that it gives from.

    Its terms do not change: what is to be different from now on is another
    programme, and this one is no longer active.
    """

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("kind IN ('cashback_static_paid')", name="kind"),
        CheckConstraint("percent_basis_points BETWEEN 0 AND 10000", name="percent"),
        UniqueConstraint("account_id"),
        Index(None, "business_id"),
    )

    id: Mapped[Id]
    business_id: Mapped[int]
    card_type_id: Mapped[int] = mapped_column(ForeignKey("card_types.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(40))
    percent_basis_points: Mapped[int] = mapped_column(Integer)
    is_active: Mapped[bool] = mapped_column(default=True)

    card_type: Mapped[CardType] = relationship(lazy="raise")


class Card(Base):
    """A client's card of one type; what it holds is in its account."""

    __tablename__ = "cards"
    __table_args__ = (
        CheckConstraint("length(number) BETWEEN 14 AND 16", name="number"),
        UniqueConstraint("business_id", "client_id", "card_type_id", name="uq_cards_one_of_a_type"),
        UniqueConstraint("number"),
        UniqueConstraint("account_id"),
    )

    id: Mapped[Id]
    business_id: Mapped[int]
    client_id: Mapped[int] = mapped_column(BigId, index=True)
    card_type_id: Mapped[int] = mapped_column(ForeignKey("card_types.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]

    card_type: Mapped[CardType] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")


class VisitRecord(Base):
    """Loyalty's own copy of an appointment, at the newest version it has heard of."""

    __tablename__ = "visit_records"
    __table_args__ = (Index(None, "business_id", "client_id"),)

    appointment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    visit_id: Mapped[int]
    business_id: Mapped[int]
    location_id: Mapped[int]
    client_id: Mapped[int | None]
    starts_at: Mapped[datetime]
    price_minor: Mapped[int]
    currency: Mapped[str | None] = mapped_column(String(3))
    attendance: Mapped[str] = mapped_column(String(20))
    is_cancelled: Mapped[bool]


VISIT_RECORDS = table_of(VisitRecord)
