"""What stands around the data of an answer, as JSON Schema."""

from typing import Any, NamedTuple


def envelope(data: Any, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["success", "data", "meta"],
        "properties": {
            "success": {"type": "boolean", "const": True},
            "data": data,
            "meta": told,
        },
    }


class Page(NamedTuple):
    """What a page says of its list: in the envelope's meta, and beside the data in v1."""

    meta: dict[str, Any]
    bare: dict[str, Any]


def meta(**properties: str) -> dict[str, Any]:
    told = {name: {"type": kind} for name, kind in properties.items()}
    return {"type": "object", "required": list(told), "properties": told}


PAGED = meta(count="integer", page="integer", total_count="integer")
CREATED = ACCEPTED = meta(message="string")
COUNTED = meta(count="integer")
FOUND = meta(total_count="integer")
CREATED_EACH = meta(errors="array")
DAY_CURSOR = meta(dateCursor="object")
WARNED = {"oneOf": [{"type": "array", "maxItems": 0}, meta(warnings="array")]}
CODE_SENT = meta(
    message="string", code_length="integer", expires_in="integer", next_send_in="integer"
)
DAYS = {"type": "array", "items": {"type": "string", "format": "date"}}
WHOLE = {"type": "integer"}
RECORDS = Page(meta(page="integer", total_count="integer"), {"count": WHOLE})
INBOX = Page(
    meta(page="integer", total_count="integer", unread_count="integer"),
    {"count": WHOLE, "unread_count": WHOLE},
)
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The version that the change was decided on; 409 when there is a newer one",
    "schema": {"type": "string"},
    "example": '"3"',
}
TAGGED = {"ETag": {"description": "The version", "schema": {"type": "string"}}}
