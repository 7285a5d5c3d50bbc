"""A past visit as the beginning of another one: our own route."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc


class RepeatedServiceSchema(doc.Answer):
    id = doc.whole()
    title = doc.text("As it was called then")
    is_offered = doc.flag()
    reason = doc.text(
        "service_archived, service_offline, service_without_staff; null: it is offered", null=True
    )


class RepeatedStaffSchema(doc.Answer):
    id = doc.whole()
    name = doc.text()
    is_offered = doc.flag()
    reason = doc.text(
        "staff_fired, staff_offline, staff_gives_it_no_longer; null: can be booked", null=True
    )


class RepeatedCompanySchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    is_offered = doc.flag()
    reason = doc.text("location_closed, booking_paused; null: can be booked", null=True)


class NewVisitSchema(doc.Answer):
    services = doc.either({"type": "array", "items": {"type": "integer"}})
    staff_id = doc.whole("0 is anybody: where the same person cannot be had")
    custom_fields = doc.mapping("{code: value}")


class RepeatSchema(doc.Answer):
    """A past visit, with everything filled in but the time."""

    record_id = doc.whole()
    is_possible = doc.flag("The location takes bookings, and some of the services are offered")
    appointment = doc.one(NewVisitSchema, "For book_check and book_record; the time is missing")
    comment = doc.text()
    master_requested = doc.flag("The client chose this person")
    company = doc.one(RepeatedCompanySchema)
    location = doc.one(RepeatedCompanySchema, "The same as company")
    staff = doc.one(RepeatedStaffSchema)
    services = doc.many(RepeatedServiceSchema)


def repeat(found: Mapping[str, Any]) -> dict[str, Any]:
    offered = [one["id"] for one in found["services"] if one["reason"] is None]
    location, staff = found["location"], found["staff"]
    company = _told(location, "title")
    return {
        "record_id": found["appointment_id"],
        "is_possible": location["reason"] is None and bool(offered),
        "appointment": {
            "services": offered,
            "staff_id": staff["id"] if staff["reason"] is None else 0,
            "custom_fields": found["custom_fields"],
        },
        "comment": found["comment"] or "",
        "master_requested": found["staff_requested"],
        "company": company,
        "location": company,
        "staff": _told(staff, "name"),
        "services": [_told(one, "title") for one in found["services"]],
    }


def _told(one: Mapping[str, Any], name: str) -> dict[str, Any]:
    reason = one["reason"]
    return {"id": one["id"], name: one[name], "is_offered": reason is None, "reason": reason}
