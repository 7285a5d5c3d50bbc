"""What auth shows of itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.auth.domain.grants import permissions_of
from services.auth.models import (
    Challenge,
    Document,
    Invitation,
    PartnerKey,
    PartnerSecret,
    StaffRight,
    StaffUser,
    User,
    UserSession,
)
from services.auth.use_cases.rights import as_told
from services.common.rights import Right


def show_partner(key: PartnerKey) -> dict[str, Any]:
    """What the gateway needs to know of whoever calls with this key."""
    return {
        "id": key.id,
        "title": key.title,
        "business_ids": key.business_ids,
        "scopes": key.scopes,
        "rate_per_second": key.rate_per_second,
        "rate_per_minute": key.rate_per_minute,
    }


def show_partner_key(key: PartnerKey, secrets: Iterable[PartnerSecret]) -> dict[str, Any]:
    """A key in a list; of its secrets, which nobody knows but who has them, their beginnings."""
    return {
        **show_partner(key),
        "created_at": moment(key.created_at),
        "revoked_at": moment(key.revoked_at),
        "secrets": [
            {
                "hint": secret.hint,
                "created_at": moment(secret.created_at),
                "expires_at": moment(secret.expires_at),
            }
            for secret in secrets
        ],
    }


def show_session(known: UserSession, *, digest: str | None) -> dict[str, Any]:
    return {
        "id": known.id,
        "device": known.device,
        "created_at": moment(known.created_at),
        "last_used_at": moment(known.last_used_at),
        "is_current": known.digest == digest,
    }


def show_sent_code(
    challenge: Challenge, *, next_send_in_seconds: int, length: int, now: Any
) -> dict[str, Any]:
    left = challenge.expires_at - now
    return {
        "expires_in_seconds": int(left.total_seconds()),
        "next_send_in_seconds": next_send_in_seconds,
        "length": length,
    }


def show_proof(challenge: Challenge) -> dict[str, Any]:
    """A proven challenge is the proof."""
    return {"phone": challenge.recipient, "proof_id": challenge.id}


def show_viewer(
    user: User, staff: StaffUser | None, rights: Iterable[StaffRight], *, phone_is_fresh: bool
) -> dict[str, Any]:
    """Who the viewer of a call is. Phone and e-mail are only told if they were proven.

    A phone that is not fresh may be somebody else's by now: it opens nothing.
    """
    return {
        "id": user.id,
        "kind": user.kind.value,
        "phone": user.phone if staff is None else None,
        "phone_is_fresh": phone_is_fresh,
        "name": user.name,
        "email": user.email if staff or user.email_proven_at else None,
        "language": user.language,
        "rights": [as_told(right) for right in rights],
    }


def show_staff_user(staff: StaffUser, user: User, right: Right) -> dict[str, Any]:
    """Somebody of the staff, for whoever manages it: with what they may do at the place."""
    return {
        "id": staff.user_id,
        "login": staff.login,
        "name": user.name,
        "phone": user.phone,
        "email": user.email,
        "photo": user.photo,
        "created_at": moment(user.created_at),
        "right": dict(right),
    }


def login_of(user: User) -> str | None:
    """What a client signs in with."""
    return user.phone or (user.email if user.email_proven_at else None)


def show_profile(user: User) -> dict[str, Any]:
    """What a client is shown of themself."""
    return {
        "id": user.id,
        "name": user.name,
        "phone": user.phone,
        "email": user.email,
        "is_email_proven": user.email_proven_at is not None,
        "has_password": user.password_hash is not None,
        "login": login_of(user),
        "photo": user.photo,
        "language": user.language,
        "date_format": user.date_format,
        "time_format": user.time_format,
        "notifications_enabled": user.notifications_enabled,
    }


def show_link(challenge: Challenge) -> dict[str, Any]:
    """What the page behind a link says, to whoever has the letter."""
    return {"email": challenge.recipient}


def show_challenge(challenge: Challenge, *, now: datetime) -> dict[str, Any]:
    """The answer to a right password that is not enough: for which code is waited."""
    return {
        "challenge": {
            "challenge_id": challenge.id,
            "medium": challenge.medium.value,
            "expires_in_seconds": int((challenge.expires_at - now).total_seconds()),
        }
    }


def show_second_factor(staff: StaffUser) -> dict[str, Any]:
    return {"medium": staff.second_factor and staff.second_factor.value}


def show_invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "email": invitation.email,
        "created_at": moment(invitation.created_at),
        "right": {
            "business_id": invitation.business_id,
            "location_id": invitation.location_id,
            "role": invitation.role.value,
            "permissions": permissions_of(invitation.role, invitation.permissions),
        },
    }


def show_signed_in(user: User, staff: StaffUser | None, token: str) -> dict[str, Any]:
    """The answer to a sign-in, with the token that opens everything of this user."""
    shown = {
        "id": user.id,
        "kind": user.kind.value,
        "name": user.name,
        "phone": user.phone,
        "email": user.email,
        "login": staff.login if staff else login_of(user),
        "photo": user.photo,
    }
    return {"token": token, "user": shown}


def show_document(
    document: Document, accepted_at: Mapping[int, datetime] | None = None
) -> dict[str, Any]:
    """A text that people are asked to accept; ``accepted_at``: when somebody did, by version."""
    accepted = (accepted_at or {}).get(document.version)
    return {
        "kind": document.kind.value,
        "version": document.version,
        "language": document.language,
        "is_required": document.is_required,
        "content": document.content,
        "published_at": moment(document.published_at),
        "accepted_at": accepted and moment(accepted),
    }


def moment(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
