"""What booking's events tell: the state of a thing as it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.booking.models import (
    Appointment,
    Location,
    Service,
    ServiceCategory,
    StaffMember,
    WaitlistEntry,
    WaitlistOffer,
)


def location_snapshot(location: Location) -> dict[str, Any]:
    return {
        "id": location.id,
        "business_id": location.business_id,
        "title": location.title,
        "public_title": location.public_title or location.title,
        "address": location.address,
        "city": location.city.title,
        "country_code": location.city.country_code,
        "timezone": location.timezone,
        "currency": location.currency,
        "language": location.language,
        "is_closed": location.closed_at is not None,
        "is_paused": location.is_paused,
        "version": location.version,
    }


def category_snapshot(category: ServiceCategory, location: Location) -> dict[str, Any]:
    return {
        "id": category.id,
        "business_id": location.business_id,
        "location_id": location.id,
        "title": category.title,
        "booking_title": category.booking_title,
        "weight": category.weight,
        "gender": category.gender.value,
        "api_id": category.api_id,
        "is_archived": category.archived_at is not None,
        "version": category.version,
    }


def service_snapshot(
    service: Service, location: Location, links: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "id": service.id,
        "business_id": location.business_id,
        "location_id": location.id,
        "category_id": service.category_id,
        "title": service.title,
        "booking_title": service.booking_title,
        "comment": service.comment,
        "image": service.image,
        "image_url": service.image_url,
        "duration_seconds": service.duration_seconds,
        "buffer_seconds": service.buffer_seconds,
        "price_min_minor": service.price_min_minor,
        "price_max_minor": service.price_max_minor,
        "currency": location.currency,
        "discount_percent": service.discount_percent,
        "weight": service.weight,
        "gender": service.gender.value,
        "prepayment": service.prepayment.value,
        "is_online": service.is_online,
        "is_membership_only": service.is_membership_only,
        "repeat_after_days": service.repeat_after_days,
        "api_id": service.api_id,
        "is_archived": service.archived_at is not None,
        "staff": list(links),
        "version": service.version,
    }


def staff_snapshot(member: StaffMember, location: Location) -> dict[str, Any]:
    position = member.position
    return {
        "id": member.id,
        "business_id": location.business_id,
        "location_id": location.id,
        "name": member.name,
        "specialization": member.specialization,
        "information": member.information,
        "position": position
        and {"id": position.id, "title": position.title, "description": position.description},
        "avatar": member.avatar,
        "avatar_url": member.avatar_url,
        "weight": member.weight,
        "is_online": member.is_online,
        "random_choice_allowed": member.random_choice_allowed,
        "rating_shown": member.rating_shown,
        "rating": member.rating,
        "votes_count": member.votes_count,
        "comments_count": member.comments_count,
        "user_id": member.user_id,
        "api_id": member.api_id,
        "is_fired": member.fired_at is not None,
        "last_day": member.last_day and member.last_day.isoformat(),
        "version": member.version,
    }


def offer_snapshot(
    entry: WaitlistEntry,
    offer: WaitlistOffer,
    location: Location,
    staff: StaffMember,
    services: Sequence[Service],
) -> dict[str, Any]:
    zone = ZoneInfo(location.timezone)

    def on_the_wall(moment: datetime) -> str:
        return moment.astimezone(zone).replace(tzinfo=None).isoformat()

    return {
        "entry_id": entry.id,
        "offer_id": offer.id,
        "business_id": entry.business_id,
        "client_id": entry.client_id,
        "user_id": entry.client.user_id,
        "location": {
            "id": location.id,
            "title": location.public_title or location.title,
            "address": location.address,
            "timezone": location.timezone,
            "language": location.language,
        },
        "staff": {"id": staff.id, "name": staff.name},
        "services": [{"id": service.id, "title": service.title} for service in services],
        "starts_at": offer.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": offer.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "wall_start": on_the_wall(offer.starts_at),
        "expires_at": offer.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "wall_expires": on_the_wall(offer.expires_at),
        "locale": entry.locale,
        "contact": entry.contact,
    }


def snapshot(appointment: Appointment, *, is_silent: bool = False) -> dict[str, Any]:
    location = appointment.location
    return {
        "appointment_id": appointment.id,
        "visit_id": appointment.visit_id,
        "business_id": appointment.business_id,
        "class_id": appointment.class_id,
        "seats": appointment.seats,
        "client_id": appointment.client_id,
        "user_id": appointment.client and appointment.client.user_id,
        "location": {
            "id": location.id,
            "title": location.public_title or location.title,
            "address": location.address,
            "timezone": appointment.timezone,
            "language": location.language,
        },
        "staff": {"id": appointment.staff_id, "name": appointment.staff.name},
        "services": [
            {
                "id": line.service_id,
                "title": line.title,
                "duration_seconds": line.duration_seconds,
                "price_minor": line.price_minor,
                "amount": line.amount,
                "currency": line.currency,
            }
            for line in appointment.services
        ],
        "starts_at": appointment.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": appointment.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "wall_start": appointment.wall_start.isoformat(),
        "attendance": appointment.attendance.value,
        "confirmed": appointment.confirmed,
        "is_cancelled": appointment.is_cancelled,
        "is_online": appointment.is_online,
        "staff_requested": appointment.staff_requested,
        "sms_reminder_hours": appointment.sms_reminder_hours,
        "email_reminder_hours": appointment.email_reminder_hours,
        "created_by": appointment.created_by,
        "changed_by": appointment.changed_by,
        "is_silent": is_silent,
        "locale": appointment.locale,
        "contact": appointment.contact or None,
    }
