"""Filters of a search: what of each could still be chosen, with what is chosen already."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


def still_found(
    rows: Iterable[Row], facet: str, chosen: Mapping[str, Iterable[int]]
) -> dict[int, bool]:
    """Every value that the rows have there: whether the other facets' choices leave any of it.

    Of a facet nothing is chosen by choosing nothing.
    """
    others = {name: set(ids) for name, ids in chosen.items() if name != facet and ids}
    found: dict[int, bool] = {}
    for row in rows:
        value = row[facet]
        if value is not None:
            fits = all(row[name] in ids for name, ids in others.items())
            found[value] = found.get(value, False) or fits
    return found
