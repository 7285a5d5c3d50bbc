"""The kinds of values that the table of calls names, as JSON Schema.

A kind is a word («whole», «moment»), the name of a shape, «list of …», «some …» (a list
that is not empty), «map of …», «one of a b c», or several of these with « or » between.
A shape is a mapping: names of fields, several in one key if they are of one kind.
"""

import re
from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
Shapes = Mapping[str, Mapping[str, Any]]

CLOCK = r"^\d{1,2}:\d\d$"
DAY = r"^\d{4}-\d\d-\d\d$"
WALL = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"
COMPACT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$"
WORDS: dict[str, Schema] = {
    "any": {},
    "whole": {"type": "integer"},
    "natural": {"type": "integer", "minimum": 1},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "bit": {"type": "integer", "enum": [0, 1]},
    "nothing": {"type": "null"},
    "text": {"type": "string"},
    "long text": {"type": "string", "minLength": 16},
    "object": {"type": "object"},
    "list": {"type": "array"},
    "[]": {"type": "array", "maxItems": 0},
    "clock": {"type": "string", "pattern": CLOCK},
    "day": {"type": "string", "pattern": DAY},
    "wall moment": {"type": "string", "pattern": WALL},
    "moment": {"type": "string", "pattern": MOMENT},
    "compact moment": {"type": "string", "pattern": COMPACT},
    "hash": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}


def schema_of(kind: Any, shapes: Shapes) -> Schema:
    """What a value of that kind must be."""
    if isinstance(kind, Mapping):
        return _object(kind, shapes)
    named = str(kind)
    if " or " in named:
        return {"anyOf": [schema_of(part, shapes) for part in named.split(" or ")]}
    if inner := re.fullmatch(r"(list of|some|map of) (.+)", named):
        return _many(inner[1], schema_of(inner[2], shapes))
    if listed := re.fullmatch(r"one of (.+)", named):
        return {"enum": [_literal(word) for word in listed[1].split()]}
    if named in WORDS:
        return WORDS[named]
    return _object(shapes[named], shapes)


def fields_of(shape: Mapping[str, Any], shapes: Shapes) -> dict[str, Any]:
    """Every field's own kind, with those of the shapes that it goes on from."""
    fields = fields_of(shapes[shape["with"]], shapes) if "with" in shape else {}
    for names, kind in shape.items():
        if names not in ("with", "strict"):
            fields |= dict.fromkeys(names.split(), kind)
    return fields


def _is_strict(shape: Mapping[str, Any], shapes: Shapes) -> bool:
    return shape.get("strict", "with" in shape and _is_strict(shapes[shape["with"]], shapes))


def _object(shape: Mapping[str, Any], shapes: Shapes) -> Schema:
    fields = fields_of(shape, shapes)
    return {
        "type": "object",
        "required": list(fields),
        "properties": {name: schema_of(kind, shapes) for name, kind in fields.items()},
        "additionalProperties": not _is_strict(shape, shapes),
    }


def _many(how: str, inner: Schema) -> Schema:
    if how == "map of":
        return {"type": "object", "additionalProperties": inner}
    return {"type": "array", "items": inner, "minItems": int(how == "some")}


def _literal(word: str) -> int | str:
    return int(word) if re.fullmatch(r"-?\d+", word) else word
