"""Where pictures are: our own at an address that nobody can guess, or wherever they were before."""

from typing import Any

from gateway.wire import documents as doc

GROUP = {
    "type": "object",
    "required": ["images"],
    "properties": {
        "images": {
            "type": "object",
            "required": ["basic"],
            "properties": {
                "basic": {
                    "type": "object",
                    "required": ["path"],
                    "properties": {"path": {"type": "string"}},
                }
            },
        }
    },
}


class PictureSchema(doc.Answer):
    """Where the picture is from now on."""

    image = doc.text("URL")


def picture_url(name: str | None, elsewhere: str | None, base: str = "") -> str:
    """The address of a picture; empty when there is none."""
    return f"{base}/images/{name}.jpg" if name else elsewhere or ""


def image_group(url: str) -> Any:
    """The same as the contract wraps it; an empty array for none."""
    return {"images": {"basic": {"path": url}}} if url else []
