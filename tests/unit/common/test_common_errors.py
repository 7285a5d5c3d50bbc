"""Refusals travel over the bus whole."""

import json
from typing import Any

import pytest

from services.common.errors import (
    KINDS,
    Conflict,
    DeadlinePassed,
    Invalid,
    NotFound,
    Refusal,
    refusal_of,
    to_error,
)


def travelled(refusal: Refusal) -> Refusal | None:
    """The refusal as it comes out of a reply that went over the wire."""
    wire = json.dumps({"exc_type": refusal.kind, "refusal": to_error(refusal)})
    return refusal_of(json.loads(wire))


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_kind_arrives_as_what_it_was(kind: type[Refusal]) -> None:
    arrived = travelled(
        kind("slot_taken", fields={"starts_at": "not free"}, handle=2, params={"hours": "3"})
    )

    assert type(arrived) is kind
    assert str(arrived) == arrived.code == "slot_taken"
    assert arrived.fields == {"starts_at": "not free"}
    assert arrived.handle == 2
    assert arrived.params == {"hours": "3"}


def test_what_was_not_said_arrives_as_nothing() -> None:
    arrived = travelled(NotFound("location_not_found"))

    assert arrived is not None
    assert (arrived.fields, arrived.handle, arrived.params) == ({}, None, {})


def test_nested_fields_keep_their_shape() -> None:
    fields = {"appointments": {"0": {"starts_at": ["Missing data for required field."]}}}

    arrived = travelled(Invalid("validation_failed", fields=fields))

    assert arrived is not None and arrived.fields == fields


def test_a_kind_that_is_newer_than_the_reader_is_still_a_refusal() -> None:
    arrived = refusal_of({"refusal": {"kind": "Teapot", "code": "short_and_stout"}})

    assert type(arrived) is Invalid
    assert arrived.code == "short_and_stout"


@pytest.mark.parametrize("error", [{}, {"exc_type": "KeyError"}, {"refusal": None}])
def test_an_error_without_a_refusal_is_a_defect(error: dict[str, Any]) -> None:
    assert refusal_of(error) is None


def test_a_passed_deadline_is_no_refusal() -> None:
    assert not issubclass(DeadlinePassed, Refusal)
    assert issubclass(Conflict, Refusal)
