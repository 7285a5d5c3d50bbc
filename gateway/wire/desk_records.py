"""Appointments as staff see them: the contract's names and nothing beside them."""

from collections.abc import Mapping
from typing import Any

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.client_words import GENDERS
from gateway.wire.countries import country_of_phone
from gateway.wire.money import plain_amount
from gateway.wire.pictures import picture_url
from gateway.wire.records import ATTENDANCES

BY_STAFF, ON_A_PHONE, AT_A_DESK = 0, 1, 2


class DeskRecordServiceSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    cost = doc.number("Of one, after the discount")
    cost_to_pay = doc.number("Of all: cost times amount")
    manual_cost = doc.number("The same as cost")
    cost_per_unit = doc.number("The same as cost")
    discount = doc.number("Per cent")
    first_cost = doc.number("Before the discount")
    amount = doc.whole()
    assistants = doc.either({"type": "array"}, {"type": "null"}, about=doc.NOT_KEPT)


class DeskPositionSchema(doc.Answer):
    """A position; id 0 for none."""

    id = doc.whole()
    title = doc.text()
    services_binding_type = doc.whole(doc.NOT_KEPT)


class DeskStaffSchema(doc.Answer):
    id = doc.whole()
    api_id = doc.text()
    name = doc.text()
    specialization = doc.text()
    position = doc.one(DeskPositionSchema)
    avatar = doc.text()
    avatar_big = doc.text("The same as avatar")
    rating = doc.number()
    votes_count = doc.whole()


class RecordLabelSchema(doc.Answer):
    id = doc.whole()
    title = doc.text()
    color = doc.text()
    icon = doc.text()
    font_color = doc.text()


class DeskClientCardSchema(doc.Answer):
    id = doc.whole()
    name = doc.text()
    surname = doc.text()
    patronymic = doc.text()
    middle_name = doc.text("The same as patronymic")
    display_name = doc.text("The names in a row")
    comment = doc.text()
    phone = doc.text("E.164, or empty; empty without the permission to see clients")
    card = doc.text()
    email = doc.text()
    success_visits_count = doc.whole()
    fail_visits_count = doc.whole()
    discount = doc.whole()
    is_new = doc.flag("Has not come before")
    custom_fields = doc.either({"type": "object"}, doc.EMPTY_ARRAY, about="{code: value}")
    gender = doc.whole("0 unknown, 1 male, 2 female", enum=[0, 1, 2])
    sex = doc.whole("The same as gender", enum=[0, 1, 2])
    birthday = doc.text("YYYY-MM-DD, or empty")
    client_tags = doc.many(RecordLabelSchema, "Labels of the client")
    phone_country_id = doc.whole("ISO 3166-1 numeric; 0 without a phone")


class DeskRecordSchema(doc.Answer):
    """An appointment as staff see it."""

    id = doc.whole()
    company_id = doc.whole()
    staff_id = doc.whole()
    services = doc.many(DeskRecordServiceSchema)
    goods_transactions = doc.either({"type": "array"}, about=doc.NOT_KEPT)
    staff = doc.one(DeskStaffSchema)
    client = doc.one(DeskClientCardSchema, null=True)
    comer = doc.either({"type": "null"}, {"type": "object"}, about=doc.NOT_KEPT)
    clients_count = doc.whole("Seats")
    date = doc.text("Start on the location's clock", example="2026-11-20 10:00:00")
    datetime = doc.text("Start", example="2026-11-20T10:00:00+01:00")
    create_date = doc.text(example="2026-11-01T10:00:00+0100")
    comment = doc.text()
    online = doc.flag("Booked by the client")
    visit_attendance = doc.whole("The same as attendance", enum=[-1, 0, 1, 2])
    attendance = doc.whole("-1 no-show, 0 waiting, 1 came, 2 confirmed", enum=[-1, 0, 1, 2])
    confirmed = doc.bit()
    seance_length = doc.whole("Seconds")
    length = doc.whole("Seconds, with the technical break")
    technical_break_duration = doc.whole("Seconds behind the visit that nobody else gets")
    sms_before = doc.bit()
    sms_now = doc.whole(doc.NOT_KEPT)
    sms_now_text = doc.text(doc.NOT_KEPT)
    email_now = doc.whole(doc.NOT_KEPT)
    notified = doc.whole(doc.NOT_KEPT)
    master_request = doc.bit()
    api_id = doc.text()
    from_url = doc.text()
    review_requested = doc.whole(doc.NOT_KEPT)
    is_remind_sms_sent = doc.flag(doc.NOT_KEPT)
    visit_id = doc.whole()
    created_user_id = doc.whole("0: not by staff")
    deleted = doc.flag("Cancelled")
    paid_full = doc.whole(doc.NOT_KEPT)
    payment_status = doc.whole(doc.NOT_KEPT)
    prepaid = doc.flag("Can be paid online")
    prepaid_confirmed = doc.flag("Has been paid online")
    is_update_blocked = doc.flag(doc.NOT_KEPT)
    last_change_date = doc.text(example="2026-11-01T10:00:00+0100")
    custom_color = doc.text("As staff set it, or empty", example="f44336")
    custom_font_color = doc.text(doc.NOT_KEPT)
    record_labels = doc.many(RecordLabelSchema)
    activity_id = doc.whole("0: no group event")
    custom_fields = doc.either({"type": "object"}, doc.EMPTY_ARRAY, about="{code: value}")
    documents = doc.either({"type": "array"}, about=doc.NOT_KEPT)
    sms_remain_hours = doc.whole("0 is off")
    email_remain_hours = doc.whole("0 is off")
    bookform_id = doc.whole()
    record_from = doc.text("What the front end called itself")
    is_mobile = doc.whole("0 written by staff, 1 booked on a phone, 2 on a desktop", enum=[0, 1, 2])
    is_sale_bill_printed = doc.flag(doc.NOT_KEPT)
    consumables = doc.either({"type": "array"}, about=doc.NOT_KEPT)
    finance_transactions = doc.either({"type": "array"}, about=doc.NOT_KEPT)
    resource_instance_ids = doc.either(
        {"type": "array", "items": {"type": "integer"}}, about="Rooms and devices it takes"
    )
    acceptance_free = doc.flag(doc.NOT_KEPT)
    short_link = doc.text(doc.NOT_KEPT)


NOT_KEPT: dict[str, Any] = {
    "goods_transactions": [],
    "comer": None,
    "sms_now": 0,
    "sms_now_text": "",
    "email_now": 0,
    "notified": 0,
    "review_requested": 0,
    "is_remind_sms_sent": False,
    "paid_full": 0,
    "payment_status": 0,
    "is_update_blocked": False,
    "custom_font_color": "",
    "documents": [],
    "is_sale_bill_printed": False,
    "consumables": [],
    "finance_transactions": [],
    "acceptance_free": False,
    "short_link": "",
}
LABEL = ("id", "title", "color", "icon", "font_color")


def desk_record(appointment: Mapping[str, Any], base: str = "") -> dict[str, Any]:
    """An appointment in the contract's words, for staff."""
    location, lines = appointment["location"], appointment["services"]
    return {
        "id": appointment["id"],
        "company_id": location["id"],
        "staff_id": appointment["staff"]["id"],
        "services": [_service(line, location["currency"]) for line in lines],
        "staff": _staff(appointment["staff"], base),
        "client": _client(appointment["client"], appointment.get("client_card") or {}),
        "activity_id": appointment["class_id"] or 0,
        "clients_count": appointment["seats"],
        **_dates(appointment, location["timezone"]),
        "comment": appointment["comment"] or "",
        **_marks(appointment),
        "seance_length": appointment["duration_seconds"],
        "length": appointment["duration_seconds"] + appointment["buffer_seconds"],
        "technical_break_duration": appointment["buffer_seconds"],
        "resource_instance_ids": appointment["resource_instance_ids"],
        "sms_before": int(bool(appointment["sms_reminder_hours"])),
        "master_request": int(appointment["staff_requested"]),
        "api_id": appointment["api_id"] or "",
        "custom_color": appointment.get("color") or "",
        "visit_id": appointment["visit_id"],
        "prepaid": appointment["prepayment"] != "forbidden",
        "prepaid_confirmed": appointment["is_prepaid"],
        "custom_fields": appointment["custom_fields"] or [],
        "record_labels": [_label(label) for label in appointment.get("labels") or []],
        "sms_remain_hours": appointment["sms_reminder_hours"] or 0,
        "email_remain_hours": appointment["email_reminder_hours"] or 0,
        **_origin(appointment),
        **NOT_KEPT,
    }


def _label(label: Mapping[str, Any]) -> dict[str, Any]:
    return {name: label[name] for name in LABEL}


def _marks(appointment: Mapping[str, Any]) -> dict[str, Any]:
    """What has become of it so far."""
    attendance = ATTENDANCES[appointment["attendance"]]
    return {
        "visit_attendance": attendance,
        "attendance": attendance,
        "confirmed": int(appointment["confirmed"]),
        "deleted": appointment["is_cancelled"],
    }


def _origin(appointment: Mapping[str, Any]) -> dict[str, Any]:
    """Who made it, and where."""
    is_online = appointment["is_online"]
    device = ON_A_PHONE if appointment["is_mobile"] else AT_A_DESK
    return {
        "online": is_online,
        "created_user_id": 0 if is_online else appointment["created_by_user_id"] or 0,
        "bookform_id": appointment["form_id"] or 0,
        "record_from": (appointment["source"] or "") if is_online else "",
        "from_url": appointment.get("referrer") or "",
        "is_mobile": device if is_online else BY_STAFF,
    }


def _dates(appointment: Mapping[str, Any], zone: str) -> dict[str, str]:
    return {
        "date": times.wall(appointment["starts_at"], zone),
        "datetime": times.iso(appointment["starts_at"], zone),
        "create_date": times.iso_compact(appointment["created_at"], zone),
        "last_change_date": times.iso_compact(appointment["changed_at"], zone),
    }


def _service(line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    cost = plain_amount(line["price_minor"], currency)
    return {
        "id": line["id"],
        "title": line["title"],
        "cost": cost,
        "cost_to_pay": plain_amount(line["price_minor"] * line["amount"], currency),
        "manual_cost": cost,
        "cost_per_unit": cost,
        "discount": line["discount_percent"] or 0,
        "first_cost": plain_amount(line["price_min_minor"], currency),
        "amount": line["amount"],
        "assistants": [],
    }


def _staff(member: Mapping[str, Any], base: str) -> dict[str, Any]:
    position = member["position"] or {"id": 0, "title": ""}
    rating = member["rating"] or 0
    avatar = picture_url(member.get("avatar"), member["avatar_url"], base)
    return {
        "id": member["id"],
        "api_id": member.get("api_id") or "",
        "name": member["name"],
        "specialization": member["specialization"] or "",
        "position": {**position, "services_binding_type": 0},
        "avatar": avatar,
        "avatar_big": avatar,
        "rating": int(rating) if rating == int(rating) else rating,
        "votes_count": member["votes_count"],
    }


def _client(client: Mapping[str, Any] | None, card: Mapping[str, Any]) -> dict[str, Any] | None:
    """None for nobody: strict clients expect neither an empty object nor an array."""
    if client is None:
        return None
    came, gender = card.get("came_count") or 0, GENDERS.index(card.get("gender") or "unknown")
    surname, patronymic = card.get("surname") or "", card.get("patronymic") or ""
    return {
        "id": client["id"],
        "name": client["name"],
        "surname": surname,
        "patronymic": patronymic,
        "middle_name": patronymic,
        "display_name": " ".join(filter(None, (client["name"], surname, patronymic))),
        "comment": card.get("comment") or "",
        "phone": client["phone"] or "",
        "card": card.get("card") or "",
        "email": client["email"] or "",
        "success_visits_count": came,
        "fail_visits_count": card.get("no_show_count") or 0,
        "discount": card.get("discount_percent") or 0,
        "is_new": came == 0,
        "custom_fields": card.get("custom_fields") or [],
        "gender": gender,
        "sex": gender,
        "birthday": card.get("birth_date") or "",
        "client_tags": [_label(label) for label in card.get("labels") or []],
        "phone_country_id": country_of_phone(client["phone"] or ""),
    }
