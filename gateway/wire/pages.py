"""Pages of a list."""

from collections.abc import Mapping
from typing import Any

from gateway.wire.fields import Query, Whole

PAGE_SIZE, LAST_PAGE = 50, 1_000_000
LARGEST_PAGE_SIZE = 300


class PagedQuerySchema(Query):
    page = Whole(load_default=1, metadata={"description": "From 1"})
    count = Whole(
        load_default=PAGE_SIZE,
        metadata={"description": "How many on a page; not more than 200 or 300"},
    )


def page_wanted(query: Mapping[str, Any], *, largest: int = LARGEST_PAGE_SIZE) -> dict[str, int]:
    """``page`` and ``page_size``, brought within bounds."""
    return {
        "page": min(max(query["page"], 1), LAST_PAGE),
        "page_size": min(max(query["count"], 1), largest),
    }
