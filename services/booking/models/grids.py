"""Grids: where visits may start, on weekdays and dates for which a location has said so."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.domain.grids import GridBase
from services.booking.models.base import Base, Id


class DayGrid(Base):
    """The grid of every such weekday (Monday is 0), or of one date; see ``domain/grids.py``.

    Minutes count from midnight on the wall. Without ``lead_seconds`` the location's holds.
    """

    __tablename__ = "day_grids"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) != (day IS NULL)", name="weekday_or_date"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("base IN ('shift', 'clock', 'list')", name="base"),
        CheckConstraint("step_seconds > 0", name="step_positive"),
        CheckConstraint("lead_seconds >= 0", name="lead_not_negative"),
        CheckConstraint("first_minute BETWEEN 0 AND 2880", name="first"),
        CheckConstraint("last_minute BETWEEN 0 AND 2880", name="last"),
        Index(
            "uq_day_grids_weekday",
            "location_id",
            "weekday",
            unique=True,
            postgresql_where=text("day IS NULL"),
            sqlite_where=text("day IS NULL"),
        ),
        Index(
            "uq_day_grids_day",
            "location_id",
            "day",
            unique=True,
            postgresql_where=text("weekday IS NULL"),
            sqlite_where=text("weekday IS NULL"),
        ),
    )

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    weekday: Mapped[int | None] = mapped_column(Integer)
    day: Mapped[date | None] = mapped_column(Date)
    base: Mapped[GridBase] = mapped_column(String(10))
    step_seconds: Mapped[int] = mapped_column(Integer)
    lead_seconds: Mapped[int | None] = mapped_column(Integer)
    first_minute: Mapped[int | None] = mapped_column(Integer)
    last_minute: Mapped[int | None] = mapped_column(Integer)
    start_minutes: Mapped[list[int]] = mapped_column(default=list)
    is_flexible: Mapped[bool] = mapped_column(default=False)
