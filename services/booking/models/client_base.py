"""What staff keep about clients: labels, comments, whom they do not want to be booked by."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.domain.labels import Entity
from services.booking.models.base import Base, Id, one_of
from services.common.db import PERSONAL

BLOCKED_PHONE = "uq_blacklist_business_id_phone"
BLOCKED_CLIENT = "uq_blacklist_client_id"


class Label(Base):
    """A word with a colour that staff put on clients or appointments of a business."""

    __tablename__ = "labels"

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    entity: Mapped[Entity] = mapped_column(one_of(Entity, "label_entity"))
    title: Mapped[str] = mapped_column(String(255))
    color: Mapped[str] = mapped_column(String(20), default="")
    icon: Mapped[str] = mapped_column(String(50), default="")
    font_color: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime]


class ClientLabel(Base):
    __tablename__ = "client_labels"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id"), primary_key=True, index=True)


class ClientComment(Base):
    """What one of the staff noted about a client, for the others."""

    __tablename__ = "client_comments"

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id"), index=True)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    created_by_user_id: Mapped[int | None]
    created_at: Mapped[datetime]


class BlacklistEntry(Base):
    """That a business takes no online bookings of a phone, or of a client with whatever phone."""

    __tablename__ = "blacklist"
    __table_args__ = (
        CheckConstraint("(phone IS NULL) <> (client_id IS NULL)", name="phone_or_client"),
        Index(BLOCKED_PHONE, "business_id", "phone", unique=True),
        Index(BLOCKED_CLIENT, "client_id", unique=True),
    )

    id: Mapped[Id]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    phone: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("clients.id"))
    comment: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    created_by_user_id: Mapped[int | None]
    created_at: Mapped[datetime]
