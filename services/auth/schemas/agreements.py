"""What people are asked to accept, and that they do."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.auth.schemas.fields import Text
from services.auth.schemas.sending import SendingSchema


class AgreementSchema(Schema):
    """A version of a text that somebody accepts."""

    kind = fields.Str(required=True, validate=validate.Length(max=20))
    version = fields.Int(required=True)


def Agreements(**kwargs: Any) -> fields.List[Any]:  # noqa: N802
    limits = validate.Length(max=20)
    return fields.List(fields.Nested(AgreementSchema), validate=limits, **kwargs)


class AcceptingSchema(Schema):
    """What is accepted with the request, at which location, and from which address."""

    location_id = fields.Int(load_default=None, allow_none=True)
    agreements = Agreements(load_default=list)
    address = Text(45, load_default=None, allow_none=True)


class AgreeingSchema(AcceptingSchema, SendingSchema):
    """The same, with a request for a code."""


class DocumentsAtSchema(Schema):
    location_id = fields.Int(required=True)


class AgreeSchema(DocumentsAtSchema):
    agreements = Agreements(required=True)
    address = Text(45, load_default=None, allow_none=True)
