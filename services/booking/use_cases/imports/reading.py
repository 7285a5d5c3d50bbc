"""What all imports do with their rows: read the cells, and find what is meant by a name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from marshmallow import Schema, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.booking.models import Location
from services.booking.use_cases.locks import lock_locations
from services.common.errors import Invalid
from services.common.imports import Report, Row
from services.common.money import exponent_of, minor_units
from services.common.phones import normal_phone

AT_ONCE = 2_000

Thing = TypeVar("Thing")


class Line(NamedTuple):
    """A row whose cells were understood, by its number; what was empty is left out."""

    number: int
    facts: dict[str, Any]


def read_cells(table: type[Schema], rows: Sequence[Row], report: Report) -> list[Line]:
    """The rows that can be understood; of the others the report says what is wrong."""
    reader, lines = table(), []
    for row in report.progress(rows, "Reading"):
        try:
            lines.append(Line(row.number, reader.load(row.cells)))
        except ValidationError as error:
            for column, reasons in error.normalized_messages().items():
                report.refuse(row.number, column, "; ".join(reasons))
    return lines


class Names(Generic[Thing]):
    """Things by what people call them: an external id, or else a name that only one has."""

    def __init__(
        self,
        word: str,
        things: Iterable[Thing],
        *,
        place: Callable[[Thing], int | None],
        external_id: Callable[[Thing], str | None],
        name: Callable[[Thing], str],
    ) -> None:
        self._word = word
        self._by_id: dict[tuple[int | None, str], list[Thing]] = defaultdict(list)
        self._by_name: dict[tuple[int | None, str], list[Thing]] = defaultdict(list)
        self._external_id = external_id
        for thing in things:
            if (told := external_id(thing)) is not None:
                self._by_id[place(thing), told].append(thing)
            self._by_name[place(thing), same(name(thing))].append(thing)

    def meant(
        self, line: Line, column: str, called: str, report: Report, *, place: int | None = None
    ) -> Thing | None:
        """Who or what a cell refers to; refused when there is none, or more than one."""
        found = self._by_id.get((place, called)) or self._by_name.get((place, same(called)), [])
        if len(found) == 1:
            return found[0]
        reason = f"several are called «{called}» here; an external_id tells them apart"
        if not found:
            reason = f"there is no {self._word} «{called}» here"
        report.refuse(line.number, column, reason)
        return None

    def known(
        self, line: Line, column: str, report: Report, *, place: int | None = None
    ) -> Thing | None:
        """What the row itself is about, if it is there already.

        With an external id it is what has that id, or what has the name and no id yet.
        """
        external_id, name = line.facts.get("external_id"), same(line.facts[column])
        named = self._by_name.get((place, name), [])
        if external_id is None:
            found = named
        else:
            without = [thing for thing in named if self._external_id(thing) is None]
            found = self._by_id.get((place, external_id)) or without
        if len(found) > 1:
            here = "external_id" if external_id else column
            report.refuse(line.number, here, "several have this already")
        return found[0] if found else None


def same(name: str) -> str:
    """Two names that differ in case and spaces alone are one."""
    return " ".join(name.split()).casefold()


class Twins:
    """Notices when two rows are about the same."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._rows: dict[Any, int] = {}
        self._named: dict[tuple[int | None, str], Line] = {}

    def are(self, line: Line, column: str, key: Any) -> bool:
        """Whether an earlier row was about this; the later is refused."""
        first = self._rows.setdefault(key, line.number)
        if first == line.number:
            return False
        self._report.refuse(line.number, column, f"the same as in row {first}")
        return True

    def are_named(
        self, line: Line, column: str, thing: object | None, place: int | None = None
    ) -> bool:
        """The same of rows with a name: what has the same name is told apart by its external id."""
        external_id, name = line.facts.get("external_id"), same(line.facts[column])
        first = self._named.setdefault((place, name), line)
        if first is not line and None in (external_id, first.facts.get("external_id")):
            reason = f"the same as in row {first.number}, and not both have an external_id"
            self._report.refuse(line.number, column, reason)
            return True
        by = "external_id" if external_id else "name"
        return self.are(line, column, (place, thing or (by, external_id or name)))


class Places:
    """The open locations of a business."""

    def __init__(self, locations: Sequence[Location]) -> None:
        self.all = locations
        self.names = Names[Location](
            "location",
            locations,
            place=lambda _: None,
            external_id=lambda location: location.api_id,
            name=lambda location: location.title,
        )

    @property
    def country(self) -> str | None:
        """The country that all of them are in."""
        countries = {location.city.country_code for location in self.all}
        return countries.pop() if len(countries) == 1 else None

    def of(self, line: Line, report: Report) -> Location | None:
        """The location of a row: the one it names, or the only one that there is."""
        called = line.facts.get("location")
        if called is not None:
            return self.names.meant(line, "location", called, report)
        if len(self.all) == 1:
            return self.all[0]
        reason = "must not be empty: the business has several" if self.all else "there is none yet"
        report.refuse(line.number, "location", reason)
        return None


def understand(
    lines: Sequence[Line],
    column: str,
    places: Places,
    known: Names[Thing],
    facts_of: Callable[[Line, Location, Report], dict[str, Any]],
    report: Report,
) -> Iterator[tuple[Line, Location, Thing | None, dict[str, Any]]]:
    """Where each row is about, who or what there, if it is there already, and what it says of it.

    ``column`` is where its name stands. Of what two rows are about, only the first is given.
    """
    twins = Twins(report)
    for line in lines:
        location = places.of(line, report)
        if location is None:
            continue
        told = facts_of(line, location, report)
        thing = known.known(line, column, report, place=location.id)
        if not twins.are_named(line, column, thing, location.id):
            yield line, location, thing, told


def read_places(session: Session, business_id: int, *, lock: bool = False) -> Places:
    """The locations that are open; with ``lock`` nobody else administers them meanwhile."""
    if lock:
        lock_locations(session, business_id)
    return Places(
        session.scalars(
            select(Location)
            .where(Location.business_id == business_id, Location.closed_at.is_(None))
            .options(
                joinedload(Location.city, innerjoin=True),
                joinedload(Location.business, innerjoin=True),
            )
            .order_by(Location.id)
        ).all()
    )


def minor_of(line: Line, column: str, amount: Decimal, location: Location, report: Report) -> int:
    """The amount in the smallest unit of the location's currency; refused when it has smaller."""
    digits = exponent_of(location.currency)
    if amount != round(amount, digits):
        reason = f"{location.currency} has {digits or 'no'} digits behind the point"
        report.refuse(line.number, column, reason)
    return minor_units(amount, location.currency)


def prices_of(line: Line, location: Location, report: Report) -> dict[str, int]:
    """``price`` and ``price_max`` as a range; one price alone is both."""
    told = line.facts
    if "price" not in told:
        if "price_max" in told:
            report.refuse(line.number, "price", "must not be empty beside price_max")
        return {}
    lowest = minor_of(line, "price", told["price"], location, report)
    highest = lowest
    if "price_max" in told:
        highest = minor_of(line, "price_max", told["price_max"], location, report)
    if highest < lowest:
        report.refuse(line.number, "price_max", "less than price")
    return {"price_min_minor": lowest, "price_max_minor": highest}


def phone_of(
    line: Line, column: str, country: str | None, report: Report, typed: str
) -> str | None:
    """The phone in its one form; refused when it is none."""
    try:
        return normal_phone(typed, country)
    except Invalid:
        where = f"not a phone number, as + and its country or as one of {country}"
        if country is None:
            where = "not a phone number with + and its country; country_code may name that"
        report.refuse(line.number, column, where)
        return None


def in_chunks(keys: Iterable[Thing]) -> Iterator[list[Thing]]:
    """As many as one statement should name at once."""
    left = iter(keys)
    while chunk := list(islice(left, AT_ONCE)):
        yield chunk


def save(
    session: Session, thing: Any, facts: Mapping[str, Any], report: Report, *, new: Any
) -> Any:
    """Add what ``new`` makes, or let the thing be as told; None when it is so already."""
    if thing is None:
        thing = new(**facts)
        session.add(thing)
        report.created += 1
        return thing
    changes = {name: told for name, told in facts.items() if getattr(thing, name) != told}
    if not changes:
        report.same += 1
        return None
    for name, told in changes.items():
        setattr(thing, name, told)
    if hasattr(thing, "version"):
        thing.version += 1
    report.changed += 1
    return thing
