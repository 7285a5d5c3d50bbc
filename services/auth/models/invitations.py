"""Who was invited to work where."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.models.base import Base, one_of
from services.common.db import PERSONAL, BigId
from services.common.rights import Role


class Invitation(Base):
    """A right that waits for somebody to open the link in the letter of the challenge."""

    __tablename__ = "invitations"
    __table_args__ = (Index(None, "business_id", "email"),)

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    challenge_id: Mapped[str] = mapped_column(String(36), index=True)
    email: Mapped[str] = mapped_column(String(255), info=PERSONAL)
    business_id: Mapped[int]
    location_id: Mapped[int | None]
    role: Mapped[Role] = mapped_column(one_of(Role))
    permissions: Mapped[list[str] | None]
    invited_by: Mapped[int] = mapped_column(ForeignKey("staff_users.user_id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
