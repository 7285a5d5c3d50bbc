"""What a client may do to a visit, as a location's policy says."""

from typing import Literal

CancelRefusal = Literal["cancel_not_allowed", "already_started", "cancel_too_late"]
MoveRefusal = Literal["move_not_allowed", "already_started", "move_too_late"]


def may_cancel(
    starts_at: int, *, now: int, allowed: bool, notice_seconds: int
) -> CancelRefusal | None:
    """None if the client may cancel, otherwise the refusal.

    Notice that is given exactly in time is enough; without required notice, until the visit starts.
    """
    if not allowed:
        return "cancel_not_allowed"
    if now >= starts_at:
        return "already_started"
    return "cancel_too_late" if _too_late(starts_at, now, notice_seconds) else None


def may_move(starts_at: int, *, now: int, allowed: bool, notice_seconds: int) -> MoveRefusal | None:
    """None if the client may move the visit away from ``starts_at``, otherwise the refusal.

    Notice counts as in ``may_cancel``, up to the time that is given up.
    """
    if not allowed:
        return "move_not_allowed"
    if now >= starts_at:
        return "already_started"
    return "move_too_late" if _too_late(starts_at, now, notice_seconds) else None


def _too_late(starts_at: int, now: int, notice_seconds: int) -> bool:
    return starts_at - now < notice_seconds
