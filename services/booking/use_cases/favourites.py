"""The places that somebody wants to find again."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.booking.models import Favourite
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.own_users import is_of_viewer
from services.booking.use_cases.permissions import refuse_strangers
from services.common.calls import Call
from services.common.db import insert_into
from services.common.errors import Forbidden


def add_favourite(session: Session, *, location_id: int, call: Call) -> None:
    """Keep the location; kept already, it stays. Only where clients have accounts."""
    refuse_strangers(call)
    location = find_location(session, location_id)
    if not location.business.client_accounts:
        raise Forbidden("client_accounts_off")
    session.execute(
        insert_into(session, Favourite)
        .values(user_id=call.viewer["user_id"], location_id=location.id, created_at=call.now)
        .on_conflict_do_nothing()
    )


def remove_favourite(session: Session, *, location_id: int, call: Call) -> None:
    """Keep the location no longer. One that is closed by now, or was never kept, is no matter."""
    refuse_strangers(call)
    session.execute(
        delete(Favourite).where(
            is_of_viewer(Favourite.user_id, call), Favourite.location_id == location_id
        )
    )
