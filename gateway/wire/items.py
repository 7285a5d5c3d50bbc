"""JSON:API in small: a list of items with a type, an id and attributes."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc


def item_list(attributes: type[doc.Answer]) -> dict[str, Any]:
    """The shape of a list whose items have these attributes."""
    item = {
        "type": "object",
        "required": ["type", "id", "attributes"],
        "properties": {
            "type": {"type": "string"},
            "id": {"type": "string"},
            "attributes": attributes,
        },
    }
    return {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": item}},
    }


def items(kind: str, attributes: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Such a list, from the attributes of each item by its id."""
    return {
        "data": [{"type": kind, "id": one, "attributes": told} for one, told in attributes.items()]
    }
