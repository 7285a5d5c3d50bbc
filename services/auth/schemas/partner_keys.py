"""Owners who make and limit the partner keys of their business."""

from marshmallow import Schema, fields, validate

from services.auth.schemas.fields import Id, OneOf, Text
from services.common.rights import Scope

MOST_A_SECOND, MOST_A_MINUTE = 100, 3000


def Rate(most: int) -> fields.Integer:  # noqa: N802
    """What owners may give their keys: a key with a rate is not counted by address."""
    return fields.Int(strict=True, allow_none=True, validate=validate.Range(min=1, max=most))


class OfBusinessSchema(Schema):
    business_id = Id(required=True)


class PartnerKeySchema(OfBusinessSchema):
    title = Text(255)
    scopes = fields.List(OneOf(Scope, required=True))
    rate_per_second = Rate(MOST_A_SECOND)
    rate_per_minute = Rate(MOST_A_MINUTE)


class CreatePartnerKeySchema(PartnerKeySchema):
    title = Text(255, required=True)


class ChangePartnerKeySchema(PartnerKeySchema):
    key_id = Id(required=True)


class OnePartnerKeySchema(OfBusinessSchema):
    key_id = Id(required=True)


class RotatePartnerKeySchema(OnePartnerKeySchema):
    overlap_seconds = fields.Int(
        load_default=24 * 3600, validate=validate.Range(min=0, max=90 * 24 * 3600)
    )
