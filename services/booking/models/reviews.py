"""What clients say about their visits."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base, Id
from services.common.db import PERSONAL

ONE_OF_STAFF = "uq_reviews_visit_of_staff"
ONE_OF_LOCATION = "uq_reviews_visit_of_location"


class Review(Base):
    """A mark and a text about a visit: of a staff member, or without one of the location.

    ``name`` is what the client wants to be called in public, or empty. Hidden ones are kept
    but neither shown nor counted.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_reason = '')", name="hidden_for_a_reason"),
        Index(ONE_OF_STAFF, "visit_id", "staff_id", unique=True),
        Index(
            ONE_OF_LOCATION,
            "visit_id",
            unique=True,
            postgresql_where=text("staff_id IS NULL"),
            sqlite_where=text("staff_id IS NULL"),
        ),
        Index(None, "location_id", "created_at"),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"), index=True)
    rating: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    name: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    created_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_at: Mapped[datetime | None]


class ReviewPause(Base):
    """That somebody does not want to review an appointment now, and when to ask again."""

    __tablename__ = "review_pauses"

    appointment_id: Mapped[int] = mapped_column(
        ForeignKey("appointments.id"), primary_key=True, autoincrement=False
    )
    ask_again_at: Mapped[datetime]
