"""People who give services, and when they work."""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import (
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.models.base import Base, Id

ONE_USER_ONCE = "uq_staff_user_at_location"
ZERO, ONE = text("0"), text("1")


class Position(Base):
    """What staff are by contract."""

    __tablename__ = "positions"

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    archived_at: Mapped[datetime | None]


class StaffMember(Base):
    """Somebody who gives services at a location.

    Who was dismissed is kept, for appointments refer to them: ``last_day`` is the last on which
    they can be booked, and from ``fired_at`` on they are shown to clients no longer. ``user_id``
    is the staff user who signs in as this person. ``rating`` follows the reviews.
    """

    __tablename__ = "staff"
    __table_args__ = (
        Index(ONE_USER_ONCE, "location_id", "user_id", unique=True),
        Index(
            "ix_staff_leaving",
            "last_day",
            postgresql_where=text("last_day IS NOT NULL AND fired_at IS NULL"),
            sqlite_where=text("last_day IS NOT NULL AND fired_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    position_id: Mapped[int | None] = mapped_column(ForeignKey("positions.id"))
    name: Mapped[str] = mapped_column(String(255))
    specialization: Mapped[str] = mapped_column(String(255), default="")
    information: Mapped[str] = mapped_column(Text, default="")
    avatar: Mapped[str | None] = mapped_column(String(32), unique=True)
    avatar_url: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[int] = mapped_column(Integer, default=0)
    is_online: Mapped[bool] = mapped_column(default=True)
    random_choice_allowed: Mapped[bool] = mapped_column(default=True, server_default=true())
    rating_shown: Mapped[bool] = mapped_column(default=True)
    rating: Mapped[float] = mapped_column(Float, default=0.0, server_default=ZERO)
    votes_count: Mapped[int] = mapped_column(Integer, default=0, server_default=ZERO)
    comments_count: Mapped[int] = mapped_column(Integer, default=0, server_default=ZERO)
    user_id: Mapped[int | None]
    api_id: Mapped[str | None] = mapped_column(String(255))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=ONE)
    last_day: Mapped[date | None] = mapped_column(Date)
    dismissal_reason: Mapped[str] = mapped_column(String(255), default="", server_default="")
    fired_at: Mapped[datetime | None]

    position: Mapped[Position | None] = relationship(lazy="raise")

    @property
    def is_bookable(self) -> bool:
        return self.is_online and self.fired_at is None


class WeeklyHours(Base):
    """A stretch of work or a break on every such weekday (Monday is 0), in minutes from midnight.

    A closing minute above 1440 is after midnight.
    """

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("kind IN ('work', 'break')", name="kind"),
        CheckConstraint("opens_minute >= 0 AND opens_minute < closes_minute", name="order"),
        CheckConstraint("closes_minute <= 2880", name="end"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    weekday: Mapped[int] = mapped_column(Integer)
    kind: Mapped[Literal["work", "break"]] = mapped_column(String(10))
    opens_minute: Mapped[int] = mapped_column(Integer)
    closes_minute: Mapped[int] = mapped_column(Integer)


class DateHours(Base):
    """The hours of one date: work instead of the weekly pattern, a day off, or one more break."""

    __tablename__ = "date_hours"
    __table_args__ = (
        CheckConstraint("kind IN ('work', 'break', 'off')", name="kind"),
        CheckConstraint("(kind = 'off') = (opens_minute IS NULL)", name="off_has_no_hours"),
        CheckConstraint("(opens_minute IS NULL) = (closes_minute IS NULL)", name="both_or_none"),
        CheckConstraint("opens_minute >= 0 AND opens_minute < closes_minute", name="order"),
        CheckConstraint("closes_minute <= 2880", name="end"),
        Index(None, "staff_id", "day"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[Literal["work", "break", "off"]] = mapped_column(String(10))
    opens_minute: Mapped[int | None] = mapped_column(Integer)
    closes_minute: Mapped[int | None] = mapped_column(Integer)
