"""Appointments as their clients see them; the contract calls them records."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from gateway.wire import companies, times
from gateway.wire import documents as doc
from gateway.wire.calendars import google_link
from gateway.wire.catalogue import record_staff
from gateway.wire.fields import Choice, Id, Request, Text, WishedTime
from gateway.wire.money import amount
from gateway.wire.pages import PagedQuerySchema, page_wanted

ATTENDANCES = {"no_show": -1, "waiting": 0, "came": 1, "confirmed": 2}
KINDS = ("all", "upcoming", "past", "cancelled")
MOVE_EXAMPLE: dict[str, Any] = {"datetime": "2026-11-20T10:00:00+01:00", "comment": ""}


class RecordServiceSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    cost = doc.number("What this visit costs, before discount")
    price_min = doc.number()
    price_max = doc.number()
    discount = doc.number("Per cent")
    amount = doc.whole()
    seance_length = doc.whole("Seconds")
    session_length = doc.whole("The same as seance_length")


class RecordCompanySchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    country_id = doc.whole("ISO 3166-1 numeric")
    country = doc.text()
    city_id = doc.whole()
    city = doc.text()
    phone = doc.text()
    phones = doc.texts()
    timezone = doc.text("Hours ahead of UTC at the time of the visit", example="-5")
    address = doc.text()
    coordinate_lat = doc.number()
    coordinate_lon = doc.number()
    coordinate_lng = doc.number()
    site = doc.text()
    currency_short_title = doc.text()
    allow_change_record = doc.flag()
    allow_change_record_delay_step = doc.whole("Seconds")
    allow_delete_record = doc.flag()
    allow_delete_record_delay_step = doc.whole("Seconds")


class RecordStaffSchema(doc.Answer):
    id = doc.whole()
    name = doc.text()
    specialization = doc.text()
    position = doc.either(doc.titled(), doc.EMPTY_ARRAY)
    show_rating = doc.bit()
    rating = doc.number()
    votes_count = doc.whole()
    comments_count = doc.whole()
    avatar = doc.text()


class RecordSchema(doc.Answer):
    """An appointment as its client sees it."""

    id = doc.whole()
    services = doc.many(RecordServiceSchema)
    company = doc.one(RecordCompanySchema)
    location = doc.one(RecordCompanySchema, "The same as company")
    staff = doc.one(RecordStaffSchema)
    clients_count = doc.whole("Seats")
    date = doc.text("The same as datetime")
    datetime = doc.text("Start", example="2026-11-20T10:00:00+01:00")
    create_date = doc.text(example="2026-11-01T10:00:00+0100")
    last_change_date = doc.text(example="2026-11-01T10:00:00+0100")
    comment = doc.text()
    deleted = doc.flag("Cancelled")
    attendance = doc.whole("-1 no-show, 0 waiting, 1 came, 2 confirmed", enum=[-1, 0, 1, 2])
    visit_attendance = doc.whole("The same as attendance", enum=[-1, 0, 1, 2])
    length = doc.whole("Seconds, with the technical break")
    notify_by_sms = doc.whole("Hours; 0 is off")
    notify_by_email = doc.whole("Hours; 0 is off")
    master_requested = doc.flag("The client chose this person")
    online = doc.flag("Booked by the client")
    api_id = doc.text()
    prepaid = doc.flag("Can be paid online")
    prepaid_confirmed = doc.flag("Has been paid online")
    activity_id = doc.whole("0: no group event")
    confirmed = doc.flag("Our own: the location has confirmed it")
    google_calendar_url = doc.text("Our own: puts it into a Google calendar")
    review_token = doc.text("Our own: for master_record_review; opens nothing else")
    version = doc.whole("Our own: for If-Match; rises with every change")


class MovedStaffSchema(RecordStaffSchema):
    spec = doc.text("The same as specialization")


class MovedRecordSchema(RecordSchema):
    """An appointment that has been moved."""

    staff = doc.one(MovedStaffSchema)


class MoveRecordSchema(Request):
    """What is to change; what is left out stays as it is. A whole record may be sent back."""

    datetime = WishedTime(
        load_default=None, allow_none=True, metadata={"example": "2026-11-20T10:00:00+01:00"}
    )
    date = WishedTime(
        load_default=None, allow_none=True, metadata={"description": "Where datetime is left out"}
    )
    staff_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "Somebody else; 0 changes nothing"},
    )
    comment = Text(load_default=None, allow_none=True, most=2000, lines=True)

    @validates_schema(skip_on_field_errors=True)
    def refuse_nothing(self, data: Mapping[str, Any], **_: Any) -> None:
        if not any(data[name] is not None for name in ("datetime", "date", "staff_id", "comment")):
            raise ValidationError("field_missing", "datetime")


class UserRecordsQuerySchema(PagedQuerySchema):
    group_id = Id(load_default=0, metadata={"description": "Only this chain; 0 is any"})
    company_id = Id(load_default=0, metadata={"description": "Only this location; 0 is any"})
    kind = Choice(*KINDS, load_default="all", metadata={"description": "Our own"})


def records_wanted(query: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``list_own_appointments`` for a query."""
    return {
        "business_id": query["group_id"] or None,
        "location_id": query["company_id"] or None,
        "kind": query["kind"],
        **page_wanted(query),
    }


def move_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What ``move_appointment`` is to change."""
    return {
        "starts_at": form["datetime"] or form["date"],
        "staff_id": form["staff_id"] or None,
        "comment": form["comment"],
    }


def record(appointment: Mapping[str, Any], *, locale: str, base: str = "") -> dict[str, Any]:
    """An appointment in the contract's words."""
    location = appointment["location"]
    company = _company(location, appointment["starts_at"], locale)
    attendance = ATTENDANCES[appointment["attendance"]]
    return {
        "id": appointment["id"],
        "services": [_service(line, location["currency"]) for line in appointment["services"]],
        "company": company,
        "location": company,
        "staff": record_staff(appointment["staff"], base),
        "clients_count": appointment["seats"],
        **_dates(appointment, location["timezone"]),
        "comment": appointment["comment"] or "",
        "deleted": appointment["is_cancelled"],
        "attendance": attendance,
        "visit_attendance": attendance,
        "length": appointment["duration_seconds"] + appointment["buffer_seconds"],
        "notify_by_sms": appointment["sms_reminder_hours"] or 0,
        "notify_by_email": appointment["email_reminder_hours"] or 0,
        "master_requested": appointment["staff_requested"],
        "online": appointment["is_online"],
        "api_id": appointment["api_id"] or "",
        "prepaid": appointment["prepayment"] != "forbidden",
        "prepaid_confirmed": appointment["is_prepaid"],
        "activity_id": appointment["class_id"] or 0,
        "confirmed": appointment["confirmed"],
        "google_calendar_url": google_link(appointment),
        "review_token": appointment["review_token"],
        "version": appointment["version"],
    }


def moved_record(appointment: Mapping[str, Any], *, locale: str, base: str = "") -> dict[str, Any]:
    """The same after a move, where the contract has one more name for one thing."""
    told = record(appointment, locale=locale, base=base)
    return {**told, "staff": {**told["staff"], "spec": told["staff"]["specialization"]}}


def _dates(appointment: Mapping[str, Any], zone: str) -> dict[str, str]:
    starts_at = times.iso(appointment["starts_at"], zone)
    return {
        "date": starts_at,
        "datetime": starts_at,
        "create_date": times.iso_compact(appointment["created_at"], zone),
        "last_change_date": times.iso_compact(appointment["changed_at"], zone),
    }


def _service(line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "id": line["id"],
        "title": line["title"],
        "cost": amount(line["price_minor"], currency),
        "price_min": amount(line["price_min_minor"], currency),
        "price_max": amount(line["price_max_minor"], currency),
        "discount": float(line["discount_percent"] or 0),
        "amount": line["amount"],
        "seance_length": line["duration_seconds"],
        "session_length": line["duration_seconds"],
    }


def _company(location: Mapping[str, Any], starts_at: str, locale: str) -> dict[str, Any]:
    zone = location["timezone"]
    return {
        "id": location["id"],
        "title": location["title"],
        "phone": next(iter(location["phones"]), ""),
        "phones": location["phones"],
        "timezone": str(times.offset_hours(zone, times.local(starts_at, zone))),
        "site": location["site"] or "",
        **companies.place(location, locale=locale),
        **companies.changes_allowed(location),
    }
