"""Taking time of people, rooms and devices, and who has how much of it.

Whoever calls to take time has locked the staff members and the resources.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking.models import (
    LONGEST_RESERVATION,
    NO_DOUBLE_BOOKING,
    NO_SHARED_RESOURCE,
    RESERVATIONS,
    Reservation,
)
from services.common.db import violates
from services.common.errors import Conflict
from services.common.roundtrips import LATER

_GUARDS = {NO_DOUBLE_BOOKING: "slot_taken", NO_SHARED_RESOURCE: "no_resource_free"}
_RESERVATION = insert(RESERVATIONS).inline()
_ENDED = (
    delete(RESERVATIONS)
    .where(
        RESERVATIONS.c.held_until <= bindparam("now"),
        or_(
            RESERVATIONS.c.staff_id.in_(bindparam("staff_ids", expanding=True)),
            RESERVATIONS.c.resource_instance_id.in_(bindparam("instance_ids", expanding=True)),
        ),
    )
    .execution_options(**LATER)
)


Taken = tuple[int | None, int | None, datetime, datetime]
"""Whose time (a staff member's, or that of a resource's instance), from when and until when."""

COUNTS: ColumnElement[bool] = or_(
    Reservation.hold_id.is_(None),
    and_(
        Reservation.held_until > bindparam("now"),
        Reservation.hold_id.not_in(bindparam("own_holds", expanding=True)),
    ),
)
"""Whether a row takes time: one of a hold does until that ends, and not from whose it is."""


WITHIN: ColumnElement[bool] = and_(
    Reservation.starts_at < bindparam("until"),
    Reservation.starts_at > bindparam("longest_ago"),
    Reservation.ends_at > bindparam("since"),
)
"""Whether a row takes time between two moments.

Their ends are in no order that an index could use, but none can have begun longer ago than a
reservation lasts. Without that limit the whole past of a person would be looked at.
"""


def between(since: datetime, until: datetime) -> dict[str, datetime]:
    """What ``WITHIN`` has to be told."""
    return {"since": since, "until": until, "longest_ago": since - LONGEST_RESERVATION}


def taken_as_of(now: datetime, own_holds: Collection[int] = ()) -> dict[str, Any]:
    """What ``COUNTS`` has to be told."""
    return {"now": now, "own_holds": list(own_holds)}


def take(
    session: Session,
    takes: Sequence[tuple[Mapping[str, Any], Taken]],
    *,
    now: datetime,
    handle: int | None = None,
) -> None:
    """Reserve times for their owners (``{business_id, appointment_id}``, or what else owns one).

    What holds had of it that are over is deleted first, for the constraints know no clock.
    ``slot_taken`` or ``no_resource_free`` where somebody who did not queue was faster.
    """
    rows = [
        {**owner, "staff_id": whose, "resource_instance_id": of, "starts_at": start, "ends_at": end}
        for owner, (whose, of, *whole) in takes
        for start, end in _pieces(*whole)
    ]
    if not rows:
        return
    wanted = {
        "staff_ids": [row["staff_id"] for row in rows if row["staff_id"]],
        "instance_ids": [
            row["resource_instance_id"] for row in rows if row["resource_instance_id"]
        ],
    }
    session.execute(_ENDED, {"now": now, **wanted})
    try:
        session.execute(_RESERVATION, rows)
    except IntegrityError as error:
        for guard, code in _GUARDS.items():
            if violates(error, guard):
                raise Conflict(code, handle=handle) from error
        raise


def _pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The same time in reservations none of which is longer than they may be."""
    while end - start > LONGEST_RESERVATION:
        yield start, start + LONGEST_RESERVATION
        start += LONGEST_RESERVATION
    yield start, end
