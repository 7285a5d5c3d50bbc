"""Reviews of staff and locations: read by everybody, written by who was there."""

from typing import Any

from flask import Response

from gateway.context import locale, rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import reviews as wire
from gateway.wire.reviews import (
    CommentSchema,
    CommentsQuerySchema,
    LaterSchema,
    NewCommentSchema,
    NewReviewSchema,
    PutOffSchema,
    ReviewedSchema,
    ReviewFormSchema,
)
from gateway.wire.shapes import PAGED

routes = Routes("reviews", __name__, url_prefix="/api/v1", description="Reviews")

TOKEN = "<string(maxlength=64):token>"  # noqa: S105  (of an address)


@routes.get(f"/master_record_review/{TOKEN}")
@routes.answers(ReviewFormSchema)
def review_form(token: str) -> Response:
    """What the form for a review shows"""
    form = rpc.call("booking", "get_review_form", token=token)
    return answer(wire.review_form(form, locale=locale()))


@routes.post(f"/master_record_review/{TOKEN}")
@routes.arguments(NewReviewSchema, example=wire.REVIEW_EXAMPLE)
@routes.answers(ReviewedSchema)
def write_review(form: dict[str, Any], token: str) -> Response:
    """Review the staff member of an appointment that is over, once"""
    written = rpc.command(
        "booking", "review_by_link", request={"token": token, **wire.review_wanted(form)}
    )
    return answer({"charge": {"url": None}, "review_id": written["id"]})


@routes.post(f"/master_record_review/{TOKEN}/later")
@routes.arguments(LaterSchema, example=wire.LATER_EXAMPLE)
@routes.answers(PutOffSchema)
def put_review_off(form: dict[str, Any], token: str) -> Response:
    """Ask again later; the answer says when"""
    put_off = rpc.command("booking", "put_review_off", request={"token": token, **form})
    return answer({"ask_again_at": put_off["ask_again_at"]})


@routes.get("/comments/<id:company_id>")
@routes.arguments(CommentsQuerySchema, location="query")
@routes.answers(CommentSchema, many=True, meta=PAGED)
def comments(query: dict[str, Any], company_id: int) -> Response:
    """The reviews of a location and its staff, the newest first; page by page"""
    wanted = wire.comments_wanted(company_id, query)
    found = rpc.call("booking", "list_reviews", **wanted)
    listed = [wire.comment(review) for review in found["items"]]
    paging = {"count": len(listed), "page": wanted["page"], "total_count": found["total"]}
    return answer(listed, meta=paging)


@routes.post("/comments/<id:company_id>/<id(min=0):staff_id>")
@routes.arguments(NewCommentSchema, example=wire.COMMENT_EXAMPLE)
@routes.answers(CommentSchema, status=201)
def write_comment(form: dict[str, Any], company_id: int, staff_id: int) -> Response:
    """Review one's latest visit to this person, or with 0 to the location"""
    written = rpc.command(
        "booking",
        "review_visit",
        request={
            "location_id": company_id,
            "staff_id": staff_id or None,
            "rating": form["mark"],
            "text": form["text"],
            "name": form["name"],
        },
    )
    return answer(wire.comment(written), status=201)
