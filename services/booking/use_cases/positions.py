"""What staff of a location are by contract."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.booking.events import StaffMemberChanged
from services.booking.models import Location, Position, StaffMember
from services.booking.use_cases.permissions import administered_location, staff_location
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.outbox import announce
from services.common.rights import Permission

FACTS = ("title", "description")


def list_positions(session: Session, *, location_id: int, call: Call) -> Sequence[Position]:
    location = staff_location(session, call, location_id, None)
    return session.scalars(
        select(Position)
        .where(Position.location_id == location.id, Position.archived_at.is_(None))
        .order_by(Position.id)
    ).all()


def get_position(session: Session, *, location_id: int, position_id: int, call: Call) -> Position:
    return position_at(session, staff_location(session, call, location_id, None), position_id)


def create_position(session: Session, request: Mapping[str, Any], call: Call) -> Position:
    location = administered_location(session, call, request["location_id"], Permission.STAFF_EDIT)
    facts = {name: request[name] for name in FACTS if name in request}
    position = Position(location_id=location.id, **facts)
    session.add(position)
    session.flush()
    return position


def update_position(session: Session, request: Mapping[str, Any], call: Call) -> Position:
    location = administered_location(session, call, request["location_id"], Permission.STAFF_EDIT)
    position = position_at(session, location, request["position_id"])
    for name in FACTS:
        if name in request:
            setattr(position, name, request[name])
    session.flush()
    _tell_of_holders(session, location, _holders(session, position))
    return position


def delete_position(session: Session, *, location_id: int, position_id: int, call: Call) -> None:
    """Take a position away; who had it has none. Twice is once."""
    location = administered_location(session, call, location_id, Permission.STAFF_EDIT)
    position = position_at(session, location, position_id, with_archived=True)
    if position.archived_at is not None:
        return
    position.archived_at = call.now
    holders = _holders(session, position)
    for member in holders:
        member.position = None
    session.flush()
    _tell_of_holders(session, location, holders)


def position_at(
    session: Session, location: Location, position_id: int, *, with_archived: bool = False
) -> Position:
    """The location's position, or ``position_not_found``."""
    position = session.get(Position, position_id)
    if (
        position is None
        or position.location_id != location.id
        or not (with_archived or position.archived_at is None)
    ):
        raise NotFound("position_not_found", fields={"position_id": str(position_id)})
    return position


def _holders(session: Session, position: Position) -> Sequence[StaffMember]:
    """Who has the position, locked: they are about to change."""
    return session.scalars(
        select(StaffMember)
        .where(StaffMember.position_id == position.id)
        .options(joinedload(StaffMember.position))
        .order_by(StaffMember.id)
        .with_for_update(of=StaffMember, key_share=True)
    ).all()


def _tell_of_holders(session: Session, location: Location, holders: Sequence[StaffMember]) -> None:
    for member in holders:
        member.version += 1
    session.flush()
    for member in holders:
        announce(session, StaffMemberChanged.of(member, location))
