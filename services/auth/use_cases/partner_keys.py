"""Making, listing, checking, limiting, rotating and revoking partner keys."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.auth.domain.keys import digest_of, hint_of, make_key
from services.auth.models import PartnerKey, PartnerSecret
from services.common.errors import Conflict, Invalid, NotFound, Unauthenticated
from services.common.rights import Scope

ALL_SCOPES = tuple(Scope)
LIMITS = ("title", "business_ids", "scopes", "rate_per_second", "rate_per_minute")


def create_partner_key(
    session: Session,
    *,
    title: str,
    business_ids: Sequence[int] | None = None,
    scopes: Iterable[str] = ALL_SCOPES,
    rate_per_second: int | None = None,
    rate_per_minute: int | None = None,
    now: datetime,
) -> tuple[PartnerKey, str]:
    """A new key with its first secret, which can be read this once: (what is stored, it)."""
    stored = PartnerKey(
        title=_title(title),
        business_ids=_businesses(business_ids),
        scopes=_scopes(scopes),
        rate_per_second=rate_per_second,
        rate_per_minute=rate_per_minute,
        created_at=now,
    )
    session.add(stored)
    session.flush()
    return stored, _add_secret(session, stored, now=now)


def list_partner_keys(session: Session, *, business_id: int | None = None) -> Sequence[PartnerKey]:
    """All keys, or those that are for this business alone."""
    keys = select(PartnerKey).order_by(PartnerKey.id)
    if business_id is not None:
        keys = keys.where(PartnerKey.business_ids == [business_id])
    return session.scalars(keys).all()


def secrets_of(session: Session, keys: Iterable[PartnerKey]) -> dict[int, list[PartnerSecret]]:
    """The secrets of these keys by the key's id, the oldest first."""
    found: dict[int, list[PartnerSecret]] = defaultdict(list)
    for secret in session.scalars(
        select(PartnerSecret)
        .where(PartnerSecret.key_id.in_([key.id for key in keys]))
        .order_by(PartnerSecret.id)
    ):
        found[secret.key_id].append(secret)
    return found


def verify_partner_key(session: Session, *, digest: str, now: datetime) -> PartnerKey:
    """The key whose secret has this digest, or ``partner_key_unknown``.

    Revoked keys and secrets that were replaced long enough ago are unknown.
    """
    found = session.scalar(
        select(PartnerKey)
        .join(PartnerSecret, PartnerSecret.key_id == PartnerKey.id)
        .where(
            PartnerSecret.digest == digest,
            PartnerKey.revoked_at.is_(None),
            or_(PartnerSecret.expires_at.is_(None), PartnerSecret.expires_at > now),
        )
    )
    if found is None:
        raise Unauthenticated("partner_key_unknown")
    return found


def change_partner_key(
    session: Session, *, key_id: int, business_id: int | None = None, **changes: object
) -> PartnerKey:
    """Give a key another title, scope or rate; what is not named stays as it is."""
    found = _find(session, key_id, business_id)
    if found.revoked_at is not None:
        raise Conflict("partner_key_revoked")
    checks = {"title": _title, "scopes": _scopes, "business_ids": _businesses}
    for name in LIMITS:
        if name in changes:
            check = checks.get(name)
            value = changes[name]
            setattr(found, name, check(value) if check else value)  # type: ignore[operator]
    return found


def rotate_partner_key(
    session: Session,
    *,
    key_id: int,
    business_id: int | None = None,
    overlap: timedelta,
    now: datetime,
) -> tuple[PartnerKey, str]:
    """A new secret, which can be read this once; older ones are good for ``overlap`` still.

    Rotated again within that time, all but the newest end as was said before.
    """
    found = _find(session, key_id, business_id)
    if found.revoked_at is not None:
        raise Conflict("partner_key_revoked")
    for old in secrets_of(session, [found])[found.id]:
        old.expires_at = min(old.expires_at or now + overlap, now + overlap)
    return found, _add_secret(session, found, now=now)


def revoke_partner_key(
    session: Session, *, key_id: int, business_id: int | None = None, now: datetime
) -> PartnerKey:
    """End a key with all its secrets for good; a second time changes nothing."""
    found = _find(session, key_id, business_id)
    found.revoked_at = found.revoked_at or now
    return found


def _add_secret(session: Session, key: PartnerKey, *, now: datetime) -> str:
    secret = make_key()
    session.add(
        PartnerSecret(key_id=key.id, digest=digest_of(secret), hint=hint_of(secret), created_at=now)
    )
    session.flush()
    return secret


def _find(session: Session, key_id: int, business_id: int | None) -> PartnerKey:
    """The key, locked; with a business only if it is for that one alone."""
    found = session.get(PartnerKey, key_id, with_for_update={"key_share": True})
    if found is None or not (business_id is None or _is_of(found, business_id)):
        raise NotFound("partner_key_not_found")
    return found


def _is_of(key: PartnerKey, business_id: int) -> bool:
    return key.business_ids == [business_id]


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid("title_missing", fields={"title": "required"})
    return title


def _businesses(business_ids: Sequence[int] | None) -> list[int] | None:
    """None is for all; an empty list would be a key for nothing."""
    if business_ids is None:
        return None
    if not business_ids:
        raise Invalid("field_invalid", fields={"business_ids": "at least one"})
    return sorted(set(business_ids))


def _scopes(scopes: Iterable[str]) -> list[str]:
    chosen = [scope.value for scope in Scope if scope in set(scopes)]
    if not chosen:
        raise Invalid("scopes_missing", fields={"scopes": "at least one"})
    return chosen
