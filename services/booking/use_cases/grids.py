"""Where visits may start: the grids of locations, read for any number of days in one query."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from services.booking.domain.grids import GridRule, GridRules
from services.booking.models import DayGrid, Location
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.timetable_changes import tell_of_timetable
from services.common.calls import Call
from services.common.errors import Invalid
from services.common.rights import Permission


def read_grid_rules(
    session: Session, locations: Sequence[Location], first: date, last: date
) -> dict[int, GridRules]:
    """The grids of these locations: {location: rules}; most have none but their usual one."""
    own = {location.id: location for location in locations if location.day_grids_enabled}
    weekly: dict[int, list[tuple[int, GridRule]]] = defaultdict(list)
    dated: dict[int, list[tuple[date, GridRule]]] = defaultdict(list)
    if own:
        wanted = select(DayGrid).where(
            DayGrid.location_id.in_(own),
            or_(DayGrid.day.is_(None), DayGrid.day.between(first, last)),
        )
        for grid in session.scalars(wanted):
            rule = rule_of(grid, own[grid.location_id])
            if grid.weekday is not None:
                weekly[grid.location_id].append((grid.weekday, rule))
            elif grid.day is not None:
                dated[grid.location_id].append((grid.day, rule))
    return {
        location.id: _rules_of(
            GridRule(step=location.grid_step_seconds, lead=location.lead_seconds),
            frozenset(weekly[location.id]),
            frozenset(dated[location.id]),
        )
        for location in locations
    }


def rule_of(grid: DayGrid, location: Location) -> GridRule:
    return GridRule(
        step=grid.step_seconds,
        lead=location.lead_seconds if grid.lead_seconds is None else grid.lead_seconds,
        base=grid.base,
        first_minute=grid.first_minute,
        last_minute=grid.last_minute,
        start_minutes=tuple(grid.start_minutes),
        is_flexible=grid.is_flexible,
    )


def get_day_grids(session: Session, *, location_id: int, call: Call) -> dict[str, Any]:
    """The grids that a location has set, whether or not they are switched on."""
    return show_grids(
        session, staff_location(session, call, location_id, Permission.SCHEDULES_VIEW)
    )


def set_day_grids(
    session: Session,
    *,
    location_id: int,
    is_enabled: bool | None,
    weekdays: Sequence[Mapping[str, Any]] | None,
    dates: Sequence[Mapping[str, Any]] | None,
    call: Call,
) -> dict[str, Any]:
    """Replace all weekdays, all dates, or both by what is given; None leaves them as they are."""
    location = administered_location(session, call, location_id, Permission.SETTINGS_EDIT)
    if is_enabled is not None:
        location.day_grids_enabled = is_enabled
    if weekdays is not None:
        _replace(session, location, DayGrid.weekday.is_not(None), "weekday", weekdays)
    if dates is not None:
        _replace(session, location, DayGrid.day.is_not(None), "day", dates)
    tell_of_timetable(session, location)
    return show_grids(session, location)


def _replace(
    session: Session,
    location: Location,
    of_its_kind: ColumnElement[bool],
    key: str,
    grids: Iterable[Mapping[str, Any]],
) -> None:
    seen = set()
    for grid in grids:
        if grid[key] in seen:
            raise Invalid("grid_malformed", fields={key: "named twice"})
        seen.add(grid[key])
        first, last = grid["first_minute"], grid["last_minute"]
        if first is not None and last is not None and last < first:
            raise Invalid("grid_malformed", fields={"last_minute": "before the first"})
    session.execute(delete(DayGrid).where(DayGrid.location_id == location.id, of_its_kind))
    session.add_all(DayGrid(location_id=location.id, **grid) for grid in grids)


def show_grids(session: Session, location: Location) -> dict[str, Any]:
    """All that were set there, whether or not they are switched on."""
    grids = session.scalars(
        select(DayGrid)
        .where(DayGrid.location_id == location.id)
        .order_by(DayGrid.weekday, DayGrid.day)
    ).all()
    return {
        "is_enabled": location.day_grids_enabled,
        "weekdays": [
            {"weekday": grid.weekday, **_show(grid, location)}
            for grid in grids
            if grid.weekday is not None
        ],
        "dates": [
            {"day": grid.day.isoformat(), **_show(grid, location)}
            for grid in grids
            if grid.day is not None
        ],
    }


def _show(grid: DayGrid, location: Location) -> dict[str, Any]:
    rule = rule_of(grid, location)
    return {
        "base": rule.base,
        "step_seconds": rule.step,
        "lead_seconds": rule.lead,
        "first_minute": rule.first_minute,
        "last_minute": rule.last_minute,
        "start_minutes": list(rule.start_minutes),
        "is_flexible": rule.is_flexible,
    }


@lru_cache(maxsize=1_024)
def _rules_of(
    usual: GridRule,
    weekly: frozenset[tuple[int, GridRule]],
    dated: frozenset[tuple[date, GridRule]],
) -> GridRules:
    """The same object for the same rules, so that their grids are remembered for everybody."""
    return GridRules(usual, dict(weekly), dict(dated))
