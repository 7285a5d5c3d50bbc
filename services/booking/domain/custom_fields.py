"""Questions of a business's own, and whether an answer is one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

RESERVED = "yc_partner_public_key"
"""Not an answer: whose front end the appointment is to be counted for."""

LONGEST = 255
MOST_DIGITS = 30
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?", re.ASCII)


class Entity(StrEnum):
    APPOINTMENT = "appointment"
    CLIENT = "client"


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    SELECT = "select"
    LIST = "list"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True)
class Question:
    """``values`` are those to choose from, of a ``select`` or a ``list``."""

    code: str
    kind: Kind
    values: tuple[str, ...] = ()


class NoAnswer(ValueError):
    """The value answers no such question; ``code`` is that of the question."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def answers(questions: Iterable[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored, or NoAnswer. What is null or empty is not answered."""
    known = {question.code: question for question in questions}
    told: dict[str, Any] = {}
    for code, value in given.items():
        if code not in known:
            raise NoAnswer(code, "unknown")
        if value is None or value in ("", []):
            continue
        try:
            told[code] = READERS[known[code].kind](known[code], value)
        except (TypeError, ValueError, InvalidOperation) as error:
            raise NoAnswer(code, f"not a {known[code].kind.value}") from error
    return told


def _text(_: Question, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("not a text")
    text = str(value)
    if len(text) > LONGEST:
        raise ValueError("too long")
    return text


def _number(_: Question, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("not a number")
    if len(str(value)) > MOST_DIGITS:
        raise ValueError("too long")
    number = Decimal(str(value).strip())
    if not number.is_finite():
        raise ValueError("not a number")
    return int(number) if number == number.to_integral_value() else float(number)


def _select(question: Question, value: Any) -> str:
    text = _text(question, value)
    if text not in question.values:
        raise ValueError("not one of the values")
    return text


def _list(question: Question, value: Any) -> list[str]:
    chosen = value if isinstance(value, list) else [value]
    if len(chosen) > len(question.values):
        raise ValueError("too many")
    return [_select(question, one) for one in chosen]


def _date(_: Question, value: Any) -> str:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError("not a date")
    return date.fromisoformat(value).isoformat()


def _datetime(_: Question, value: Any) -> str:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError("not a time")
    return datetime.fromisoformat(value).strftime("%Y-%m-%d %H:%M:%S")


READERS = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.SELECT: _select,
    Kind.LIST: _list,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
}
