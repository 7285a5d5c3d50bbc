"""Where nothing can be booked for now."""

from services.booking.models import Location
from services.common.errors import Forbidden


def refuse_when_paused(location: Location) -> None:
    if location.is_paused:
        raise Forbidden("booking_paused")
