"""Versions: a change that was decided on an older state than there is, is refused."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from services.common.errors import Conflict


class Versioned(Protocol):
    version: Any


def refuse_outdated(row: Versioned, version: int | None) -> None:
    """``version_outdated`` unless the version named is the newest; None names none."""
    if version is not None and version != row.version:
        raise Conflict("version_outdated", params={"version": row.version})


def apply_changes(row: Versioned, facts: Iterable[str], request: Mapping[str, Any]) -> None:
    """Take over what the request says of these facts, and count one version more."""
    for name in facts:
        if name in request:
            setattr(row, name, request[name])
    row.version += 1
