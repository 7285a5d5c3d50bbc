"""Which places a staff user may act in, and which ones a partner's key is for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import BookingForm, Location
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.locks import lock_location
from services.common.calls import Call
from services.common.errors import Forbidden
from services.common.rights import Permission, Right, is_within_key, may, right_at, rights_of


def staff_location(
    session: Session, call: Call, location_id: int, permission: Permission | None
) -> Location:
    """The location, for staff who may do that there; with None, for all who work there.

    ``forbidden`` to who may nothing there, else ``permission_missing``.
    """
    rights = own_rights(call)
    location = find_location(session, location_id)
    place = {"business_id": location.business_id, "location_id": location.id}
    if right_at(rights, **place) is None:
        raise Forbidden("forbidden")
    if permission is not None and not may(rights, permission, **place):
        raise Forbidden("permission_missing", params={"permission": permission.value})
    return location


def own_rights(call: Call) -> list[Right]:
    """The viewer's rights; ``forbidden`` to who has none at all."""
    rights = rights_of(call.viewer)
    if not rights:
        raise Forbidden("forbidden")
    return rights


def refuse_strangers(call: Call) -> None:
    """``forbidden`` to whoever is not signed in as a client."""
    if call.viewer.get("kind") != "client" or call.viewer.get("user_id") is None:
        raise Forbidden("forbidden")


def administered_location(
    session: Session, call: Call, location_id: int, permission: Permission
) -> Location:
    """The same, to change what belongs to it: whoever else would waits for us to be done.

    So of two administrators one comes first, and what the second looks at is what there is.
    """
    lock_location(session, location_id)
    return staff_location(session, call, location_id, permission)


def refuse_outside_key(
    session: Session, call: Call, *, location_id: object = None, form_id: object = None
) -> None:
    """``location_outside_key`` when the partner's key is not one for that business.

    What is not there is for somebody else to refuse.
    """
    if call.viewer.get("partner_business_ids") is None:
        return
    for model, wanted in ((Location, location_id), (BookingForm, form_id)):
        if not isinstance(wanted, int):
            continue
        business_id = session.scalar(select(model.business_id).where(model.id == wanted))
        if business_id is not None and not is_within_key(call.viewer, business_id):
            raise Forbidden("location_outside_key")


def may_see_contacts(call: Call, location: Location) -> bool:
    """Whether the viewer is one of the staff there who see phones and addresses of clients."""
    place = {"business_id": location.business_id, "location_id": location.id}
    return may(rights_of(call.viewer), Permission.CLIENTS_VIEW, **place)
