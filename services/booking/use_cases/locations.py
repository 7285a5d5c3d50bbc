"""Places, for who owns or administers them: opening, changing, closing."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from services.booking.events import LocationChanged
from services.booking.models import Business, City, Location, StaffMember
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.future import count_future, settle_future
from services.booking.use_cases.locks import lock_business, lock_staff
from services.booking.use_cases.permissions import administered_location, own_rights
from services.booking.use_cases.versions import apply_changes, refuse_outdated
from services.common.calls import Call
from services.common.emails import normal_email
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.outbox import announce
from services.common.phones import normal_phone
from services.common.rights import Permission, is_within_key, may, rights_of

FACTS = (
    "title",
    "public_title",
    "short_description",
    "description",
    "logo_url",
    "photo_urls",
    "phones",
    "email",
    "site",
    "postal_code",
    "address",
    "opening_hours_text",
    "city_id",
    "latitude",
    "longitude",
    "timezone",
    "currency",
    "social",
    "business_type_id",
    "weight",
    "promo_text",
    "phone_confirmation_required",
    "comment_required",
    "comment_label",
    "email_required",
    "booking_notice",
    "move_allowed",
    "move_notice_seconds",
    "cancel_allowed",
    "cancel_notice_seconds",
    "sms_reminders_enabled",
    "default_sms_reminder_hours",
)
AS_ITS_SISTER = ("timezone", "currency", "language", "grid_step_seconds")


def create_location(session: Session, request: Mapping[str, Any], call: Call) -> Location:
    """Open one more place of a business, with clock and currency of its first one unless told.

    With the second place the business is a chain.
    """
    business = _own_business(session, request["business_id"], call)
    lock_business(session, business.id)
    sister = _first_open(session, business)
    facts = _facts(session, request, sister)
    usual = {name: getattr(sister, name) for name in AS_ITS_SISTER} if sister else {}
    if sister is not None and _country_of(session, facts["city_id"]) != sister.city.country_code:
        # Elsewhere nothing goes without saying.
        usual = {"language": sister.language}
    complete = {**usual, **facts}
    if missing := [name for name in ("timezone", "currency") if name not in complete]:
        raise Invalid("field_missing", fields=dict.fromkeys(missing, "field_missing"))
    location = Location(business_id=business.id, created_at=call.now, **complete)
    session.add(location)
    session.flush()
    business.is_chain = business.is_chain or sister is not None
    session.flush()
    found = find_location(session, location.id)
    announce(session, LocationChanged.of(found))
    return found


def update_location(session: Session, request: Mapping[str, Any], call: Call) -> Location:
    """Change whatever the request names; what is booked keeps the wall time it was booked for."""
    location = administered_location(
        session, call, request["location_id"], Permission.SETTINGS_EDIT
    )
    refuse_outdated(location, request["version"])
    facts = _facts(session, request, location)
    if facts.get("timezone", location.timezone) != location.timezone:
        count = count_future(session, location, since=call.now)
        if count:
            raise Conflict("appointments_to_come", params={"count": count})
    apply_changes(location, FACTS, facts)
    session.flush()
    session.expire(location)
    changed = find_location(session, location.id)
    announce(session, LocationChanged.of(changed))
    return changed


def close_location(
    session: Session,
    *,
    location_id: int,
    future_appointments: str,
    version: int | None,
    call: Call,
) -> None:
    """Close a place for good: nobody books there, and nobody works there, any more.

    Everybody's time is locked, so of whoever is booking at this moment one part comes before
    and is counted; the rest, who wait, find that these people work there no longer. What was
    booked there stays in people's lists.
    """
    location = administered_location(session, call, location_id, Permission.SETTINGS_EDIT)
    refuse_outdated(location, version)
    people = select(StaffMember.id).where(StaffMember.location_id == location.id)
    lock_staff(session, session.scalars(people).all())
    settle_future(session, location, future_appointments, since=call.now, call=call)
    location.closed_at = call.now
    location.version += 1
    session.execute(
        update(StaffMember)
        .where(StaffMember.location_id == location.id, StaffMember.fired_at.is_(None))
        .values(fired_at=call.now)
    )
    session.flush()
    announce(session, LocationChanged.of(location))


def list_own_businesses(session: Session, call: Call) -> list[tuple[Business, list[Location]]]:
    """The businesses in which the viewer works, each with its open places where they do."""
    rights = [
        right
        for right in rights_of(call.viewer)
        if is_within_key(call.viewer, right["business_id"])
    ]
    places = session.scalars(
        select(Location)
        .where(
            Location.business_id.in_({right["business_id"] for right in rights}),
            Location.closed_at.is_(None),
        )
        .options(joinedload(Location.business, innerjoin=True))
        .order_by(Location.business_id, Location.weight.desc(), Location.id)
    )
    everywhere = {right["business_id"] for right in rights if right["location_id"] is None}
    single = {right["location_id"] for right in rights}
    listed: dict[int, tuple[Business, list[Location]]] = {}
    for place in places:
        if place.business_id in everywhere or place.id in single:
            listed.setdefault(place.business_id, (place.business, []))[1].append(place)
    return list(listed.values())


def own_business(session: Session, business_id: int, call: Call) -> Business:
    """A business in which the viewer works, or ``business_not_found``."""
    rights = own_rights(call)
    works_there = any(right["business_id"] == business_id for right in rights)
    business = session.get(Business, business_id) if works_there else None
    if business is None or not is_within_key(call.viewer, business_id):
        raise NotFound("business_not_found", fields={"business_id": str(business_id)})
    return business


def _own_business(session: Session, business_id: int | None, call: Call) -> Business:
    """The business that is meant, if the viewer may change the settings of all of it."""
    rights = own_rights(call)
    if business_id is not None:
        business = own_business(session, business_id, call)
        if not may(rights, Permission.SETTINGS_EDIT, business_id=business_id):
            raise Forbidden("permission_missing")
        return business
    allowed = {
        right["business_id"]
        for right in rights
        if is_within_key(call.viewer, right["business_id"])
        and may(rights, Permission.SETTINGS_EDIT, business_id=right["business_id"])
    }
    if not allowed:
        raise Forbidden("permission_missing")
    if len(allowed) > 1:
        raise Invalid("field_missing", fields={"business_id": "field_missing"})
    return own_business(session, allowed.pop(), call)


def _first_open(session: Session, business: Business) -> Location | None:
    return session.scalar(
        select(Location)
        .where(Location.business_id == business.id, Location.closed_at.is_(None))
        .options(joinedload(Location.city, innerjoin=True))
        .order_by(Location.weight.desc(), Location.id)
        .limit(1)
    )


def _facts(session: Session, request: Mapping[str, Any], known: Location | None) -> dict[str, Any]:
    """What the request says of a location, with its city found and its phones in one form."""
    facts = {name: request[name] for name in FACTS if name in request}
    country = request.get("country_code") or (known.city.country_code if known else None)
    facts["city_id"] = _city(session, request, country, known)
    if facts.get("email"):
        facts["email"] = normal_email(facts["email"])
    if "phones" in facts:
        facts["phones"] = [normal_phone(phone, country or "") for phone in facts["phones"] if phone]
    return facts


def _city(
    session: Session, request: Mapping[str, Any], country: str | None, known: Location | None
) -> int:
    """The city by its id, or by name and country; a name that is new makes a new one."""
    city_id, title = request.get("city_id"), request.get("city")
    if city_id is not None:
        if session.get(City, city_id) is None:
            raise Invalid("city_unknown", fields={"city_id": str(city_id)})
        return int(city_id)
    if title is None:
        if known is None or country != known.city.country_code:
            raise Invalid("field_missing", fields={"city": "field_missing"})
        return known.city_id
    if country is None:
        raise Invalid("field_missing", fields={"country_code": "field_missing"})
    if known is not None and (known.city.title, known.city.country_code) == (title, country):
        return known.city_id
    found = session.scalar(
        select(func.min(City.id)).where(City.title == title, City.country_code == country)
    )
    if found is not None:
        return found
    city = City(title=title, country_code=country)
    session.add(city)
    session.flush()
    return city.id


def _country_of(session: Session, city_id: int) -> str:
    return session.get_one(City, city_id).country_code
