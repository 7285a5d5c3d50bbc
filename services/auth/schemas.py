"""The shapes of auth's requests."""

from marshmallow import Schema, fields, validate


class VerifyPartnerKeySchema(Schema):
    digest = fields.Str(required=True, validate=validate.Length(equal=64))
