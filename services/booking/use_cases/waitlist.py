"""What clients do on a list: wait, leave, answer an offer. And staff, who take them off it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import LAST_DAY, day_of, seconds_of
from services.booking.models import (
    Appointment,
    Client,
    EndReason,
    Location,
    Outcome,
    Waitlist,
    WaitlistEntry,
)
from services.booking.use_cases.appointments import book_appointments
from services.booking.use_cases.availability import instant_text, staff_at
from services.booking.use_cases.blacklist import refuse_blocked
from services.booking.use_cases.client_base import come_back
from services.booking.use_cases.clients import client_who_books, contact_of, own_client_ids
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.free_time import tell_of_free_time
from services.booking.use_cases.offers import givers
from services.booking.use_cases.own_users import is_of_viewer
from services.booking.use_cases.permissions import refuse_strangers, staff_location
from services.booking.use_cases.waitlist_offers import close_offer, end_entry, open_offers
from services.common.calls import Call
from services.common.db import insert_into, lock_name
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.rights import Permission, is_within_key

MOST_DAYS = 31
MOST_ENTRIES = 10
"""On so many lists of a business can somebody be at once."""


def join_waitlist(
    session: Session,
    *,
    location_id: int,
    service_ids: Sequence[int],
    staff_id: int | None,
    first_day: date,
    last_day: date,
    client: dict[str, Any],
    call: Call,
) -> WaitlistEntry:
    """Wait for a time on one of these days. Who waits for the same already keeps their turn."""
    refuse_strangers(call)
    location = find_location(session, location_id)
    if not location.business.client_accounts:
        raise Forbidden("client_accounts_off")
    _refuse_wrong_days(location, first_day, last_day, call)
    _refuse_what_nobody_gives(session, location, service_ids, staff_id)
    contact = contact_of(_completed(session, location, client, call), location)
    refuse_blocked(session, location.business_id, call, contact["phone"])
    lock_name(session, f"waitlist/{call.viewer['user_id']}")
    waiting = _own_waiting(session, location.business_id, call)
    wanted = (location.id, list(service_ids), staff_id or None, first_day, last_day)
    for entry in waiting:
        if wanted == (
            entry.location_id,
            entry.service_ids,
            entry.staff_id,
            entry.first_day,
            entry.last_day,
        ):
            return entry
    if len(waiting) >= MOST_ENTRIES:
        raise Conflict("waitlist_full")
    person = client_who_books(session, location.business, contact, call)
    come_back(session, person, call)
    entry = WaitlistEntry(
        business_id=location.business_id,
        location_id=location.id,
        client_id=person.id,
        user_id=call.viewer["user_id"],
        staff_id=staff_id or None,
        service_ids=list(service_ids),
        first_day=first_day,
        last_day=last_day,
        contact=contact,
        locale=call.locale,
        partner_id=call.viewer.get("partner_id"),
        created_at=call.now,
    )
    session.add(entry)
    session.flush()
    session.execute(
        insert_into(session, Waitlist)
        .values(location_id=location.id, looked_at=call.now)
        .on_conflict_do_nothing()
    )
    tell_of_free_time(session, [location.id])
    return entry


def leave_waitlist(session: Session, *, entry_id: int, call: Call) -> None:
    """Wait no longer; what was offered is given back. Twice is once."""
    _end(session, _own_entry(session, entry_id, call), EndReason.LEFT, call)


def remove_from_waitlist(session: Session, *, location_id: int, entry_id: int, call: Call) -> None:
    """The same at the desk, whoever it is."""
    location = staff_location(session, call, location_id, Permission.APPOINTMENTS_EDIT)
    entry = session.get(WaitlistEntry, entry_id, with_for_update=True)
    if entry is None or entry.location_id != location.id:
        raise NotFound("waitlist_entry_not_found")
    _end(session, entry, EndReason.REMOVED, call)


def decline_offer(session: Session, *, entry_id: int, call: Call) -> WaitlistEntry:
    """Not this time: who declines keeps waiting, and the next is asked. Twice is once."""
    entry = _own_entry(session, entry_id, call)
    close_offer(session, entry, Outcome.DECLINED, call.now)
    return entry


def accept_offer(
    session: Session, *, entry_id: int, comment: str, call: Call
) -> list[tuple[int, Appointment]]:
    """Book what is offered, in the words in which they joined the list; or ``offer_over``."""
    entry = _own_entry(session, entry_id, call)
    offered = open_offers(session, call, entry_id=entry.id, lock=True)
    if not offered:
        raise Conflict("offer_over")
    wish = {
        "handle": 1,
        "service_ids": entry.service_ids,
        "staff_id": entry.staff_id,
        "starts_at": instant_text(seconds_of(offered[0].offer.starts_at)),
        "custom_fields": {},
    }
    return book_appointments(
        session,
        location_id=entry.location_id,
        client=entry.contact,
        appointments=[wish],
        comment=comment,
        call=call,
    )


def _end(session: Session, entry: WaitlistEntry, reason: EndReason, call: Call) -> None:
    if entry.ended_at is None:
        close_offer(session, entry, Outcome.WITHDRAWN, call.now)
        end_entry(entry, reason, call.now)


def _own_entry(session: Session, entry_id: int, call: Call) -> WaitlistEntry:
    """The viewer's entry, locked, or ``waitlist_entry_not_found``."""
    refuse_strangers(call)
    entry = session.scalar(
        select(WaitlistEntry)
        .where(WaitlistEntry.id == entry_id, is_of_viewer(WaitlistEntry.user_id, call))
        .with_for_update()
    )
    if entry is None or not is_within_key(call.viewer, entry.business_id):
        raise NotFound("waitlist_entry_not_found")
    return entry


def _own_waiting(session: Session, business_id: int, call: Call) -> list[WaitlistEntry]:
    return list(
        session.scalars(
            select(WaitlistEntry)
            .where(
                is_of_viewer(WaitlistEntry.user_id, call),
                WaitlistEntry.business_id == business_id,
                WaitlistEntry.ended_at.is_(None),
            )
            .order_by(WaitlistEntry.id)
        )
    )


def _refuse_wrong_days(location: Location, first_day: date, last_day: date, call: Call) -> None:
    today = day_of(seconds_of(call.now), ZoneInfo(location.timezone))
    reason = None
    if last_day < first_day:
        reason = "before date_from"
    elif last_day < today:
        reason = "over"
    elif last_day - first_day >= timedelta(days=MOST_DAYS):
        reason = f"more than {MOST_DAYS} days"
    elif last_day > min(today + timedelta(days=366), LAST_DAY):
        reason = "too far ahead"
    if reason is not None:
        raise Invalid("waitlist_days_wrong", fields={"date_to": reason})


def _refuse_what_nobody_gives(
    session: Session, location: Location, service_ids: Sequence[int], staff_id: int | None
) -> None:
    if not service_ids:
        raise Invalid("services_missing", fields={"service_ids": "required"})
    if not staff_id and not location.any_staff_allowed:
        raise Invalid("staff_required", fields={"staff_id": "required"})
    staff = staff_at(session, location, staff_id)
    if not givers(session, location, staff, service_ids):
        raise Invalid("service_unavailable", fields={"service_ids": "nobody gives these"})


def _completed(
    session: Session, location: Location, client: dict[str, Any], call: Call
) -> dict[str, Any]:
    """Who comes: what they do not say again is known of them here."""
    own = dict(client)
    if not own["name"].strip():
        own["name"] = _known_name(session, location, call)
    own["phone"] = own["phone"] or call.viewer.get("phone") or ""
    own["email"] = own["email"] or call.viewer.get("email")
    return own


def _known_name(session: Session, location: Location, call: Call) -> str:
    """What the business calls them, if it knows them."""
    own = own_client_ids(session, call, location.business_id)
    wanted = select(Client.name).where(Client.id.in_(own)).order_by(Client.id).limit(1)
    return session.scalar(wanted) or ""
