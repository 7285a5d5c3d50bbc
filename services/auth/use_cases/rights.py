"""Who of the staff may do what: giving rights, changing and taking them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from services.auth.domain.grants import may_give, permissions_of
from services.auth.models import StaffRight, StaffUser, User
from services.common.calls import Call
from services.common.db import insert_into
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.rights import Permission as May
from services.common.rights import Right, Role, is_within_key, may, right_at, rights_of


def demand(
    call: Call, permission: May, *, business_id: int, location_id: int | None = None
) -> Right:
    """The viewer's right there, if it allows that; else ``forbidden`` or ``permission_missing``.

    ``location_outside_key`` when the key that they come with is for other businesses.
    """
    demand_within_key(call, business_id)
    rights = rights_of(call.viewer)
    own = right_at(rights, business_id=business_id, location_id=location_id)
    if own is None:
        raise Forbidden("forbidden")
    if not may(rights, permission, business_id=business_id, location_id=location_id):
        raise Forbidden("permission_missing", params={"permission": permission.value})
    return own


def demand_within_key(call: Call, business_id: int) -> None:
    """A key opens its own businesses alone, whatever its user may do in others."""
    if not is_within_key(call.viewer, business_id):
        raise Forbidden("location_outside_key")


def give_right(
    session: Session,
    *,
    user_id: int,
    business_id: int,
    location_id: int | None,
    role: Role,
    permissions: Collection[str] | None = None,
    now: datetime,
) -> StaffRight:
    """Let a staff user do that there from now on, whatever they could before.

    Refused with ``last_owner`` when a business would be left without an owner.
    """
    refuse_owner_of_one(role, location_id)
    queue_for(session, business_id)
    chosen = None if role is Role.OWNER or permissions is None else list(permissions)
    session.execute(
        insert_into(session, StaffRight)
        .values(
            user_id=user_id,
            business_id=business_id,
            location_id=location_id,
            role=role,
            permissions=chosen,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )
    right = _right_for(session, user_id, business_id, location_id)
    assert right is not None
    if right.role is Role.OWNER and role is not Role.OWNER:
        _keep_another_owner(session, business_id, user_id)
    right.role, right.permissions = role, chosen
    session.flush()
    return right


def take_right(
    session: Session, *, user_id: int, business_id: int, location_id: int | None
) -> None:
    """Take the right for this very place; ``last_owner`` when nobody would own the business."""
    queue_for(session, business_id)
    right = _right_for(session, user_id, business_id, location_id)
    if right is None:
        raise NotFound("staff_user_not_found")
    if right.role is Role.OWNER:
        _keep_another_owner(session, business_id, user_id)
    session.delete(right)
    session.flush()


def refuse_owner_of_one(role: Role, location_id: int | None) -> None:
    if role is Role.OWNER and location_id is not None:
        raise Invalid("owner_of_a_location", fields={"role": "owners own all locations"})


def demand_to_give(own: Right, role: Role, permissions: Iterable[str]) -> None:
    """``rights_beyond_own`` for who would give, change or take more than they have."""
    if not may_give(own, role, list(permissions)):
        raise Forbidden("rights_beyond_own")


def list_users_at(
    session: Session, *, business_id: int, location_id: int
) -> list[tuple[StaffUser, User, Right]]:
    """Everybody who may do something at a location, with the right that counts there."""
    users = session.execute(
        select(StaffUser, User)
        .join(User, User.id == StaffUser.user_id)
        .where(
            StaffUser.revoked_at.is_(None),
            StaffUser.user_id.in_(
                select(StaffRight.user_id).where(
                    StaffRight.business_id == business_id,
                    or_(StaffRight.location_id.is_(None), StaffRight.location_id == location_id),
                )
            ),
        )
        .order_by(StaffUser.user_id)
    ).all()
    rights = rights_by_user(session, [staff.user_id for staff, _ in users])
    told = []
    for staff, user in users:
        right = right_at(rights[staff.user_id], business_id=business_id, location_id=location_id)
        if right is not None:
            told.append((staff, user, right))
    return told


def find_user_at(
    session: Session, user_id: int, *, business_id: int, location_id: int
) -> tuple[StaffUser, User, Right]:
    """One of them, or ``staff_user_not_found``."""
    found: Row[StaffUser, User] | None = session.execute(
        select(StaffUser, User)
        .join(User, User.id == StaffUser.user_id)
        .where(StaffUser.user_id == user_id, StaffUser.revoked_at.is_(None))
    ).first()
    rights = rights_by_user(session, [user_id])[user_id]
    right = right_at(rights, business_id=business_id, location_id=location_id)
    if found is None or right is None:
        raise NotFound("staff_user_not_found")
    staff, user = found
    return staff, user, right


def effective_right(
    session: Session, user_id: int, business_id: int, location_id: int
) -> Right | None:
    """What somebody may do there, if anything."""
    known = rights_by_user(session, [user_id])[user_id]
    return right_at(known, business_id=business_id, location_id=location_id)


def rights_by_user(session: Session, user_ids: Sequence[int]) -> Mapping[int, list[Right]]:
    """What each of these staff users may do, in the form in which rights travel."""
    told: dict[int, list[Right]] = defaultdict(list)
    for right in session.scalars(
        select(StaffRight).where(StaffRight.user_id.in_(user_ids)).order_by(StaffRight.id)
    ):
        told[right.user_id].append(as_told(right))
    return told


def as_told(right: StaffRight) -> dict[str, Any]:
    return {
        "business_id": right.business_id,
        "location_id": right.location_id,
        "role": right.role.value,
        "permissions": permissions_of(right.role, right.permissions),
    }


def _right_for(
    session: Session, user_id: int, business_id: int, location_id: int | None
) -> StaffRight | None:
    """The right for this very place, as it is now."""
    return session.scalar(
        select(StaffRight)
        .where(
            StaffRight.user_id == user_id,
            StaffRight.business_id == business_id,
            StaffRight.location_id.is_not_distinct_from(location_id),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def queue_for(session: Session, business_id: int) -> None:
    """One at a time for each business that has an owner, so that of two who leave one stays."""
    session.scalars(
        select(StaffRight.id)
        .where(StaffRight.business_id == business_id, StaffRight.role == Role.OWNER)
        .order_by(StaffRight.id)
        .with_for_update()
    ).all()


def _keep_another_owner(session: Session, business_id: int, user_id: int) -> None:
    """Refused unless somebody else owns the business, too, and can sign in."""
    others = session.scalar(
        select(func.count())
        .select_from(StaffRight)
        .join(StaffUser, StaffUser.user_id == StaffRight.user_id)
        .where(
            StaffRight.business_id == business_id,
            StaffRight.role == Role.OWNER,
            StaffRight.user_id != user_id,
            StaffUser.revoked_at.is_(None),
        )
    )
    if not others:
        raise Conflict("last_owner")
