"""The shapes of auth's events, and of what it reads of others'."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate


class ContactSchema(Schema):
    """The only personal data of an event: what the code is for, and where else it may go."""

    phone = fields.Str(required=True, allow_none=True)
    email = fields.Str(required=True, allow_none=True)


class ChallengeEventSchema(Schema):
    """A code that is to be sent, without the code: whoever sends it asks for it at that moment."""

    challenge_id = fields.Str(required=True)
    purpose = fields.Str(required=True, metadata={"description": "prove_phone"})
    medium = fields.Str(required=True, metadata={"description": "sms, call, email"})
    locale = fields.Str(required=True)
    expires_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    contact = fields.Nested(ContactSchema, required=True)


class UserChangedEventSchema(Schema):
    """An account after the change, as far as others act on it. Nothing of who it is."""

    user_id = fields.Int(required=True)
    notifications_enabled = fields.Bool(
        required=True, metadata={"description": "false: no messages that were not asked for"}
    )


class UserMergedEventSchema(Schema):
    """Which account there is no longer, and which one has become of it."""

    user_id = fields.Int(required=True)
    into_user_id = fields.Int(required=True)


class ProofUsedSchema(Schema):
    """As much of booking's event as auth needs."""

    class Meta:
        unknown = EXCLUDE

    proof_id = fields.Str(required=True, validate=validate.Length(max=64))


def proof_in(data: dict[str, Any]) -> str:
    """The proof that a booking has used up."""
    proof_id: str = ProofUsedSchema().load(data)["proof_id"]
    return proof_id
