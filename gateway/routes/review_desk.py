"""What staff do about reviews."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import reviews as wire
from gateway.wire.pages import page_wanted
from gateway.wire.reviews import AnswerSchema, DeskReviewSchema, DeskReviewsQuerySchema, HideSchema
from gateway.wire.shapes import PAGED

routes = Routes("review_desk", __name__, url_prefix="/api/v1", description="Reviews, for staff")

REVIEW = "/company/<id:company_id>/reviews/<id:review_id>"


@routes.get("/company/<id:company_id>/reviews")
@routes.arguments(DeskReviewsQuerySchema, location="query")
@routes.answers(DeskReviewSchema, many=True, meta=PAGED)
def reviews(query: dict[str, Any], company_id: int) -> Response:
    """All reviews, hidden ones too; the newest first"""
    wanted = page_wanted(query)
    found = rpc.call("booking", "list_reviews_for_staff", location_id=company_id, **wanted)
    listed = [wire.desk_review(review) for review in found["items"]]
    paging = {"count": len(listed), "page": wanted["page"], "total_count": found["total"]}
    return answer(listed, meta=paging)


@routes.put(f"{REVIEW}/hidden")
@routes.arguments(HideSchema, example=wire.HIDE_EXAMPLE)
@routes.answers(DeskReviewSchema)
def hide_review(form: dict[str, Any], company_id: int, review_id: int) -> Response:
    """Neither show nor count a review any more, and keep why"""
    return _done("hide_review", company_id, review_id, reason=form["reason"])


@routes.delete(f"{REVIEW}/hidden")
@routes.answers(DeskReviewSchema)
def show_review(company_id: int, review_id: int) -> Response:
    """Show and count a review again"""
    return _done("show_review_again", company_id, review_id)


@routes.put(f"{REVIEW}/answer")
@routes.arguments(AnswerSchema, example=wire.ANSWER_EXAMPLE)
@routes.answers(DeskReviewSchema)
def answer_review(form: dict[str, Any], company_id: int, review_id: int) -> Response:
    """Answer a review in public; an empty text takes the answer back"""
    return _done("answer_review", company_id, review_id, text=form["text"])


def _done(method: str, company_id: int, review_id: int, **told: str) -> Response:
    request = {"location_id": company_id, "review_id": review_id, **told}
    return answer(wire.desk_review(rpc.command("booking", method, request=request)))
