"""Who calls, and where they are signed in."""

from marshmallow import Schema, fields

from services.auth.schemas.fields import Digest, Id


class IdentifySchema(Schema):
    partner_digest = Digest(required=True)
    user_digest = Digest(load_default=None, allow_none=True)


class SignOutSchema(Schema):
    user_digest = Digest(required=True)


class SessionsSchema(Schema):
    """``user_digest`` is that of the token with which is asked."""

    user_digest = Digest(required=True)


class EndSessionSchema(Schema):
    session_id = Id(required=True)


class EndSessionsSchema(SessionsSchema):
    with_current = fields.Bool(load_default=False)
