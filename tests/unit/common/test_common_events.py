"""Sealing an event for the wire, and reading what arrives."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields

from services.common.events import Envelope, Event, seal, unseal

NOW = datetime(2030, 6, 3, 6, 0, 0, 123456, tzinfo=UTC)
NULLS = '{"note": "\\u0000"}'


class KettleSchema(Schema):
    water_ml = fields.Int(required=True)
    note = fields.Str()


class KettleBoiled(Event):
    """The water is hot."""

    data_schema: ClassVar[type[Schema]] = KettleSchema
    type: ClassVar[str] = "kettle_boiled"


def sealed(request_id: str = "req-1", **data: Any) -> dict[str, Any]:
    event = KettleBoiled(subject="kettle/7", sequence=3, data={"water_ml": 500, **data})
    return seal(event, source="kitchen", now=NOW, request_id=request_id)


def test_an_event_becomes_a_cloudevent() -> None:
    envelope = sealed()

    assert envelope | {"id": ""} == {
        "specversion": "1.0",
        "id": "",
        "source": "kitchen",
        "type": "kettle_boiled",
        "time": "2030-06-03T06:00:00.123456Z",
        "subject": "kettle/7",
        "sequence": 3,
        "datacontenttype": "application/json",
        "data": {"water_ml": 500},
        "requestid": "req-1",
    }
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}", envelope["id"])


def test_every_event_has_an_id_of_its_own() -> None:
    assert sealed()["id"] != sealed()["id"]


def test_without_a_request_there_is_no_request_id() -> None:
    assert "requestid" not in sealed(request_id="")


def test_what_the_schema_does_not_name_does_not_leave() -> None:
    assert sealed(secret="hunter2")["data"] == {"water_ml": 500}


@given(
    water=st.integers(0, 10**9),
    note=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    request_id=st.text("abc-123", max_size=40),
)
def test_what_was_sealed_is_read_as_it_was(water: int, note: str, request_id: str) -> None:
    wire = json.dumps(sealed(request_id, water_ml=water, note=note))
    envelope = unseal(json.loads(wire))

    assert envelope == Envelope(
        id=json.loads(wire)["id"],
        source="kitchen",
        type="kettle_boiled",
        time=NOW,
        subject="kettle/7",
        sequence=3,
        data={"water_ml": water, "note": note},
        request_id=request_id,
    )


def test_time_is_read_as_utc_whatever_its_offset() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))

    assert unseal(sealed() | {"time": elsewhere.isoformat()}).time == NOW


def test_fields_that_are_newer_than_the_reader_are_passed_over() -> None:
    assert unseal(sealed() | {"traceparent": "00-abc"}).subject == "kettle/7"


@pytest.mark.parametrize("field", ["specversion", "id", "source", "type", "time", "subject"])
def test_a_missing_part_is_named(field: str) -> None:
    message = sealed()
    del message[field]

    with pytest.raises(ValueError, match=f"not an event: .*{field}"):
        unseal(message)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("id", "x" * 65),
        ("id", 5),
        ("time", "yesterday"),
        ("subject", "s" * 201),
        ("type", "t" * 101),
        ("source", "s" * 51),
        ("sequence", "first"),
        ("sequence", -1),
        ("sequence", 2**31),
        ("data", [1]),
        ("data", None),
    ],
)
def test_a_wrong_part_is_named(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"not an event: .*{field}"):
        unseal(sealed() | {field: value})


@pytest.mark.parametrize("message", [None, 5, "text", [], [{}], {}])
def test_what_is_no_event_at_all_is_refused(message: Any) -> None:
    with pytest.raises(ValueError, match="not an event"):
        unseal(message)


def test_a_nul_is_refused_because_no_inbox_could_keep_it() -> None:
    with pytest.raises(ValueError, match="NUL"):
        unseal(sealed() | {"data": json.loads(NULLS)})


@pytest.mark.parametrize("note", [r"\u0000", r"\\u0000", "\\"])
def test_text_that_only_looks_like_a_nul_is_welcome(note: str) -> None:
    assert unseal(json.loads(json.dumps(sealed(note=note)))).data["note"] == note
