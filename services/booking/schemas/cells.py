"""What stands in the cells of tables that people bring along."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from services.common.emails import normal_email
from services.common.errors import Invalid

SEVERAL = "|"
"""What stands between several things in one cell."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_MAIN = Decimal(10**9)

_AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,4})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::00)?", re.ASCII)
_WORDS = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}


class Cell(fields.Field[Any]):
    """A cell that is read by ``read``, which says with a ValueError what it should be."""

    default_error_messages = {"required": "must not be empty"}

    def _deserialize(self, value: str, *_: Any, **__: Any) -> Any:
        try:
            return self.read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def read(self, text: str) -> Any:
        raise NotImplementedError


class Text(Cell):
    """Words of at most so many characters; without ``is_long`` in one line."""

    def __init__(self, most: int = 255, *, is_long: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.is_long = most, is_long

    def read(self, text: str) -> str:
        told = text if self.is_long else " ".join(text.split())
        if len(told) > self.most:
            raise ValueError(f"longer than {self.most} characters")
        return told


class Number(Cell):
    """A whole number within limits."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        if not _NUMBER.fullmatch(text) or not self.least <= int(text) <= self.most:
            raise ValueError(f"not a whole number from {self.least} to {self.most}")
        return int(text)


class Minutes(Number):
    """A length, as seconds."""

    def read(self, text: str) -> int:
        return super().read(text) * 60


class Degrees(Cell):
    def __init__(self, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def read(self, text: str) -> float:
        try:
            degrees = float(text.replace(",", "."))
        except ValueError:
            degrees = float("nan")
        if not abs(degrees) <= self.most:
            raise ValueError(f"not a number of degrees from -{self.most} to {self.most}")
        return degrees


class Amount(Cell):
    """Money in the main unit; what currency that is, the row's location says."""

    def read(self, text: str) -> Decimal:
        if not _AMOUNT.fullmatch(text):
            raise ValueError("not an amount such as 35 or 35.50, without currency or spaces")
        amount = Decimal(text.replace(",", "."))
        if amount > MOST_MAIN:
            raise ValueError(f"more than {MOST_MAIN}")
        return amount


class YesNo(Cell):
    def read(self, text: str) -> bool:
        if text.lower() not in _WORDS:
            raise ValueError("neither yes nor no")
        return _WORDS[text.lower()]


class Word(Cell):
    """One of these words."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def read(self, text: str) -> str:
        if text.lower() not in self.words:
            raise ValueError(f"not one of: {', '.join(self.words)}")
        return text.lower()


class Day(Cell):
    def read(self, text: str) -> date:
        try:
            return date.fromisoformat(text) if len(text) == 10 else _no_day()
        except ValueError:
            raise ValueError("not a date such as 2030-06-04") from None


class ClockMinute(Cell):
    """A time of the day, as minutes from midnight; 26:00 is two o'clock in the next night."""

    def read(self, text: str) -> int:
        found = _CLOCK.fullmatch(text)
        minute = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else -1
        if not 0 <= minute <= 2880:
            raise ValueError("not a time such as 09:00 (26:00 is 02:00 of the next day)")
        return minute


class Several(Cell):
    """Several things in one cell."""

    def __init__(self, inner: Cell, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.inner, self.most = inner, most

    def read(self, text: str) -> list[Any]:
        parts = [part.strip() for part in text.split(SEVERAL)]
        if len(parts) > self.most or not all(parts):
            raise ValueError(f"not one to {self.most} entries with {SEVERAL} between them")
        return [self.inner.read(part) for part in parts]


class Weekdays(Several):
    """Weekdays (Monday is 0): ``mon``, or ``mon|tue|wed``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Word(*WEEKDAYS), 7, **kwargs)

    def read(self, text: str) -> list[int]:
        return [WEEKDAYS.index(word) for word in super().read(text)]


class Email(Cell):
    def read(self, text: str) -> str:
        try:
            return normal_email(text)
        except Invalid:
            raise ValueError("not an e-mail address") from None


def _no_day() -> date:
    raise ValueError
