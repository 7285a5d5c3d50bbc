"""Codes for phones: asked for, typed in, and put into a message."""

from marshmallow import Schema, fields

from services.auth.models import Medium
from services.auth.schemas.agreements import AgreeingSchema
from services.auth.schemas.fields import CountryCode, Text


class PhoneSchema(Schema):
    """A phone as somebody wrote it; without its country it is read as one of ``country_code``."""

    phone = Text(50, required=True)
    country_code = CountryCode()


class RequestCodeSchema(PhoneSchema, AgreeingSchema):
    medium = fields.Enum(Medium, by_value=True, load_default=None, allow_none=True)


class ProvePhoneSchema(PhoneSchema):
    code = Text(50, required=True)


class GetCodeTextSchema(Schema):
    """By which ``medium`` it is about to be sent: a letter has a code of its own."""

    challenge_id = Text(36, shortest=1, required=True)
    medium = fields.Enum(Medium, by_value=True, load_default=None, allow_none=True)
