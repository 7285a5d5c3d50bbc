"""What staff and locations are rated: counted anew whenever a review is written, hidden or shown.

Under the lock of the row that gets the numbers, so that they are right whoever else writes.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from services.booking.domain.reviews import average
from services.booking.models import Location, Review, StaffMember
from services.booking.use_cases.locks import lock_location


def recount(session: Session, staff_id: int | None, location_id: int) -> None:
    """Rate the staff member, whose lock is held, and then the location."""
    session.flush()
    if staff_id is not None:
        _store(session, StaffMember, staff_id, Review.staff_id == staff_id)
    lock_location(session, location_id)
    _store(session, Location, location_id, Review.location_id == location_id)


def _store(session: Session, model: type[Any], row_id: int, condition: ColumnElement[bool]) -> None:
    with_text = func.coalesce(func.sum(case((Review.text != "", 1), else_=0)), 0)
    count, total, texts = session.execute(
        select(func.count(), func.coalesce(func.sum(Review.rating), 0), with_text).where(
            condition, Review.hidden_at.is_(None)
        )
    ).one()
    session.execute(
        update(model)
        .where(model.id == row_id)
        .values(rating=average(total, count), votes_count=count, comments_count=texts)
        .execution_options(synchronize_session=False)
    )
