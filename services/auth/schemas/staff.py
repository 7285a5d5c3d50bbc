"""Staff who manage staff: rights at places, and invitations."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.auth.schemas.fields import Id, OneOf, Text, printable
from services.common.rights import Permission, Role


def Permissions() -> fields.List[Any]:  # noqa: N802
    return fields.List(OneOf(Permission, required=True), load_default=list)


class AtPlaceSchema(Schema):
    """A location, and the business that it belongs to as booking says."""

    business_id = Id(required=True)
    location_id = Id(required=True)


class StaffUserAtSchema(AtPlaceSchema):
    user_id = Id(required=True)


class ChangeRightSchema(StaffUserAtSchema):
    """No ``role``: as it is. ``allow`` and ``refuse`` name single permissions."""

    role = OneOf(Role, load_default=None, allow_none=True)
    allow = Permissions()
    refuse = Permissions()
    all_locations = fields.Bool(load_default=False)


class RemoveStaffUserSchema(StaffUserAtSchema):
    all_locations = fields.Bool(load_default=False)


class PlacesSchema(Schema):
    user_id = Id(required=True)
    places = fields.List(
        fields.Nested(AtPlaceSchema), required=True, validate=validate.Length(min=1, max=100)
    )


class CopyRightSchema(StaffUserAtSchema, PlacesSchema):
    """``places`` are those to which the right is copied."""


class InviteStaffSchema(AtPlaceSchema):
    email = fields.Email(required=True, validate=[validate.Length(max=255), printable])
    role = OneOf(Role, load_default=Role.STAFF)
    allow = Permissions()
    refuse = Permissions()
    all_locations = fields.Bool(load_default=False)
    locale = Text(20, load_default="", allow_none=True)


class WithdrawInvitationSchema(AtPlaceSchema):
    invitation_id = Id(required=True)


class AcceptInvitationSchema(Schema):
    """Name and password of a new user; who has an account already needs neither."""

    token = Text(100, required=True)
    name = Text(255, load_default="")
    password = fields.Str(load_default=None, allow_none=True, validate=validate.Length(max=1000))
