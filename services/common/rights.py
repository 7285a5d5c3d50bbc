"""What staff may do where: one vocabulary, and the questions that every service asks of it.

The rights of a staff user travel in the viewer of each call, as auth tells them:
``{business_id, location_id or None, role, permissions}``.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

Right = Mapping[str, Any]


class Role(StrEnum):
    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    STAFF = "staff"


class Permission(StrEnum):
    """All that can be allowed. What no permission stands for, every staff user of a place may."""

    APPOINTMENTS_VIEW = "appointments_view"
    APPOINTMENTS_EDIT = "appointments_edit"
    APPOINTMENTS_DELETE = "appointments_delete"
    CLIENTS_VIEW = "clients_view"
    CLIENTS_EDIT = "clients_edit"
    CLIENTS_DELETE = "clients_delete"
    SCHEDULES_VIEW = "schedules_view"
    SCHEDULES_EDIT = "schedules_edit"
    USERS_VIEW = "users_view"
    USERS_EDIT = "users_edit"
    KEYS_EDIT = "keys_edit"
    CATALOGUE_EDIT = "catalogue_edit"
    STAFF_EDIT = "staff_edit"
    SETTINGS_EDIT = "settings_edit"
    REVIEWS_EDIT = "reviews_edit"


class Scope(StrEnum):
    """What a partner's key is for. With a key that lacks one, nobody of that kind signs in."""

    BOOKING = "booking"
    CLIENT = "client"
    STAFF = "staff"


EVERYTHING = frozenset(Permission)

OF_ROLE: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: EVERYTHING,
    Role.ADMINISTRATOR: EVERYTHING - {Permission.KEYS_EDIT},
    Role.STAFF: frozenset(
        {
            Permission.APPOINTMENTS_VIEW,
            Permission.APPOINTMENTS_EDIT,
            Permission.SCHEDULES_VIEW,
        }
    ),
}
"""What a role allows to whom nothing else was said of."""


def right_at(
    rights: Iterable[Right], *, business_id: int, location_id: int | None = None
) -> Right | None:
    """The right that counts at a location, or without one for the business as a whole.

    One for the location itself goes before one for the whole business, so that it
    can allow less; but nothing takes from owners.
    """
    of_business = [right for right in rights if right["business_id"] == business_id]
    for_all = next((right for right in of_business if right["location_id"] is None), None)
    if location_id is None or (for_all is not None and for_all["role"] == Role.OWNER):
        return for_all
    for_one = (right for right in of_business if right["location_id"] == location_id)
    return next(for_one, for_all)


def may(
    rights: Iterable[Right],
    permission: Permission,
    *,
    business_id: int,
    location_id: int | None = None,
) -> bool:
    """Whether the permission is given there."""
    right = right_at(rights, business_id=business_id, location_id=location_id)
    return right is not None and permission in right["permissions"]


def rights_of(viewer: Mapping[str, Any]) -> list[Right]:
    """The rights of a call's viewer; nobody but staff has any."""
    rights = viewer.get("rights") if viewer.get("kind") == "staff" else None
    return list(rights or [])


def is_within_key(viewer: Mapping[str, Any], business_id: int) -> bool:
    """Whether the partner's key is one for this business; most are for all of them."""
    allowed = viewer.get("partner_business_ids")
    return allowed is None or business_id in allowed
