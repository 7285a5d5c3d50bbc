"""Events: facts in the past tense, sent as snapshots with a version.

An event carries the whole state of its subject after the change, so a
subscriber writes it if it is newer than what it has and never calls back.
On the wire it is a CloudEvents 1.0 envelope in JSON.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from uuid_utils import uuid7

SchemaClass = type[Schema]

NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""In JSON, the one character that PostgreSQL stores in no text."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact about ``subject`` (such as "appointment/17") at its version ``sequence``.

    Subclasses name their ``type`` and the schema of ``data``; personal data may
    stand only in ``data["contact"]``, and no code, token or hash anywhere.
    """

    type: ClassVar[str]
    data_schema: ClassVar[SchemaClass]

    subject: str
    sequence: int
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An event as a subscriber receives it."""

    id: str
    source: str
    type: str
    time: datetime
    subject: str
    sequence: int
    data: dict[str, Any]
    request_id: str = ""


class EnvelopeSchema(Schema):
    """CloudEvents 1.0, with ``sequence`` and ``requestid`` as extension attributes."""

    class Meta:
        unknown = EXCLUDE

    specversion = fields.Str(required=True, validate=validate.Equal("1.0"))
    id = fields.Str(required=True, validate=validate.Length(min=1, max=64))
    source = fields.Str(required=True, validate=validate.Length(min=1, max=50))
    type = fields.Str(required=True, validate=validate.Length(min=1, max=100))
    time = fields.AwareDateTime(required=True, format="iso", default_timezone=UTC)
    subject = fields.Str(required=True, validate=validate.Length(min=1, max=200))
    sequence = fields.Int(required=True, validate=validate.Range(min=0, max=2**31 - 1))
    datacontenttype = fields.Str(load_default="application/json")
    requestid = fields.Str(load_default="")
    data = fields.Dict(required=True)


def seal(event: Event, *, source: str, now: datetime, request_id: str) -> dict[str, Any]:
    """The envelope of a new event: a new id, everything else from its arguments."""
    envelope = {
        "specversion": "1.0",
        "id": str(uuid7()),
        "source": source,
        "type": event.type,
        "time": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "subject": event.subject,
        "sequence": event.sequence,
        "datacontenttype": "application/json",
        "data": _made(event.data_schema).dump(event.data),
    }
    if request_id:
        envelope["requestid"] = request_id
    return envelope


def unseal(message: Any) -> Envelope:
    """Read an envelope, or raise ValueError that says which part is wrong.

    What no inbox could keep is refused here: it would be delivered again for ever.
    """
    if NUL.search(json.dumps(message)):
        raise ValueError("not an event: it contains a NUL")
    try:
        told = _made(EnvelopeSchema).load(message)
    except ValidationError as error:
        raise ValueError(f"not an event: {sorted(error.normalized_messages())}") from error
    return Envelope(
        id=told["id"],
        source=told["source"],
        type=told["type"],
        time=told["time"],
        subject=told["subject"],
        sequence=told["sequence"],
        data=told["data"],
        request_id=told["requestid"],
    )


@cache
def _made(schema: SchemaClass) -> Schema:
    """The one instance of it: making one costs more than using it."""
    return schema()
