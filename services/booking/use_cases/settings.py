"""How a location takes bookings: its policy, for who administers it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.booking.events import LocationChanged
from services.booking.models import Location
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.versions import refuse_outdated
from services.common.calls import Call
from services.common.outbox import announce
from services.common.rights import Permission

SETTINGS = (
    "phone_confirmation_required",
    "any_staff_allowed",
    "lead_seconds",
    "move_allowed",
    "move_notice_seconds",
    "cancel_allowed",
    "cancel_notice_seconds",
    "visit_kinds",
    "class_clients_max",
    "class_clients_online_max",
)


def get_settings(session: Session, *, location_id: int, call: Call) -> Location:
    return staff_location(session, call, location_id, Permission.SETTINGS_EDIT)


def update_settings(session: Session, request: Mapping[str, Any], call: Call) -> Location:
    """Change what the request names. What is booked stays booked; a pause said twice began once."""
    location = administered_location(
        session, call, request["location_id"], Permission.SETTINGS_EDIT
    )
    refuse_outdated(location, request.get("version"))
    before = _all(location)
    for name in SETTINGS:
        if name in request:
            setattr(location, name, request[name])
    if "is_paused" in request and request["is_paused"] != location.is_paused:
        location.paused_at = call.now if request["is_paused"] else None
    if _all(location) == before:
        return location
    location.version += 1
    session.flush()
    announce(session, LocationChanged.of(location))
    return location


def _all(location: Location) -> list[Any]:
    return [location.is_paused, *(getattr(location, name) for name in SETTINGS)]
