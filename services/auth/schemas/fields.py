"""Fields that several of auth's requests share."""

from enum import StrEnum
from functools import partial
from typing import Any

from marshmallow import ValidationError, fields, validate

MAX_ID = 2**63 - 1


def printable(text: str) -> None:
    """Refuses what a database or a screen would choke on."""
    if not text.isprintable():
        raise ValidationError("It contains characters that cannot be printed.")


def Text(longest: int, *, shortest: int = 0, **kwargs: Any) -> fields.String:  # noqa: N802
    limits = validate.Length(min=shortest, max=longest)
    return fields.Str(validate=[limits, printable], **kwargs)


def Digest(**kwargs: Any) -> fields.String:  # noqa: N802
    """What is sent of a secret: its SHA-256 in hexadecimal digits."""
    return Text(64, shortest=64, **kwargs)


def Id(**kwargs: Any) -> fields.Integer:  # noqa: N802
    return fields.Int(strict=True, validate=validate.Range(min=1, max=MAX_ID), **kwargs)


def OneOf(words: type[StrEnum], **kwargs: Any) -> fields.Enum[Any]:  # noqa: N802
    return fields.Enum(words, by_value=True, **kwargs)


CountryCode = partial(
    fields.Str,
    load_default=None,
    allow_none=True,
    validate=validate.Regexp(r"[A-Za-z]{2}\Z"),
)


Password = partial(fields.Str, validate=validate.Length(max=1000))
