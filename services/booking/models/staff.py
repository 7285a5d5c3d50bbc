"""People who give services, and when they work."""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.models.base import Base, Id


class Position(Base):
    __tablename__ = "positions"

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))


class StaffMember(Base):
    __tablename__ = "staff"

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    position_id: Mapped[int | None] = mapped_column(ForeignKey("positions.id"))
    name: Mapped[str] = mapped_column(String(255))
    specialization: Mapped[str] = mapped_column(String(255), default="")
    information: Mapped[str] = mapped_column(Text, default="")
    avatar_url: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[int] = mapped_column(Integer, default=0)
    is_online: Mapped[bool] = mapped_column(default=True)
    rating_shown: Mapped[bool] = mapped_column(default=True)
    api_id: Mapped[str | None] = mapped_column(String(255))
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
