"""Where visits may start on a day: the grid that a location, or somebody of its staff, has set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from services.booking.domain.clocks import day_clock

GridBase = Literal["shift", "clock", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRule:
    """The grid of a day on its wall clock. Minutes count from midnight, past 1440 into the night.

    Starts lie ``step`` seconds apart, counted from the start of the shift or, with base "clock",
    from ``first_minute`` (without one from midnight); or they are ``start_minutes`` and no others
    (base "list"; an empty one closes the day). None is before ``first_minute`` or after
    ``last_minute``, and none sooner than in ``lead`` seconds. A flexible grid is counted anew
    from where a visit ends, so that no time is lost behind one that ends off the grid.
    """

    step: int
    lead: int = 0
    base: GridBase = "shift"
    first_minute: int | None = None
    last_minute: int | None = None
    start_minutes: tuple[int, ...] = ()
    is_flexible: bool = False

    def __post_init__(self) -> None:
        if self.step <= 0 or self.lead < 0:
            raise ValueError(f"not a step and a lead in seconds: {self.step}, {self.lead}")


@dataclass(frozen=True, slots=True, eq=False)
class GridRules:
    """The rule of each day: that of its date, else that of its weekday (Monday is 0), else the
    usual one. Never changed once made, for the grids that they make are remembered.
    """

    usual: GridRule
    weekly: Mapping[int, GridRule]
    dated: Mapping[date, GridRule]

    def on(self, day: date) -> GridRule:
        return self.dated.get(day) or self.weekly.get(day.weekday()) or self.usual


class Grid(NamedTuple):
    """The grid of one day, in instants. What is None does not limit."""

    step: int
    lead: int = 0
    anchor: int | None = None
    first: int | None = None
    last: int | None = None
    starts: tuple[int, ...] | None = None
    is_flexible: bool = False


@lru_cache(maxsize=8_192)
def grid_on(rules: GridRules, day: date, zone: ZoneInfo) -> Grid:
    """The grid that holds for shifts that begin on ``day``."""
    rule, clock = rules.on(day), day_clock(day, zone)

    def at(minute: int | None) -> int | None:
        return None if minute is None else clock(minute)

    return Grid(
        step=rule.step,
        lead=rule.lead,
        anchor=clock(rule.first_minute or 0) if rule.base == "clock" else None,
        first=at(rule.first_minute),
        last=at(rule.last_minute),
        starts=tuple(sorted({clock(minute) for minute in rule.start_minutes}))
        if rule.base == "list"
        else None,
        is_flexible=rule.is_flexible,
    )
