"""Importing the people of locations, with their positions."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.booking.events import StaffMemberChanged
from services.booking.models import Location, Position, StaffMember
from services.booking.use_cases.imports.reading import (
    Line,
    Names,
    Places,
    read_places,
    same,
    save,
    understand,
)
from services.common.calls import Call
from services.common.imports import Report
from services.common.outbox import announce_all

Positions = dict[tuple[int, str], Position]


def import_staff(
    session: Session, business_id: int, lines: Sequence[Line], report: Report, call: Call
) -> None:
    """Take these people on; who was dismissed since an earlier import stays so."""
    places = read_places(session, business_id, lock=True)
    known = names_of_staff(session, places, with_fired=True)
    found = [
        (location, member, told)
        for line, location, member, told in understand(lines, "name", places, known, _facts, report)
        if not _is_gone(line, member, report)
    ]
    report.stop_if_refused()
    positions = _positions(session, places, [(place, told) for place, _, told in found])
    changed = []
    for location, member, told in found:
        if "position" in told:
            told["position"] = positions[location.id, same(told["position"])]
        new = partial(StaffMember, location_id=location.id, position=None)
        saved = save(session, member, told, report, new=new)
        changed += [(saved, location)] if saved else []
    session.flush()
    announce_all(session, (StaffMemberChanged.of(*pair) for pair in changed))


def _is_gone(line: Line, member: StaffMember | None, report: Report) -> bool:
    """Whether that person was dismissed here since an earlier import: then they stay so."""
    if member is None or member.fired_at is None:
        return False
    report.skip(line.number, "name", "works there no longer, and stays so")
    return True


def names_of_staff(
    session: Session, places: Places, *, with_fired: bool = False
) -> Names[StaffMember]:
    """Who works at these places; on demand also who did, behind those who do."""
    wanted = select(StaffMember).where(
        StaffMember.location_id.in_([place.id for place in places.all])
    )
    if not with_fired:
        wanted = wanted.where(StaffMember.fired_at.is_(None))
    people = session.scalars(
        wanted.options(joinedload(StaffMember.position)).order_by(StaffMember.id)
    )
    return Names[StaffMember](
        "staff member",
        people,
        place=lambda member: member.location_id,
        external_id=lambda member: member.api_id,
        name=lambda member: member.name,
    )


def _facts(line: Line, location: Location, report: Report) -> dict[str, Any]:
    facts = {name: told for name, told in line.facts.items() if name != "location"}
    if (external_id := facts.pop("external_id", None)) is not None:
        facts["api_id"] = external_id
    return facts


def _positions(
    session: Session, places: Places, wanted: Iterable[tuple[Location, Mapping[str, Any]]]
) -> Positions:
    """The position of that title at each location, the first if there are several."""
    positions: Positions = {}
    for position in session.scalars(
        select(Position)
        .where(
            Position.location_id.in_([place.id for place in places.all]),
            Position.archived_at.is_(None),
        )
        .order_by(Position.id)
    ):
        positions.setdefault((position.location_id, same(position.title)), position)
    for location, told in wanted:
        title = told.get("position")
        if title is not None and (location.id, same(title)) not in positions:
            new = Position(location_id=location.id, title=title)
            positions[location.id, same(title)] = new
            session.add(new)
    return positions
