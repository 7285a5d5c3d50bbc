"""The cities that there are locations in."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import City, Location


def list_cities(
    session: Session,
    *,
    country_code: str | None,
    location_id: int | None,
    within: Sequence[int] | None,
) -> list[dict[str, Any]]:
    """The cities with an open location, by name."""
    wanted = (
        select(City)
        .join(Location, Location.city_id == City.id)
        .where(Location.closed_at.is_(None))
        .distinct()
        .order_by(City.title, City.id)
    )
    if country_code is not None:
        wanted = wanted.where(City.country_code == country_code)
    if location_id is not None:
        wanted = wanted.where(Location.id == location_id)
    if within is not None:
        wanted = wanted.where(Location.business_id.in_(within))
    return [
        {"id": city.id, "title": city.title, "country_code": city.country_code}
        for city in session.scalars(wanted)
    ]
