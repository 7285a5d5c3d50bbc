"""What travels beside the arguments of a call: who asks, until when, in which request.

Sent as ``nameko.*`` headers, so that methods keep only arguments of their own.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

PREFIX = "nameko."
LONGEST_PATIENCE_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call as the called service sees it.

    ``now`` is the moment the work began; ``deadline`` (seconds since the epoch)
    is when the caller stops waiting, None when nobody waits. ``viewer`` says on
    whose behalf: {"partner_id": int | None, "user_id": int | None}.
    """

    now: datetime
    request_id: str = ""
    command_id: str = ""
    deadline: float | None = None
    viewer: dict[str, Any] = field(default_factory=dict)
    locale: str = "en"

    @property
    def seconds_left(self) -> float | None:
        """How long the caller still waits, a day at most; None when nobody waits."""
        if self.deadline is None:
            return None
        return min(self.deadline - datetime.now(UTC).timestamp(), LONGEST_PATIENCE_SECONDS)


def call_of(context: Mapping[str, Any], *, now: datetime) -> Call:
    """Read a call from message headers whose ``nameko.`` prefix is gone.

    Anybody with an account on the broker can send headers, so what cannot be
    read counts as absent instead of failing.
    """
    return Call(
        now=now,
        request_id=_text(context.get("request_id"), longest=200),
        command_id=_text(context.get("command_id"), longest=300),
        deadline=_number(context.get("deadline")),
        viewer=_mapping(context.get("viewer")),
        locale=_text(context.get("locale"), longest=20) or "en",
    )


def headers(
    *,
    request_id: str,
    command_id: str,
    deadline: float,
    viewer: dict[str, Any],
    locale: str,
) -> dict[str, str]:
    """The headers of an outgoing call."""
    return {
        f"{PREFIX}request_id": request_id,
        f"{PREFIX}command_id": command_id,
        f"{PREFIX}deadline": f"{deadline:.3f}",
        f"{PREFIX}viewer": json.dumps(viewer),
        f"{PREFIX}locale": locale,
    }


def _text(value: Any, *, longest: int) -> str:
    """A text that a log and a database can take, shortened; empty when it is none."""
    return value[:longest] if isinstance(value, str) and value.isprintable() else ""


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _mapping(value: Any) -> dict[str, Any]:
    try:
        loaded = json.loads(value)
    except (TypeError, ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}
