"""Refusals: what a service answers when it will not do what it was asked.

    Refusal
    ├── Invalid            the request makes no sense as it stands
    ├── NotFound           there is no such thing (or not for this caller)
    ├── Conflict           it was possible, but something else came first
    ├── Forbidden          the caller may not
    ├── Unauthenticated    we do not know who the caller is
    └── TooManyAttempts    not now, and not again for a while

A refusal is an answer, not a defect: it changes nothing, is never stored and
travels over the bus whole (``to_error`` on one side, ``refusal_of`` on the
other). Texts for people are made in the gateway from the code.
"""

from typing import Any


class Refusal(Exception):
    """A request that is refused, with a stable snake_case ``code``.

    ``fields`` names what is wrong in the request ({field: short reason}),
    ``handle`` is the caller's own id of the visit it is about, and ``params``
    fill the gaps in the text that a person reads.
    """

    def __init__(
        self,
        code: str,
        *,
        fields: dict[str, Any] | None = None,
        handle: int | None = None,
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields or {}
        self.handle = handle
        self.params = params or {}

    @property
    def kind(self) -> str:
        return type(self).__name__


class Invalid(Refusal):
    """The request makes no sense as it stands."""


class NotFound(Refusal):
    """There is no such thing, or not for this caller."""


class Conflict(Refusal):
    """It was possible, but something else came first."""


class Forbidden(Refusal):
    """The caller is known and may not do this."""


class Unauthenticated(Refusal):
    """We do not know who the caller is."""


class TooManyAttempts(Refusal):
    """Not now, and not again for a while."""


KINDS: dict[str, type[Refusal]] = {
    kind.__name__: kind
    for kind in (
        Invalid,
        NotFound,
        Conflict,
        Forbidden,
        Unauthenticated,
        TooManyAttempts,
    )
}


class DeadlinePassed(Exception):
    """The caller has stopped waiting, so nothing was done."""


def to_error(refusal: Refusal) -> dict[str, Any]:
    """The part of an RPC reply that carries a refusal."""
    return {
        "kind": refusal.kind,
        "code": refusal.code,
        "fields": refusal.fields,
        "handle": refusal.handle,
        "params": refusal.params,
    }


def refusal_of(error: dict[str, Any]) -> Refusal | None:
    """The refusal inside the ``error`` of an RPC reply; None when it is a defect."""
    told = error.get("refusal")
    if not told:
        return None
    kind = KINDS.get(told["kind"], Invalid)
    return kind(
        told["code"],
        fields=told.get("fields"),
        handle=told.get("handle"),
        params=told.get("params"),
    )
