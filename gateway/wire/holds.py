"""Holds: time that is kept while somebody types."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire.bookings import CHECK_EXAMPLE, BookCheckSchema, HoldToken, wanted_appointments
from gateway.wire.times import iso

EXAMPLE = CHECK_EXAMPLE


class HoldSchema(BookCheckSchema):
    """The visits whose time is to be kept: all of them or none."""

    hold = HoldToken("The hold that this one replaces")


class HeldVisitSchema(doc.Answer):
    """One visit of the request."""

    id = doc.whole("The handle that the request gave it", example=1)
    staff_id = doc.whole("Who would give it, also to who asked for anybody", example=3)


class HeldSchema(doc.Answer):
    """A hold, which ends by itself."""

    hold = doc.text("Books the time: keep it secret. It is told only here")
    expires_at = doc.text("When anybody can have the time again", format="date-time")
    expires_in = doc.whole("The same in seconds from now", example=300)
    appointments = doc.many(HeldVisitSchema)


def hold_request(location_id: int, form: Mapping[str, Any], address: str | None) -> dict[str, Any]:
    """The request of ``hold_time``."""
    return {
        "location_id": location_id,
        "appointments": wanted_appointments(form),
        "replaces": form["hold"] or None,
        "address": address,
    }


def held(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "hold": told["token"],
        "expires_at": iso(told["expires_at"], told["timezone"]),
        "expires_in": told["seconds"],
        "appointments": [
            {"id": one["handle"], "staff_id": one["staff_id"]} for one in told["appointments"]
        ],
    }
