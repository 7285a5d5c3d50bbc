"""An appointment as others may see it."""

from datetime import datetime
from typing import Any

from services.booking.domain.reviews import token_of
from services.booking.models import Appointment, AppointmentService, StaffMember
from services.booking.views.people import show_position, show_rating


def show_appointment(appointment: Appointment) -> dict[str, Any]:
    """The whole appointment; its relations must be loaded."""
    seconds = (appointment.ends_at - appointment.starts_at).total_seconds()
    return {
        "id": appointment.id,
        "visit_id": appointment.visit_id,
        "business_id": appointment.business_id,
        "hash": appointment.hash,
        "review_token": token_of(appointment.id, appointment.hash),
        "version": appointment.version,
        "location": _location(appointment),
        "staff": show_giver(appointment.staff),
        "client": _client(appointment),
        "services": [_line(line) for line in appointment.services],
        "starts_at": instant(appointment.starts_at),
        "ends_at": instant(appointment.ends_at),
        "duration_seconds": int(seconds),
        "buffer_seconds": appointment.buffer_seconds,
        "resource_instance_ids": appointment.resource_instance_ids,
        "created_at": instant(appointment.created_at),
        "changed_at": instant(appointment.changed_at),
        "comment": appointment.comment,
        "is_cancelled": appointment.is_cancelled,
        "cancelled_at": instant(appointment.cancelled_at),
        "attendance": appointment.attendance.value,
        "confirmed": appointment.confirmed,
        "created_by": appointment.created_by,
        "created_by_user_id": appointment.created_by_user_id,
        "saved_over_busy": appointment.saved_over_busy,
        "custom_fields": appointment.custom_fields,
        "is_mobile": appointment.is_mobile,
        "sms_reminder_hours": appointment.sms_reminder_hours,
        "email_reminder_hours": appointment.email_reminder_hours,
        "staff_requested": appointment.staff_requested,
        "is_online": appointment.is_online,
        "api_id": appointment.api_id,
        "prepayment": _strictest(line.prepayment for line in appointment.services),
        "is_prepaid": False,
        "class_id": appointment.class_id,
        "seats": appointment.seats,
        "form_id": appointment.form_id,
        "source": appointment.source,
    }


def instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _client(appointment: Appointment) -> dict[str, Any] | None:
    if appointment.client_id is None:
        return None
    return {"id": appointment.client_id, **appointment.contact}


def _location(appointment: Appointment) -> dict[str, Any]:
    location = appointment.location
    return {
        "id": location.id,
        "title": location.public_title or location.title,
        "country_code": location.city.country_code,
        "city_id": location.city_id,
        "city": location.city.title,
        "phones": location.phones,
        "timezone": location.timezone,
        "currency": location.currency,
        "address": location.address,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "site": location.site,
        "move_allowed": location.move_allowed,
        "move_notice_seconds": location.move_notice_seconds,
        "cancel_allowed": location.cancel_allowed,
        "cancel_notice_seconds": location.cancel_notice_seconds,
    }


def show_giver(member: StaffMember) -> dict[str, Any]:
    """Whose time it is that somebody has booked."""
    return {
        "id": member.id,
        "name": member.name,
        "specialization": member.specialization,
        "position": show_position(member),
        **show_rating(member),
        "avatar": member.avatar,
        "avatar_url": member.avatar_url,
    }


def _line(line: AppointmentService) -> dict[str, Any]:
    return {
        "id": line.service_id,
        "title": line.title,
        "price_minor": line.price_minor,
        "price_min_minor": line.price_min_minor,
        "price_max_minor": line.price_max_minor,
        "discount_percent": line.discount_percent,
        "amount": line.amount,
        "duration_seconds": line.duration_seconds,
    }


def _strictest(wanted: Any) -> str:
    """Of several services' demands for prepayment, the one that rules the whole appointment."""
    order = ("required", "allowed", "forbidden")
    return min(wanted, key=order.index, default="forbidden")
