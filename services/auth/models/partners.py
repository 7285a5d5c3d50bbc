"""Who may call us: front ends and integrations."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.models.base import Base
from services.common.db import BigId


class PartnerKey(Base):
    """What a front end or integration may do; it calls us with one of the key's secrets.

    No ``business_ids``: all of the installation. No rate: that of the installation.
    """

    __tablename__ = "partner_keys"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    business_ids: Mapped[list[int] | None]
    scopes: Mapped[list[str]]
    rate_per_second: Mapped[int | None]
    rate_per_minute: Mapped[int | None]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PartnerSecret(Base):
    """A secret of a key, of which only the hash is kept; ``hint`` is its beginning.

    One that was replaced is good until ``expires_at``.
    """

    __tablename__ = "partner_secrets"

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("partner_keys.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
