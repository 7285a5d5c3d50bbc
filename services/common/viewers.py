"""What the viewer of a call has proven of themself."""

from collections.abc import Mapping
from typing import Any


def proven_phone(viewer: Mapping[str, Any]) -> str | None:
    """The viewer's phone, unless it was proven so long ago that it may have another owner now."""
    return viewer.get("phone") if viewer.get("phone_is_fresh") else None
