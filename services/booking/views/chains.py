"""The clients of businesses of several locations, for the staff who work there."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Business, Client
from services.common.calls import Call
from services.common.errors import Forbidden, NotFound
from services.common.rights import Permission, is_within_key, may, rights_of


def list_chain_clients(
    session: Session, *, business_id: int, phone: str | None, page: int, page_size: int, call: Call
) -> dict[str, Any]:
    """The clients of a chain with a number, or all; for who sees those of the whole business."""
    rights = rights_of(call.viewer)
    business = session.get(Business, business_id)
    if (
        business is None
        or not any(right["business_id"] == business_id for right in rights)
        or not is_within_key(call.viewer, business_id)
    ):
        raise NotFound("chain_not_found")
    if not may(rights, Permission.CLIENTS_VIEW, business_id=business_id):
        permission = Permission.CLIENTS_VIEW.value
        raise Forbidden("permission_missing", params={"permission": permission})
    digits = "".join(one for one in phone or "" if one.isascii() and one.isdigit())
    found = session.scalars(
        select(Client)
        .where(
            Client.business_id == business_id,
            Client.deleted_at.is_(None),
            *([Client.phone.contains(digits)] if digits else []),
        )
        .order_by(Client.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    names = ("id", "name", "surname", "phone", "email")
    return {"clients": [{name: getattr(one, name) for name in names} for one in found]}
