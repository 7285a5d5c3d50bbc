"""The two bodies: the v2 envelope and the bare v1 body.

``meta`` is an empty array where there is nothing to say and an object where
there is; strictly typed clients depend on which.
"""

from dataclasses import dataclass, field
from typing import Any

V2_MEDIA_TYPES = ("application/vnd.api.v2+json", "application/vnd.yclients.v2+json")
NOTHING: list[Any] = []


def wants_v2(accept: str | None) -> bool:
    """Whether an Accept header asks for the envelope; parameters such as charset are allowed."""
    named = (part.partition(";")[0].strip().lower() for part in (accept or "").split(","))
    return any(media_type in V2_MEDIA_TYPES for media_type in named)


def success(data: Any, *, v2: bool, meta: dict[str, Any] | None = None) -> Any:
    """The body of a success; None stands for an empty v1 body."""
    if not v2:
        return data
    return {"success": True, "data": data, "meta": meta or NOTHING}


@dataclass(frozen=True)
class Failure:
    """What is told about a failure, in either body.

    ``number`` is the contract's (or the HTTP status), ``reason`` our own stable
    code, ``handle`` the client's id of the visit it is about.
    """

    number: int
    reason: str
    message: str
    handle: int | None = None
    fields: dict[str, list[str]] = field(default_factory=dict)
    request_id: str | None = None

    def entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"code": self.number, "message": self.message}
        if self.handle is not None:
            entry["id"] = self.handle
        entry["reason"] = self.reason
        if self.fields:
            entry["fields"] = self.fields
        if self.request_id:
            entry["request_id"] = self.request_id
        return entry


def failure(told: Failure, *, v2: bool) -> dict[str, Any]:
    """The body of a failure.

    In v2 the same entry stands in two places: clients look for it in either.
    """
    entry = told.entry()
    if not v2:
        return {"errors": entry}
    return {
        "success": False,
        "data": None,
        "meta": {"message": told.message, "errors": [entry]},
        "errors": entry,
    }
