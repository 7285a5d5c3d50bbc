"""Staff managing staff: whoever gives, changes or takes a right must have as much themselves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.auth.domain.grants import permissions_of
from services.auth.models import StaffRight, StaffUser, User
from services.auth.use_cases import rights
from services.common.calls import Call
from services.common.errors import Conflict
from services.common.rights import Permission, Right, Role

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Place:
    """A location and the business that it belongs to."""

    business_id: int
    location_id: int


def list_users(session: Session, call: Call, place: Place) -> list[tuple[StaffUser, User, Right]]:
    demand_at(call, Permission.USERS_VIEW, place)
    return rights.list_users_at(
        session, business_id=place.business_id, location_id=place.location_id
    )


def find_user(
    session: Session, call: Call, place: Place, user_id: int
) -> tuple[StaffUser, User, Right]:
    """One of them, for who may see them, and for everybody themself."""
    rights.demand_within_key(call, place.business_id)
    if call.viewer.get("user_id") != user_id:
        demand_at(call, Permission.USERS_VIEW, place)
    return _find(session, place, user_id)


def change_right(
    session: Session,
    call: Call,
    place: Place,
    *,
    user_id: int,
    role: Role | None,
    allow: Collection[str],
    refuse: Collection[str],
    all_locations: bool,
    now: datetime,
) -> Right:
    """Give somebody who works there another role, and single permissions more or less.

    Another role begins with what it allows. Said for all locations, it goes before
    what was said of single ones.
    """
    own = demand_at(call, Permission.USERS_EDIT, place, everywhere=all_locations)
    rights.queue_for(session, place.business_id)
    _, _, present = _find(session, place, user_id)
    old = Role(present["role"])
    rights.demand_to_give(own, old, present["permissions"])
    if old is Role.OWNER and not all_locations:
        raise Conflict("right_for_all_locations")
    new = role or old
    allowed = set(permissions_of(new, None) if new is not old else present["permissions"])
    allowed = (allowed | set(allow)) - set(refuse)
    rights.demand_to_give(own, new, allowed)
    if all_locations:
        _forget_single_locations(session, place.business_id, user_id)
    rights.give_right(
        session,
        user_id=user_id,
        business_id=place.business_id,
        location_id=None if all_locations else place.location_id,
        role=new,
        permissions=unless_usual(new, allowed),
        now=now,
    )
    changed = _find(session, place, user_id)[2]
    _note(call, "right_changed", place, user_id, right=changed)
    return changed


def remove_user(
    session: Session, call: Call, place: Place, *, user_id: int, all_locations: bool
) -> None:
    """Let somebody no longer work there, or nowhere in the business.

    Who works at all locations cannot be taken from one of them: ``right_for_all_locations``.
    """
    own = demand_at(call, Permission.USERS_EDIT, place, everywhere=all_locations)
    rights.queue_for(session, place.business_id)
    _, _, present = _find(session, place, user_id)
    rights.demand_to_give(own, Role(present["role"]), present["permissions"])
    if not all_locations:
        if present["location_id"] is None:
            raise Conflict("right_for_all_locations")
        rights.take_right(
            session,
            user_id=user_id,
            business_id=place.business_id,
            location_id=place.location_id,
        )
        _note(call, "right_taken", place, user_id, right=present)
        return
    for right in rights.rights_by_user(session, [user_id])[user_id]:
        if right["business_id"] == place.business_id:
            rights.demand_to_give(own, Role(right["role"]), right["permissions"])
            rights.take_right(
                session,
                user_id=user_id,
                business_id=place.business_id,
                location_id=right["location_id"],
            )
    _note(call, "right_taken", place, user_id, right=present)


def copy_right(
    session: Session,
    call: Call,
    place: Place,
    *,
    user_id: int,
    places: Iterable[Place],
    now: datetime,
) -> None:
    """Let somebody do at these places what they do at this one."""
    demand_at(call, Permission.USERS_VIEW, place)
    _, _, right = _find(session, place, user_id)
    role = Role(right["role"])
    for other in _in_order(places):
        own = demand_at(call, Permission.USERS_EDIT, other)
        rights.queue_for(session, other.business_id)
        if role is Role.OWNER:
            raise Conflict("right_for_all_locations")
        known = rights.effective_right(session, user_id, other.business_id, other.location_id)
        if known is not None:
            rights.demand_to_give(own, Role(known["role"]), known["permissions"])
            if known["role"] == Role.OWNER:
                continue
        rights.demand_to_give(own, role, right["permissions"])
        rights.give_right(
            session,
            user_id=user_id,
            business_id=other.business_id,
            location_id=other.location_id,
            role=role,
            permissions=unless_usual(role, right["permissions"]),
            now=now,
        )
        _note(call, "right_changed", other, user_id, right=right)


def remove_from(session: Session, call: Call, *, user_id: int, places: Iterable[Place]) -> None:
    """Let somebody work at none of these places any more; all of them or none."""
    for place in _in_order(places):
        remove_user(session, call, place, user_id=user_id, all_locations=False)


def demand_at(
    call: Call, permission: Permission, place: Place, *, everywhere: bool = False
) -> Right:
    return rights.demand(
        call,
        permission,
        business_id=place.business_id,
        location_id=None if everywhere else place.location_id,
    )


def _note(call: Call, what: str, place: Place, user_id: int, *, right: Right) -> None:
    """Who gave or took what, for whoever asks later; people by their ids alone."""
    log.info(
        what,
        by=call.viewer.get("user_id"),
        user_id=user_id,
        business_id=place.business_id,
        location_id=place.location_id,
        role=right["role"],
        permissions=list(right["permissions"]),
    )


def _find(session: Session, place: Place, user_id: int) -> tuple[StaffUser, User, Right]:
    return rights.find_user_at(
        session, user_id, business_id=place.business_id, location_id=place.location_id
    )


def _in_order(places: Iterable[Place]) -> list[Place]:
    """Always the same way round, so that two who ask at once wait for each other in turn."""
    return sorted(set(places), key=lambda place: (place.business_id, place.location_id))


def unless_usual(role: Role, allowed: Iterable[str]) -> list[str] | None:
    """None for what the role allows anyway, so that it follows the role in later versions."""
    chosen = permissions_of(role, allowed)
    return None if chosen == permissions_of(role, None) else chosen


def _forget_single_locations(session: Session, business_id: int, user_id: int) -> None:
    session.execute(
        delete(StaffRight).where(
            StaffRight.user_id == user_id,
            StaffRight.business_id == business_id,
            StaffRight.location_id.is_not(None),
        )
    )
