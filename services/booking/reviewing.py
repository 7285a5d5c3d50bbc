"""The ways in for reviews: written by clients, read by everybody, looked after by staff."""

from typing import Any

from sqlalchemy.orm import Session

from services.booking.models import Review
from services.booking.schemas.reviews import (
    AnswerReviewSchema,
    HideReviewSchema,
    ListReviewsForStaffSchema,
    ListReviewsSchema,
    PutReviewOffSchema,
    ReviewAtSchema,
    ReviewByLinkSchema,
    ReviewTokenSchema,
    ReviewVisitSchema,
)
from services.booking.use_cases import review_desk, reviews
from services.booking.use_cases.finding import find_location
from services.booking.views import reviews as views
from services.booking.views.appointments import instant
from services.common.bus import Service, command, query
from services.common.calls import Call

Arguments = dict[str, Any]
Answer = dict[str, Any]


def same_review(call: Call, request: dict[str, Any]) -> list[Any]:
    """What makes two reviews the same one sent twice: who says what about whom."""
    return [call.viewer.get("partner_id"), call.viewer.get("user_id"), request]


class Reviewing(Service):
    @query(ReviewTokenSchema)
    def get_review_form(self, session: Session, arguments: Arguments) -> Answer:
        return views.get_review_form(session, **arguments, call=self.call)

    @command(ReviewByLinkSchema, same_as=same_review)
    def review_by_link(self, session: Session, request: Arguments) -> Answer:
        return {"id": reviews.review_by_link(session, **request, call=self.call).id}

    @command(PutReviewOffSchema)
    def put_review_off(self, session: Session, request: Arguments) -> Answer:
        asked = reviews.put_review_off(session, **request, call=self.call)
        return {"ask_again_at": instant(asked)}

    @command(ReviewVisitSchema, same_as=same_review)
    def review_visit(self, session: Session, request: Arguments) -> Answer:
        return self._shown_review(session, reviews.review_visit(session, **request, call=self.call))

    @query(ListReviewsSchema)
    def list_reviews(self, session: Session, arguments: Arguments) -> Answer:
        return views.list_reviews(session, **arguments)

    @query(ListReviewsForStaffSchema)
    def list_reviews_for_staff(self, session: Session, arguments: Arguments) -> Answer:
        return views.list_reviews_for_staff(session, **arguments, call=self.call)

    @command(HideReviewSchema)
    def hide_review(self, session: Session, request: Arguments) -> Answer:
        return self._shown_review(
            session, review_desk.hide_review(session, **request, call=self.call)
        )

    @command(ReviewAtSchema)
    def show_review_again(self, session: Session, request: Arguments) -> Answer:
        return self._shown_review(
            session, review_desk.show_review_again(session, **request, call=self.call)
        )

    @command(AnswerReviewSchema)
    def answer_review(self, session: Session, request: Arguments) -> Answer:
        return self._shown_review(
            session, review_desk.answer_review(session, **request, call=self.call)
        )

    def _shown_review(self, session: Session, review: Review) -> Answer:
        return views.show_review(review, find_location(session, review.location_id).timezone)
