"""What is known of people, and by what they are found."""

from collections.abc import Iterable
from enum import StrEnum


class Gender(StrEnum):
    UNKNOWN = "unknown"
    MALE = "male"
    FEMALE = "female"


class Importance(StrEnum):
    NONE = "none"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


def search_text(names: Iterable[str | None], others: Iterable[str | None]) -> str:
    """One text in which people are looked for, whatever case they are written in.

    The names stand in its first line, so that they can be looked for alone.
    """
    return f"{_joined(names)}\n{_joined(others)}"


def sought(typed: str) -> str:
    """What is typed, as it would stand in such a text."""
    return " ".join(typed.split()).casefold()


def birthday_number(month: int, day: int) -> int:
    """Birthdays in the order of the year: ``birthday_number(3, 21) == 321``."""
    return month * 100 + day


def _joined(parts: Iterable[str | None]) -> str:
    return " ".join(sought(part) for part in parts if part)
