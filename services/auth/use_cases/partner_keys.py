"""Making, listing, checking and revoking partner keys."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.auth.domain.keys import digest_of, hint_of, make_key
from services.auth.models import PartnerKey
from services.common.errors import NotFound, Unauthenticated


def create_partner_key(session: Session, *, title: str, now: datetime) -> tuple[PartnerKey, str]:
    """A new key, which can be read this once: (what is stored, the key itself)."""
    key = make_key()
    stored = PartnerKey(title=title, digest=digest_of(key), hint=hint_of(key), created_at=now)
    session.add(stored)
    session.flush()
    return stored, key


def list_partner_keys(session: Session) -> Sequence[PartnerKey]:
    return session.scalars(select(PartnerKey).order_by(PartnerKey.id)).all()


def verify_partner_key(session: Session, *, digest: str) -> PartnerKey:
    """The key with this digest, or ``partner_key_unknown`` (revoked ones are unknown)."""
    found = session.scalar(
        select(PartnerKey).where(PartnerKey.digest == digest, PartnerKey.revoked_at.is_(None))
    )
    if found is None:
        raise Unauthenticated("partner_key_unknown")
    return found


def revoke_partner_key(session: Session, *, key_id: int, now: datetime) -> PartnerKey:
    """End a key for good; a second time changes nothing."""
    found = session.get(PartnerKey, key_id, with_for_update={"key_share": True})
    if found is None:
        raise NotFound("partner_key_not_found")
    found.revoked_at = found.revoked_at or now
    return found
