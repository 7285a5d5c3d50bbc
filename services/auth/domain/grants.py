"""Who may give which rights, and take them: nobody gives what they have not themselves."""

from collections.abc import Collection, Iterable

from services.common.rights import EVERYTHING, OF_ROLE, Permission, Right, Role


def permissions_of(role: Role, chosen: Iterable[str] | None) -> list[str]:
    """What a right allows, in the order of the vocabulary.

    Everything to owners; without a choice, what the role allows. Words that were
    once chosen and are gone from the vocabulary allow nothing.
    """
    allowed = OF_ROLE[role] if chosen is None or role is Role.OWNER else set(chosen)
    return [permission.value for permission in Permission if permission in allowed]


def may_give(own: Right | None, role: Role, permissions: Collection[str]) -> bool:
    """Whether somebody with the right ``own`` there may give, change or take such a right."""
    if own is None:
        return False
    if own["role"] == Role.OWNER:
        return True
    return (
        Permission.USERS_EDIT in own["permissions"]
        and role is not Role.OWNER
        and set(permissions) <= set(own["permissions"])
    )


def unknown_permissions(words: Iterable[str]) -> list[str]:
    return sorted(set(words) - EVERYTHING)
