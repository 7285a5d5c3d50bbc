"""Loyalty's tables: the visits from which clients earn."""

from datetime import datetime

from sqlalchemy import Index, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.common.db import NAMING, BigId, UTCDateTime


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime, int: BigId}


class VisitRecord(Base):
    """Loyalty's own copy of an appointment, at the newest version it has heard of."""

    __tablename__ = "visit_records"
    __table_args__ = (Index(None, "business_id", "client_id"),)

    appointment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    business_id: Mapped[int]
    location_id: Mapped[int]
    client_id: Mapped[int]
    starts_at: Mapped[datetime]
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    attendance: Mapped[str] = mapped_column(String(20))
    is_cancelled: Mapped[bool]
