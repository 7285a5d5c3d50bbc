"""What is asked about reviews, by clients and by staff."""

from marshmallow import Schema, fields, validate

from services.booking.schemas.cabinet import PagedSchema
from services.booking.schemas.fields import Id, Staff
from services.booking.schemas.reading import AtLocationSchema

LONGEST_TEXT = 5000


def _mark() -> fields.Integer:
    return fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=5))


def _text(most: int = LONGEST_TEXT) -> fields.String:
    return fields.Str(load_default="", validate=validate.Length(max=most))


class ReviewTokenSchema(Schema):
    token = fields.Str(required=True, validate=validate.Length(min=1, max=64))


class ReviewByLinkSchema(ReviewTokenSchema):
    rating = _mark()
    text = _text()
    name = _text(255)
    with_tips = fields.Bool(load_default=False)


class PutReviewOffSchema(ReviewTokenSchema):
    hours = fields.Int(load_default=24, validate=validate.Range(min=1, max=720))


class ReviewVisitSchema(AtLocationSchema):
    """Without a staff member, it is about the location."""

    staff_id = Id(load_default=None, allow_none=True)
    rating = _mark()
    text = _text()
    name = _text(255)


class ListReviewsSchema(AtLocationSchema, PagedSchema):
    staff_id = Staff()
    review_id = Id(load_default=None, allow_none=True)
    from_day = fields.Date(load_default=None, allow_none=True)
    to_day = fields.Date(load_default=None, allow_none=True)
    rating = fields.Int(load_default=None, allow_none=True)


class ListReviewsForStaffSchema(AtLocationSchema, PagedSchema):
    """A page of all reviews."""


class ReviewAtSchema(AtLocationSchema):
    review_id = Id(required=True)


class HideReviewSchema(ReviewAtSchema):
    reason = _text(1000)


class AnswerReviewSchema(ReviewAtSchema):
    text = _text()
