"""The address under which a calendar program reads somebody's appointments: made and ended."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.booking.models import CalendarFeed
from services.booking.use_cases.clients import claim_clients
from services.booking.use_cases.own_users import is_of_viewer
from services.booking.use_cases.permissions import refuse_strangers
from services.booking.use_cases.tokens import digest_of, new_token
from services.common.calls import Call
from services.common.db import insert_into
from services.common.errors import NotFound


def renew_feed(session: Session, *, call: Call) -> str:
    """A new address, which can be read this once; the one before it leads nowhere from now on."""
    refuse_strangers(call)
    claim_clients(session, call)
    token = new_token()
    told = {
        "token_digest": digest_of(token),
        "business_ids": call.viewer.get("partner_business_ids"),
        "created_at": call.now,
    }
    end_feed(session, call=call)
    session.execute(
        insert_into(session, CalendarFeed)
        .values(user_id=call.viewer["user_id"], partner_id=_partner_id(call), **told)
        .on_conflict_do_update(index_elements=["user_id", "partner_id"], set_=told)
    )
    return token


def end_feed(session: Session, *, call: Call) -> None:
    """The address leads nowhere any more. Where there is none, nothing happens."""
    refuse_strangers(call)
    session.execute(
        delete(CalendarFeed).where(
            is_of_viewer(CalendarFeed.user_id, call), CalendarFeed.partner_id == _partner_id(call)
        )
    )


def get_feed(session: Session, *, call: Call) -> CalendarFeed | None:
    """The viewer's feed with this front end."""
    refuse_strangers(call)
    return session.scalar(
        select(CalendarFeed)
        .where(
            is_of_viewer(CalendarFeed.user_id, call), CalendarFeed.partner_id == _partner_id(call)
        )
        .order_by(CalendarFeed.created_at.desc())
        .limit(1)
    )


def find_feed(session: Session, token: str) -> CalendarFeed:
    """Whose appointments the address tells, or ``calendar_not_found``."""
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.token_digest == digest_of(token)))
    if feed is None:
        raise NotFound("calendar_not_found")
    return feed


def _partner_id(call: Call) -> int:
    return call.viewer.get("partner_id") or 0
