"""Fields that several of booking's requests share."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import fields, validate

BIGGEST_ID = 2**63 - 1
MOST_SERVICES = 50


@cache
def zones() -> frozenset[str]:
    """The names of all IANA time zones."""
    return frozenset(available_timezones())


def Id(**kwargs: Any) -> fields.Integer:  # noqa: N802  (a field, in the manner of fields.Str)
    """An id: a positive 64-bit number."""
    return fields.Integer(strict=True, validate=validate.Range(min=1, max=BIGGEST_ID), **kwargs)


def Staff(**kwargs: Any) -> fields.Integer:  # noqa: N802
    """The id of a staff member; 0 and None mean anybody."""
    limits = validate.Range(min=0, max=BIGGEST_ID)
    return fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=limits, **kwargs
    )


def HoldToken(**kwargs: Any) -> fields.String:  # noqa: N802
    """The secret of a hold."""
    return fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=64), **kwargs
    )


def Ids(**kwargs: Any) -> fields.List[int]:  # noqa: N802
    return fields.List(Id(), validate=validate.Length(max=MOST_SERVICES), **kwargs)


def Wished(**kwargs: Any) -> fields.String:  # noqa: N802
    """A wished day or time: ISO 8601, with an offset or on the location's clock."""
    return fields.String(validate=validate.Length(max=40), **kwargs)
