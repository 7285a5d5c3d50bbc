"""Shorthand for the schemas that document answers: every field is always sent.

Where we have no data yet, a field carries the neutral value of its type; its
description then begins with «Not kept yet».
"""

from typing import Any

from marshmallow import Schema, fields

NOT_KEPT = "Not kept yet: always the same neutral value."


class Answer(Schema):
    """An object that is sent whole."""


def _told(about: str, more: dict[str, Any]) -> dict[str, Any]:
    described = {"description": about} if about else {}
    return {"required": True, "metadata": described | more}


def text(about: str = "", *, null: bool = False, **more: Any) -> fields.String:
    return fields.String(allow_none=null, **_told(about, more))


def whole(about: str = "", *, null: bool = False, **more: Any) -> fields.Integer:
    return fields.Integer(allow_none=null, **_told(about, more))


def number(about: str = "", **more: Any) -> fields.Float:
    return fields.Float(**_told(about, more))


def flag(about: str = "", **more: Any) -> fields.Boolean:
    return fields.Boolean(**_told(about, more))


def bit(about: str = "") -> fields.Integer:
    """A flag that is sent as a number."""
    return fields.Integer(**_told(about, {"enum": [0, 1]}))


def one(schema: type[Schema], about: str = "", *, null: bool = False) -> fields.Nested:
    return fields.Nested(schema, allow_none=null, **_told(about, {}))


def many(schema: type[Schema], about: str = "") -> fields.List[Any]:
    return fields.List(fields.Nested(schema), **_told(about, {}))


def texts(about: str = "") -> fields.List[Any]:
    return fields.List(fields.String(), **_told(about, {}))


def mapping(about: str = "") -> fields.Raw:
    """An object whose keys are not fixed."""
    return fields.Raw(**_told(about, {"type": "object"}))


def either(*shapes: dict[str, Any], about: str = "") -> fields.Raw:
    return fields.Raw(**_told(about, {"oneOf": list(shapes)}))


EMPTY_ARRAY: dict[str, Any] = {"type": "array", "maxItems": 0}


def titled(*more: str) -> dict[str, Any]:
    """The shape of ``{id, title}``, with further integers."""
    properties = {"id": {"type": "integer"}, "title": {"type": "string"}}
    properties |= {name: {"type": "integer"} for name in more}
    return {"type": "object", "required": ["id", "title"], "properties": properties}
