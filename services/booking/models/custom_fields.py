"""What a business asks for beside what everybody asks for."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.domain.custom_fields import Entity, Kind
from services.booking.models.base import Base, Id, one_of

CLIENT_CODE = "uq_custom_fields_of_clients"
APPOINTMENT_CODE = "uq_custom_fields_of_appointments"


class CustomField(Base):
    """A question about an appointment, asked at one location, or about a client of the business."""

    __tablename__ = "custom_fields"
    __table_args__ = (
        Index(
            CLIENT_CODE,
            "business_id",
            "code",
            unique=True,
            postgresql_where=text("location_id IS NULL"),
            sqlite_where=text("location_id IS NULL"),
        ),
        Index(
            APPOINTMENT_CODE,
            "location_id",
            "code",
            unique=True,
            postgresql_where=text("location_id IS NOT NULL"),
            sqlite_where=text("location_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    entity: Mapped[Entity] = mapped_column(one_of(Entity, "custom_field_entity"))
    code: Mapped[str] = mapped_column(String(50))
    title: Mapped[str] = mapped_column(String(255))
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "custom_field_kind"))
    choices: Mapped[list[str]] = mapped_column(default=list)
    is_shown: Mapped[bool] = mapped_column(default=True)
    is_editable: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
