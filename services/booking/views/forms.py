"""Booking forms, as widgets see them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.booking.models import BookingForm
from services.booking.views.places import find_locations, show_business
from services.common.errors import NotFound

STEPS = ("city", "location", "service", "staff", "time", "contact", "confirm")


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
    return {
        "id": form.id,
        "title": form.title,
        "business": show_business(form.business),
        "location_id": form.location_id,
        "main_location_id": main.id,
        "languages": form.languages,
        "language": form.language,
        "style": form.style,
        "steps": [_step(form, step) for step in STEPS],
        "phone_confirmation_required": main.phone_confirmation_required,
        "comment_required": main.comment_required,
        "comment_label": main.comment_label,
        "booking_notice": main.booking_notice,
        "sms_enabled": main.sms_reminders_enabled,
        "is_paused": form.paused_at is not None or main.is_paused,
        "specialization_display_mode": 0,
    }


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
