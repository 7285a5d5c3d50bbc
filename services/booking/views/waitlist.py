"""Who waits, as clients see their own entries and staff a location's list."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from services.booking.models import (
    Business,
    Location,
    Outcome,
    Service,
    StaffMember,
    WaitlistEntry,
    WaitlistOffer,
)
from services.booking.use_cases.own_users import is_of_viewer
from services.booking.use_cases.permissions import (
    may_see_contacts,
    refuse_strangers,
    staff_location,
)
from services.common.calls import Call
from services.common.rights import Permission


def list_own_waitlist(session: Session, *, call: Call) -> dict[str, Any]:
    """Where the viewer waits, with what they are offered."""
    refuse_strangers(call)
    wanted = (
        _waiting()
        .join(Business, Business.id == WaitlistEntry.business_id)
        .where(is_of_viewer(WaitlistEntry.user_id, call), Business.client_accounts)
    )
    within = call.viewer.get("partner_business_ids")
    if within is not None:
        wanted = wanted.where(WaitlistEntry.business_id.in_(within))
    return {"items": show_entries(session, session.scalars(wanted).all(), call)}


def list_waitlist(
    session: Session, *, location_id: int, page: int, page_size: int, call: Call
) -> dict[str, Any]:
    """Who waits at a location, who came first first."""
    location = staff_location(session, call, location_id, Permission.APPOINTMENTS_VIEW)
    wanted = _waiting().where(WaitlistEntry.location_id == location.id)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    found = session.scalars(wanted.limit(page_size).offset((page - 1) * page_size)).all()
    shown = show_entries(session, found, call)
    with_contacts = may_see_contacts(call, location)
    for entry, told in zip(found, shown, strict=True):
        contact = entry.contact
        told["client"] = {
            "id": entry.client_id,
            "name": contact["name"],
            "phone": contact["phone"] if with_contacts else None,
            "email": contact["email"] if with_contacts else None,
        }
    return {"items": shown, "total": total}


def show_entries(
    session: Session, entries: Sequence[WaitlistEntry], call: Call
) -> list[dict[str, Any]]:
    """Entries with names for what they want, and the offers that are open."""
    ids = [entry.id for entry in entries]
    offers = {
        offer.entry_id: offer
        for offer in session.scalars(
            select(WaitlistOffer).where(
                WaitlistOffer.entry_id.in_(ids),
                WaitlistOffer.outcome == Outcome.OPEN,
                WaitlistOffer.expires_at > call.now,
            )
        )
    }
    wanted = {service_id for entry in entries for service_id in entry.service_ids}
    titles = _names(session, select(Service.id, Service.title).where(Service.id.in_(wanted)))
    people = {entry.staff_id for entry in entries} | {one.staff_id for one in offers.values()}
    names = _names(
        session, select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(people))
    )
    return [_show(entry, offers.get(entry.id), titles, names) for entry in entries]


def _waiting() -> Select[WaitlistEntry]:
    return (
        select(WaitlistEntry)
        .where(WaitlistEntry.ended_at.is_(None))
        .options(joinedload(WaitlistEntry.location, innerjoin=True))
        .order_by(WaitlistEntry.id)
    )


def _names(session: Session, wanted: Select[int, str]) -> dict[int, str]:
    return dict(session.execute(wanted).all())


def _show(
    entry: WaitlistEntry,
    offer: WaitlistOffer | None,
    titles: dict[int, str],
    names: dict[int, str],
) -> dict[str, Any]:
    location: Location = entry.location
    return {
        "id": entry.id,
        "location": {
            "id": location.id,
            "title": location.public_title or location.title,
            "timezone": location.timezone,
        },
        "services": [{"id": one, "title": titles[one]} for one in entry.service_ids],
        "staff": entry.staff_id and {"id": entry.staff_id, "name": names[entry.staff_id]},
        "first_day": entry.first_day.isoformat(),
        "last_day": entry.last_day.isoformat(),
        "created_at": _text(entry.created_at),
        "offer": offer
        and {
            "starts_at": _text(offer.starts_at),
            "ends_at": _text(offer.ends_at),
            "expires_at": _text(offer.expires_at),
            "staff": {"id": offer.staff_id, "name": names[offer.staff_id]},
        },
    }


def _text(moment: Any) -> str:
    return str(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
