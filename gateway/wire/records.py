"""Appointments, which the contract calls records: requests to make them, and the record itself."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, pre_load, validate

from gateway.wire import companies, times
from gateway.wire import documents as doc
from gateway.wire.catalogue import record_staff
from gateway.wire.fields import (
    INVALID,
    Coded,
    Flag,
    Id,
    Ids,
    Inner,
    Request,
    Several,
    Text,
    Whole,
    WishedTime,
)
from gateway.wire.money import amount

ATTENDANCES = {"no_show": -1, "waiting": 0, "came": 1, "confirmed": 2}
MOST_VISITS = 20
CHECK_EXAMPLE: dict[str, Any] = {
    "appointments": [
        {"id": 1, "services": [1], "staff_id": 0, "datetime": "2026-11-20T10:00:00+01:00"}
    ]
}
BOOKING_EXAMPLE: dict[str, Any] = {
    "phone": "+33612345678",
    "fullname": "Camille Laurent",
    "email": "camille@example.com",
    "comment": "",
    **CHECK_EXAMPLE,
}


class CustomFields(Coded, fields.Dict):
    """{code: value}; an empty array means none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value or {}, attr, data, **kwargs)


class AppointmentSchema(Request):
    """One visit of a request."""

    id = Whole(required=True, metadata={"description": "Your own handle; errors name it"})
    services = Ids(allow_none=True, metadata={"description": "One after the other"})
    staff_id = Id(required=True, allow_none=True, metadata={"description": "0 is anybody"})
    datetime = WishedTime(required=True, metadata={"example": "2026-11-20T10:00:00+01:00"})
    custom_fields = CustomFields(load_default=dict, allow_none=True)


class BookCheckSchema(Request):
    appointments = Several(
        Inner(AppointmentSchema),
        required=True,
        validate=validate.Length(1, MOST_VISITS, error=INVALID),
    )

    @pre_load
    def take_aliases(self, data: Any, **_: Any) -> Any:
        """Some clients send the array itself."""
        return super().take_aliases({"appointments": data} if isinstance(data, list) else data)


class BookRecordSchema(Request):
    """A booking of one or several visits: all of them or none."""

    phone = Text(load_default="", allow_none=True, metadata={"example": "+33612345678"})
    fullname = Text(load_default="", allow_none=True, metadata={"example": "Camille Laurent"})
    email = Text(load_default=None, allow_none=True)
    appointments = Several(
        Inner(AppointmentSchema),
        required=True,
        validate=validate.Length(1, MOST_VISITS, error=INVALID),
    )
    code = Text(load_default=None, allow_none=True, metadata={"description": "From the SMS"})
    comment = Text(load_default="", allow_none=True, most=2000)
    type = Text(most=50, load_default=None, allow_none=True, metadata={"description": "Source"})
    notify_by_sms = Whole(
        load_default=0, allow_none=True, least=0, most=720, metadata={"description": "Hours"}
    )
    notify_by_email = Whole(
        load_default=0, allow_none=True, least=0, most=720, metadata={"description": "Hours"}
    )
    api_id = Text(load_default=None, allow_none=True)
    bookform_id = Id(load_default=None, allow_none=True)
    is_mobile = Flag(data_key="isMobile", load_default=False, allow_none=True)
    referrer = Text(load_default=None, allow_none=True, most=2000)


class BookedRecordSchema(doc.Answer):
    """What became of one visit of the request."""

    id = doc.whole("The handle that the request gave it", example=1)
    record_id = doc.whole(example=17)
    record_hash = doc.text("Opens the record without signing in: keep it secret")


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


def wanted_appointments(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The visits of a request, in our words."""
    return [
        {
            "handle": visit["id"],
            "service_ids": visit["services"] or [],
            "staff_id": visit["staff_id"] or 0,
            "starts_at": visit["datetime"],
        }
        for visit in form["appointments"]
    ]


def booking_request(location_id: int, form: Mapping[str, Any]) -> dict[str, Any]:
    """The request of ``book_appointments``."""
    wanted = zip(wanted_appointments(form), form["appointments"], strict=True)
    return {
        "location_id": location_id,
        "client": {
            "name": form["fullname"] or "",
            "phone": form["phone"] or "",
            "email": form["email"] or None,
        },
        "appointments": [
            {**visit, "custom_fields": given["custom_fields"] or {}} for visit, given in wanted
        ],
        "comment": form["comment"] or "",
        "source": form["type"],
        "sms_reminder_hours": form["notify_by_sms"] or 0,
        "email_reminder_hours": form["notify_by_email"] or 0,
        "api_id": form["api_id"],
        "form_id": form["bookform_id"] or None,
        "is_mobile": bool(form["is_mobile"]),
        "referrer": form["referrer"],
    }


def booked_record(booked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": booked["handle"],
        "record_id": booked["appointment_id"],
        "record_hash": booked["hash"],
    }


def record(appointment: Mapping[str, Any], *, locale: str) -> dict[str, Any]:
    """An appointment in the contract's words."""
    location = appointment["location"]
    company = _company(location, appointment["starts_at"], locale)
    attendance = ATTENDANCES[appointment["attendance"]]
    return {
        "id": appointment["id"],
        "services": [_service(line, location["currency"]) for line in appointment["services"]],
        "company": company,
        "location": company,
        "staff": record_staff(appointment["staff"]),
        "clients_count": appointment["seats"],
        **_dates(appointment, location["timezone"]),
        "comment": appointment["comment"] or "",
        "deleted": appointment["is_cancelled"],
        "attendance": attendance,
        "visit_attendance": attendance,
        "length": appointment["duration_seconds"],
        "notify_by_sms": appointment["sms_reminder_hours"] or 0,
        "notify_by_email": appointment["email_reminder_hours"] or 0,
        "master_requested": appointment["staff_requested"],
        "online": appointment["is_online"],
        "api_id": appointment["api_id"] or "",
        "prepaid": appointment["prepayment"] != "forbidden",
        "prepaid_confirmed": appointment["is_prepaid"],
        "activity_id": 0,
    }


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
