"""Fields of requests: tolerant in how a thing is written, strict in what it is.

Their messages are codes; the texts for people are made where errors are shown.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from gateway.wire import times
from gateway.wire.parameters import named

MAX_ID = 2**63 - 1
MOST_MONEY = 10**9
MOST_IDS = 100
MOST_ELEMENTS = 500
INVALID = "field_invalid"

# Control characters, line separators, and what overrides the direction of reading.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
STEERING_BUT_LINES = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)

WEB_ADDRESS = re.compile(r"(?i:https?)://[^\s\"'<>\\]+")
BARE_ADDRESS = re.compile(r"(?i:https?|tg|viber|whatsapp)://[^\s\"'<>\\]+|[^:\"<>\\]+")

Messages = dict[str, str | list[Any] | dict[Any, Any]]


class Coded(fields.Field[Any]):
    """Says what is wrong by code."""

    default_error_messages: Messages = {
        "required": "field_missing",
        "null": "field_missing",
        "type": INVALID,
        "validator_failed": INVALID,
        "invalid": INVALID,
        "invalid_utf8": INVALID,
        "special": INVALID,
        "too_large": INVALID,
    }


class Request(Schema):
    """A request body or query: unknown names are ignored, aliases understood."""

    error_messages = {"type": INVALID, "unknown": "field_unknown"}

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def take_aliases(self, data: Any, **_: Any) -> Any:
        return self.renamed(data) if isinstance(data, Mapping) else data

    def renamed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return named(data, [field.data_key or name for name, field in self.load_fields.items()])


class Query(Request):
    """A query string, read by ``read_query``: of a repeated scalar the last one counts."""

    def renamed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        lists = {
            field.data_key or name
            for name, field in self.load_fields.items()
            if isinstance(field, fields.List)
        }
        found = super().renamed(data)
        return {name: value if name in lists else value[-1] for name, value in found.items()}


class Whole(Coded, fields.Integer):
    """An integer, as a number or as digits, that fits into a database."""

    def __init__(self, *, least: int = -MAX_ID, most: int = MAX_ID, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=INVALID), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and len(value) <= 20:
            digits = value.strip().removeprefix("-")
            if digits.isascii() and digits.isdigit():
                return int(value)
        raise self.make_error("invalid")


class Length(Whole):
    """How long something takes, in seconds: five minutes to a day, or 0 for nothing said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=0, most=86_400, load_default=None, allow_none=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        seconds = super()._deserialize(value, attr, data, **kwargs)
        if 0 < seconds < 300:
            raise self.make_error("invalid")
        return seconds


class Id(Whole):
    """An id; 0 often means «any»."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=0, **kwargs)


class Ids(Coded, fields.List[int]):
    """Several ids: an array, one id, or ids with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", list)
        one = Whole(least=1)
        super().__init__(one, validate=validate.Length(max=MOST_IDS, error=INVALID), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        items = value if isinstance(value, list) else [value]
        apart: list[Any] = []
        for item in items[: MOST_IDS + 1]:
            apart += item.split(",", MOST_IDS) if isinstance(item, str) else [item]
        given = [item for item in apart if item != ""]
        return super()._deserialize(given, attr, data, **kwargs)


class IdsOfThings(Ids):
    """The same; a thing that was told as an object with its id may be sent back as it is."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            value = [one.get("id") if isinstance(one, Mapping) else one for one in value]
        return super()._deserialize(value, attr, data, **kwargs)


class Flag(Coded, fields.Boolean):
    """true, false, 1, 0, "1", "0" and their like."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool | int | str):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Text(Coded, fields.String):
    """Text up to a length; a number is taken for its digits, as phones and codes are sent.

    Without characters that steer a terminal or a mail header, or that turn what is
    read around; with ``lines`` it may have several.
    """

    def __init__(
        self, *, least: int = 0, most: int = 255, lines: bool = False, **kwargs: Any
    ) -> None:
        self.most, self.lines = most, lines
        super().__init__(validate=validate.Length(least or None, most, error=INVALID), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        whole = super()._deserialize(value, attr, data, **kwargs)
        text = whole.strip()
        if len(whole) > self.most or (STEERING_BUT_LINES if self.lines else STEERING).search(text):
            raise self.make_error("invalid")
        return text


class Code(Text):
    """A code as people copy it, with blanks and hyphens between its digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        return typed.replace(" ", "").replace("-", "")


class WebAddress(Text):
    """An address on the web, or nothing; front ends make links of it.

    Where it may be ``bare``, also one without a scheme, a name in a network or a phone.
    """

    default_error_messages: Messages = {"address": "web_address_malformed"}

    def __init__(self, *, bare: bool = False, **kwargs: Any) -> None:
        self.form = BARE_ADDRESS if bare else WEB_ADDRESS
        super().__init__(most=2000, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not self.form.fullmatch(text):
            raise self.make_error("address")
        return text


class Secret(Coded, fields.String):
    """A password: taken as it is."""

    def __init__(self, *, least: int = 1, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(least, 1000, error=INVALID), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Choice(Text):
    """One of a few words."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(validate.OneOf(words, error=INVALID))


class Number(Coded, fields.Float):
    """A number between two bounds."""

    def __init__(self, *, least: float, most: float, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error=INVALID), **kwargs)


class Percent(Number):
    """A whole number of per cent, in whatever way it is written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=0, most=100, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        percent = super()._deserialize(value, attr, data, **kwargs)
        if percent != int(percent):
            raise self.make_error("invalid")
        return int(percent)


class Money(Number):
    """An amount in main units, never below nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=0, most=MOST_MONEY, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        return Decimal(repr(super()._deserialize(value, attr, data, **kwargs)))


class WishedTime(Coded, fields.String):
    """A moment as ISO 8601; without an offset it is the location's wall time."""

    default_error_messages: Messages = {"invalid": "time_malformed"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return times.wished_time(super()._deserialize(value, attr, data, **kwargs))
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error


class WishedDay(Coded, fields.String):
    """A day, ``YYYY-MM-DD``."""

    default_error_messages: Messages = {"invalid": "day_malformed"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return times.wished_day(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise self.make_error("invalid") from error


class WishedMoment(WishedTime):
    """A time, or a whole day."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and times.WRITTEN_DAY.fullmatch(value.strip()):
            day: str = WishedDay(error_messages={"invalid": "time_malformed"}).deserialize(value)
            return day
        return super()._deserialize(value, attr, data, **kwargs)


class Inner(Coded, fields.Nested):
    """An object inside the request."""


class Several(Coded, fields.List[Any]):
    """An array inside the request. How long it is, is looked at before what is in it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > MOST_ELEMENTS:
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)
