"""Who waits for a time, and what they were offered."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.models.base import Base, Id, one_of
from services.booking.models.clients import Client
from services.booking.models.places import Location
from services.common.db import PERSONAL, table_of

WAITS = "ended_at IS NULL"
OPEN = "outcome = 'open'"


class EndReason(StrEnum):
    """Why somebody waits no longer."""

    BOOKED = "booked"
    LEFT = "left"
    REMOVED = "removed"
    OVER = "over"
    UNANSWERED = "unanswered"


class Outcome(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class WaitlistEntry(Base):
    """That a client waits for a time on one of these days, for these services in a row.

    With ``staff_id``, or with anybody. Who came first has the lower id. ``contact`` is who would
    come; ``version`` rises with every offer.
    """

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        Index(
            "ix_waitlist_entries_waiting",
            "location_id",
            "id",
            postgresql_where=text(WAITS),
            sqlite_where=text(WAITS),
        ),
        Index(None, "user_id", "id"),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), index=True)
    user_id: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    service_ids: Mapped[list[int]]
    first_day: Mapped[date]
    last_day: Mapped[date]
    version: Mapped[int] = mapped_column(Integer, default=1)
    contact: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    locale: Mapped[str] = mapped_column(String(20))
    partner_id: Mapped[int | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None] = mapped_column(one_of(EndReason))

    location: Mapped[Location] = relationship(lazy="raise")
    client: Mapped[Client] = relationship(lazy="raise")


class WaitlistOffer(Base):
    """A time that was offered to somebody who waits, held for them while the offer is open.

    Nobody has two that are open, and nobody is offered a start twice.
    """

    __tablename__ = "waitlist_offers"
    __table_args__ = (
        Index(
            "uq_waitlist_offers_open",
            "entry_id",
            unique=True,
            postgresql_where=text(OPEN),
            sqlite_where=text(OPEN),
        ),
        Index("uq_waitlist_offers_entry_id_starts_at", "entry_id", "starts_at", unique=True),
        Index(
            "ix_waitlist_offers_expires_at",
            "expires_at",
            postgresql_where=text(OPEN),
            sqlite_where=text(OPEN),
        ),
    )

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("waitlist_entries.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome), default=Outcome.OPEN)
    answered_at: Mapped[datetime | None]


class Waitlist(Base):
    """The list of a location, and when somebody looked last whether there is time for anybody.

    Its row is the lock under which offers are made.
    """

    __tablename__ = "waitlists"

    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    looked_at: Mapped[datetime]


class FreedTime(Base):
    """That a location has time again, which nobody has looked at yet.

    Written by whoever frees some, without waiting for whoever makes offers.
    """

    __tablename__ = "freed_times"

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)


FREED_TIMES = table_of(FreedTime)
