"""Telling that the time that can be booked at a location is not what it was."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.booking.events import TimetableChanged
from services.booking.models import Location
from services.booking.use_cases.free_time import tell_of_free_time
from services.common.outbox import announce


def tell_of_timetable(
    session: Session, location: Location, *, staff_ids: Sequence[int] = ()
) -> None:
    """Announce that these people's hours have changed, or what holds for everybody there.

    Whoever calls has locked the location.
    """
    location.timetable_version += 1
    session.flush()
    tell_of_free_time(session, [location.id])
    announce(session, TimetableChanged.of(location, staff_ids=staff_ids))
