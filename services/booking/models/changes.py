"""What became of appointments: who changed what, and when. Rows are added, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base, Id


class AppointmentChange(Base):
    """One change of an appointment, which led to its ``version``.

    ``before`` and ``after`` are time, staff, attendance, services: what the desk decides
    on, and nothing personal.
    """

    __tablename__ = "appointment_changes"
    __table_args__ = (Index(None, "appointment_id", "version", unique=True),)

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    changed_by: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None]
    partner_id: Mapped[int | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
