"""What came through a partner's front end, for staff who call with that partner's key."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Appointment, Location
from services.booking.use_cases.permissions import own_rights
from services.booking.views.desk import show_for_staff
from services.booking.views.records import page_of
from services.common.calls import Call
from services.common.errors import Forbidden
from services.common.rights import Permission, is_within_key, may


def list_partner_appointments(
    session: Session, *, page: int, page_size: int, call: Call
) -> dict[str, Any]:
    """Appointments made with this key, the newest first, wherever the viewer may see them."""
    wanted = select(Appointment).where(
        Appointment.location_id.in_(_places(session, call)),
        Appointment.partner_id == call.viewer.get("partner_id"),
    )
    found, total = page_of(session, wanted, Appointment.created_at.desc(), page, page_size)
    by_place: dict[Location, list[Appointment]] = defaultdict(list)
    for appointment in found:
        by_place[appointment.location].append(appointment)
    shown = {
        told["id"]: told
        for location, there in by_place.items()
        for told in show_for_staff(session, location, there, call)
    }
    return {"items": [shown[appointment.id] for appointment in found], "total": total}


def _places(session: Session, call: Call) -> list[int]:
    rights = own_rights(call)
    businesses = {right["business_id"] for right in rights}
    places = session.execute(
        select(Location.id, Location.business_id).where(
            Location.business_id.in_(one for one in businesses if is_within_key(call.viewer, one))
        )
    )
    seen = [
        location_id
        for location_id, business_id in places
        if may(
            rights,
            Permission.APPOINTMENTS_VIEW,
            business_id=business_id,
            location_id=location_id,
        )
    ]
    if not seen:
        permission = Permission.APPOINTMENTS_VIEW.value
        raise Forbidden("permission_missing", params={"permission": permission})
    return seen
