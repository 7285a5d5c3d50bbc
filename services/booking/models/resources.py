"""Rooms and devices that services need besides somebody to give them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.models.base import Base, Id


class Resource(Base):
    """A kind of thing, such as «massage room»; a visit takes one of its instances."""

    __tablename__ = "resources"

    id: Mapped[Id]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="")
    archived_at: Mapped[datetime | None]

    instances: Mapped[list["ResourceInstance"]] = relationship(
        lazy="raise", order_by="ResourceInstance.id"
    )


class ResourceInstance(Base):
    """One of them, such as «room 2»."""

    __tablename__ = "resource_instances"

    id: Mapped[Id]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    archived_at: Mapped[datetime | None]
