"""Which places a staff user may act in."""

from sqlalchemy.orm import Session

from services.booking.models import Location
from services.booking.use_cases.finding import find_location
from services.common.calls import Call
from services.common.errors import Forbidden


def staff_location(session: Session, call: Call, location_id: int) -> Location:
    """The location, for a staff user of its business who is let in there; else ``forbidden``."""
    viewer = call.viewer
    if viewer.get("kind") != "staff":
        raise Forbidden("forbidden")
    location = find_location(session, location_id)
    allowed = viewer.get("location_ids")
    if viewer.get("business_id") != location.business_id or (
        allowed is not None and location.id not in allowed
    ):
        raise Forbidden("forbidden")
    return location
