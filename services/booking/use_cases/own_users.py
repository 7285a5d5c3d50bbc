"""Whom a viewer's own things are kept under."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from services.booking.models import MergedUser
from services.common.calls import Call


def is_of_viewer(column: InstrumentedAttribute[int], call: Call) -> ColumnElement[bool]:
    """Whether something is the viewer's, or was an account's that is theirs by now."""
    user_id = call.viewer["user_id"]
    merged = select(MergedUser.user_id).where(MergedUser.into_user_id == user_id)
    return or_(column == user_id, column.in_(merged))
