"""A client's places and favourites: our own routes, in the shape of companies."""

from collections.abc import Mapping
from typing import Any

from gateway.wire.companies import LARGEST_PAGE_SIZE
from gateway.wire.pages import PagedQuerySchema, page_wanted


class PlacesQuerySchema(PagedQuerySchema):
    """Which page."""


def places_wanted(query: Mapping[str, Any]) -> dict[str, int]:
    return page_wanted(query, largest=LARGEST_PAGE_SIZE)
