"""Reviews as others may see them, and the form for one."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import local_day_bounds, moment_of
from services.booking.models import Location, Review, ReviewPause
from services.booking.use_cases.finding import find_location
from services.booking.use_cases.permissions import staff_location
from services.booking.use_cases.reviews import find_by_token, is_reviewed, why_not
from services.booking.views.appointments import instant, show_appointment
from services.common.calls import Call
from services.common.rights import Permission


def get_review_form(session: Session, *, token: str, call: Call) -> dict[str, Any]:
    """What the form shows of the appointment, and whether it can be reviewed."""
    appointment = find_by_token(session, token, call)
    is_submitted = is_reviewed(session, appointment)
    refusal = "already_reviewed" if is_submitted else why_not(appointment, call.now)
    pause = session.get(ReviewPause, appointment.id)
    location = appointment.location
    return {
        "appointment": show_appointment(appointment),
        "business": {"title": location.business.title, "is_chain": location.business.is_chain},
        "logo_url": location.logo_url,
        "language": location.language,
        "total_minor": sum(line.price_minor * line.amount for line in appointment.services),
        "is_submitted": is_submitted,
        "refusal": refusal,
        "ask_again_at": instant(pause.ask_again_at) if pause else None,
    }


def list_reviews(
    session: Session,
    *,
    location_id: int,
    staff_id: int | None,
    review_id: int | None,
    from_day: date | None,
    to_day: date | None,
    rating: int | None,
    page: int,
    page_size: int,
) -> dict[str, Any]:
    """The published reviews of a location and its staff that fit, the newest first."""
    location = find_location(session, location_id)
    wanted = [Review.location_id == location.id, Review.hidden_at.is_(None)]
    if staff_id is not None:
        wanted.append(Review.staff_id == staff_id)
    if review_id is not None:
        wanted.append(Review.id == review_id)
    if rating is not None:
        wanted.append(Review.rating == rating)
    zone = ZoneInfo(location.timezone)
    if from_day is not None:
        wanted.append(Review.created_at >= moment_of(local_day_bounds(from_day, zone)[0]))
    if to_day is not None:
        after = local_day_bounds(to_day + timedelta(days=1), zone)[0]
        wanted.append(Review.created_at < moment_of(after))
    return _page(session, location, wanted, page, page_size)


def list_reviews_for_staff(
    session: Session, *, location_id: int, page: int, page_size: int, call: Call
) -> dict[str, Any]:
    """All of them, those that are hidden, too."""
    location = staff_location(session, call, location_id, Permission.REVIEWS_EDIT)
    return _page(session, location, [Review.location_id == location.id], page, page_size)


def show_review(review: Review, timezone: str) -> dict[str, Any]:
    return {
        "id": review.id,
        "location_id": review.location_id,
        "staff_id": review.staff_id,
        "appointment_id": review.appointment_id,
        "rating": review.rating,
        "text": review.text,
        "name": review.name,
        "timezone": timezone,
        "created_at": instant(review.created_at),
        "answer": review.answer,
        "answered_at": instant(review.answered_at),
        "hidden_at": instant(review.hidden_at),
        "hidden_reason": review.hidden_reason,
    }


def _page(
    session: Session,
    location: Location,
    wanted: list[ColumnElement[bool]],
    page: int,
    page_size: int,
) -> dict[str, Any]:
    total = session.scalar(select(func.count()).select_from(Review).where(*wanted)) or 0
    found = session.scalars(
        select(Review)
        .where(*wanted)
        .order_by(Review.created_at.desc(), Review.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return {"items": [show_review(one, location.timezone) for one in found], "total": total}
