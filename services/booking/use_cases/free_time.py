"""Telling that a location has time again, to whoever makes offers to those who wait."""

from collections.abc import Collection

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from services.booking.models import FREED_TIMES, WaitlistEntry
from services.common.db import wake_loop
from services.common.roundtrips import LATER

OFFERS = "offer_free_time"
"""The loop that makes offers."""

_FREED = (
    insert(FREED_TIMES)
    .from_select(
        ["location_id"],
        select(WaitlistEntry.location_id)
        .distinct()
        .where(
            WaitlistEntry.location_id.in_(bindparam("location_ids", expanding=True)),
            WaitlistEntry.ended_at.is_(None),
        ),
    )
    .execution_options(**LATER)
)


def tell_of_free_time(
    session: Session, location_ids: Collection[int], *, at_once: bool = True
) -> None:
    """Have somebody look, once this is committed, where anybody waits. Nobody is waited for."""
    if location_ids:
        session.execute(_FREED, {"location_ids": list(location_ids)})
        if at_once:
            wake_loop(session, OFFERS)
