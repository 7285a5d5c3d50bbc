"""Who may call us: front ends and integrations."""

from datetime import datetime

from sqlalchemy import Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.models.base import Base
from services.common.db import BigId


class PartnerKey(Base):
    """The key of a front end or integration. Only its hash is kept; ``hint`` is its beginning."""

    __tablename__ = "partner_keys"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
