"""Staff hide reviews, show them again, and answer them."""

from sqlalchemy.orm import Session

from services.booking.models import Review
from services.booking.use_cases.locks import lock_location, lock_staff
from services.booking.use_cases.permissions import staff_location
from services.booking.use_cases.ratings import recount
from services.common.calls import Call
from services.common.errors import Invalid, NotFound
from services.common.rights import Permission


def hide_review(
    session: Session, *, location_id: int, review_id: int, reason: str, call: Call
) -> Review:
    """Show and count it no longer, and keep why. Hidden already, it stays as it is."""
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_missing", fields={"reason": "required"})
    review = _locked(session, location_id, review_id, call)
    if review.hidden_at is None:
        review.hidden_at, review.hidden_reason = call.now, reason
        recount(session, review.staff_id, review.location_id)
    return review


def show_review_again(session: Session, *, location_id: int, review_id: int, call: Call) -> Review:
    """Show and count it again."""
    review = _locked(session, location_id, review_id, call)
    if review.hidden_at is not None:
        review.hidden_at, review.hidden_reason = None, ""
        recount(session, review.staff_id, review.location_id)
    return review


def answer_review(
    session: Session, *, location_id: int, review_id: int, text: str, call: Call
) -> Review:
    """Answer in public; another answer replaces it, an empty one takes it back."""
    review = _locked(session, location_id, review_id, call)
    text = text.strip()
    if text != review.answer:
        review.answer, review.answered_at = text, call.now if text else None
    return review


def _locked(session: Session, location_id: int, review_id: int, call: Call) -> Review:
    location = staff_location(session, call, location_id, Permission.REVIEWS_EDIT)
    review = session.get(Review, review_id)
    if review is None or review.location_id != location.id:
        raise NotFound("review_not_found")
    if review.staff_id is not None:
        lock_staff(session, [review.staff_id])
    lock_location(session, location.id)
    session.refresh(review)
    return review
