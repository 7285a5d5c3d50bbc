"""Booking forms, as widgets and those who administer them see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.booking.domain.forms import STEPS
from services.booking.models import BookingForm, Location
from services.booking.use_cases.forms import default_form, find_form, list_forms
from services.booking.use_cases.permissions import staff_location
from services.booking.views.places import find_locations, show_business
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.rights import Permission

ANALYTICS = ("google_analytics_id", "facebook_pixel_id", "metrika_counter_id", "app_metrika_id")


def get_booking_form(session: Session, *, form_id: int) -> dict[str, Any]:
    """A form with everything a widget needs to start."""
    form = session.scalar(
        select(BookingForm)
        .where(BookingForm.id == form_id)
        .options(joinedload(BookingForm.business, innerjoin=True))
    )
    locations = [] if form is None else find_locations(session, business_id=form.business_id)
    if form is None or not locations:
        raise NotFound("booking_form_not_found", fields={"form_id": str(form_id)})
    main = next((one for one in locations if one.id == form.location_id), locations[0])
    texts = form.texts or {}
    return {
        **_own(form),
        "business": show_business(form.business),
        "main_location_id": main.id,
        "phone_confirmation_required": main.phone_confirmation_required,
        "any_staff_allowed": main.any_staff_allowed,
        "visit_kinds": main.visit_kinds,
        "comment_required": main.comment_required,
        "comment_label": texts.get("comment_label") or main.comment_label,
        "booking_notice": texts.get("booking_notice") or main.booking_notice,
        "sms_enabled": main.sms_reminders_enabled,
        "is_paused": form.is_paused or main.is_paused,
        "specialization_display_mode": 0,
    }


def list_booking_forms(session: Session, *, location_id: int, call: Call) -> list[dict[str, Any]]:
    location = staff_location(session, call, location_id, Permission.SETTINGS_EDIT)
    there = list_forms(session, location)
    return [_for_staff(form, there) for form in there]


def get_form_for_staff(
    session: Session, *, location_id: int, form_id: int, call: Call
) -> dict[str, Any]:
    location = staff_location(session, call, location_id, Permission.SETTINGS_EDIT)
    return show_form(session, location, find_form(session, location, form_id))


def show_form(session: Session, location: Location, form: BookingForm) -> dict[str, Any]:
    return _for_staff(form, list_forms(session, location))


def _for_staff(form: BookingForm, there: Sequence[BookingForm]) -> dict[str, Any]:
    """A form with its settings; whether it is the default depends on the others."""
    return {
        **_own(form),
        "is_default": form is default_form(there),
        "texts": {
            "comment_label": (form.texts or {}).get("comment_label"),
            "booking_notice": (form.texts or {}).get("booking_notice"),
        },
        "allowed_origins": form.allowed_origins,
        "is_paused": form.is_paused,
        "version": form.version,
    }


def show_settings(location: Location) -> dict[str, Any]:
    """How a location takes bookings."""
    return {
        "is_paused": location.is_paused,
        "phone_confirmation_required": location.phone_confirmation_required,
        "any_staff_allowed": location.any_staff_allowed,
        "lead_seconds": location.lead_seconds,
        "move_allowed": location.move_allowed,
        "move_notice_seconds": location.move_notice_seconds,
        "cancel_allowed": location.cancel_allowed,
        "cancel_notice_seconds": location.cancel_notice_seconds,
        "visit_kinds": location.visit_kinds,
        "class_clients_max": location.class_clients_max,
        "class_clients_online_max": location.class_clients_online_max,
        "version": location.version,
    }


def _own(form: BookingForm) -> dict[str, Any]:
    order = sorted(STEPS, key=lambda step: _place(form, step))
    return {
        "id": form.id,
        "title": form.title,
        "description": form.description,
        "without_menu": form.without_menu,
        "location_id": form.location_id,
        "languages": form.languages,
        "language": form.language,
        "style": form.style,
        "steps": [_step(form, step) for step in order],
        "analytics": {name: (form.analytics or {}).get(name, "") for name in ANALYTICS},
    }


def _place(form: BookingForm, step: str) -> int:
    usual = STEPS.index(step)
    return int(form.steps.get(step, {}).get("position", usual))


def _step(form: BookingForm, step: str) -> dict[str, Any]:
    """A step as the form sets it; choosing a place is hidden where there is no choice."""
    own = form.steps.get(step, {})
    is_choice_of_place = step in ("city", "location")
    return {
        "step": step,
        "title": own.get("title"),
        "hidden": own.get("hidden", is_choice_of_place and form.location_id is not None),
        "default": own.get("default", -1),
    }
