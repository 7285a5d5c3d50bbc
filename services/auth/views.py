"""What auth shows of itself."""

from typing import Any

from services.auth.models import Challenge, PartnerKey, StaffUser, User


def show_partner(key: PartnerKey) -> dict[str, Any]:
    return {"id": key.id, "title": key.title}


def show_sent_code(
    challenge: Challenge, *, next_send_in_seconds: int, length: int, now: Any
) -> dict[str, Any]:
    left = challenge.expires_at - now
    return {
        "phone": challenge.recipient,
        "expires_in_seconds": int(left.total_seconds()),
        "next_send_in_seconds": next_send_in_seconds,
        "length": length,
    }


def show_proof(challenge: Challenge) -> dict[str, Any]:
    """A proven challenge is the proof."""
    return {"phone": challenge.recipient, "proof_id": challenge.id}


def show_viewer(user: User, staff: StaffUser | None) -> dict[str, Any]:
    """Who the viewer of a call is. The phone is only told if it was proven."""
    return {
        "id": user.id,
        "kind": user.kind.value,
        "phone": user.phone if staff is None else None,
        "name": user.name,
        "email": user.email,
        "business_id": staff.business_id if staff else None,
        "location_ids": staff.location_ids if staff else None,
        "role": staff.role.value if staff else None,
    }


def show_signed_in(user: User, staff: StaffUser | None, token: str) -> dict[str, Any]:
    """The answer to a sign-in, with the token that opens everything of this user."""
    shown: dict[str, Any] = {
        "id": user.id,
        "kind": user.kind.value,
        "name": user.name,
        "phone": user.phone,
        "email": user.email,
        "login": staff.login if staff else user.phone,
        "avatar_url": user.avatar_url,
    }
    if staff is not None:
        shown |= {
            "business_id": staff.business_id,
            "location_ids": staff.location_ids,
            "role": staff.role.value,
        }
    return {"token": token, "user": shown}
