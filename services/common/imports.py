"""Tables that people bring along: their rows, what is wrong with them, what became of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Row(NamedTuple):
    """A row by its number in a spreadsheet, where the heading is 1; empty cells are left out."""

    number: int
    cells: Mapping[str, str]


class Remark(NamedTuple):
    """What is to be said of a cell; 0 is the table as a whole, no column the whole row."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row else []
        return ": ".join([*where, *filter(None, [self.column]), self.reason])


class TableRefused(Exception):
    """Nothing of the table was taken, and why not."""

    def __init__(self, problems: Sequence[Remark]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = sorted(problems)


Progress = Callable[[Sequence[Any], str], Iterable[Any]]
"""Hands the items on one by one, and shows under that word how far it is."""


@dataclass
class Report:
    """What has become of a table's rows so far."""

    created: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    problems: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    progress: Progress = lambda items, word: items

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Let the table be refused in the end; whatever else is wrong with it is told, too."""
        self.problems.append(Remark(row, column, reason))

    def note(self, row: int, column: str, reason: str) -> None:
        self.notes.append(Remark(row, column, reason))

    def skip(self, row: int, column: str, reason: str) -> None:
        self.skipped += 1
        self.note(row, column, reason)

    def again(self) -> "Report":
        """A new report that knows what was wrong before anybody looked at the database."""
        return Report(problems=list(self.problems), notes=list(self.notes), progress=self.progress)

    def stop_if_refused(self) -> None:
        if self.problems:
            raise TableRefused(self.problems)
