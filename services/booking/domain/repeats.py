"""What of a past visit can be had again, and what is no longer offered."""

from datetime import date
from typing import Literal

ServiceReason = Literal["service_archived", "service_offline", "service_without_staff"]
StaffReason = Literal["staff_fired", "staff_offline", "staff_gives_it_no_longer"]
LocationReason = Literal["location_closed", "booking_paused"]


def why_not_service(*, is_archived: bool, is_online: bool, is_given: bool) -> ServiceReason | None:
    """None if clients can still book the service; ``is_given``: somebody there gives it."""
    if is_archived:
        return "service_archived"
    if not is_online:
        return "service_offline"
    return None if is_given else "service_without_staff"


def why_not_staff(
    *, is_fired: bool, last_day: date | None, today: date, is_online: bool, gives_all: bool
) -> StaffReason | None:
    """None if the same person can be booked for what is still offered of the services."""
    if is_fired or (last_day is not None and last_day < today):
        return "staff_fired"
    if not is_online:
        return "staff_offline"
    return None if gives_all else "staff_gives_it_no_longer"


def why_not_location(*, is_closed: bool, is_paused: bool) -> LocationReason | None:
    if is_closed:
        return "location_closed"
    return "booking_paused" if is_paused else None
