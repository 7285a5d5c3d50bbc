"""Who of the staff may do what, in the contract's words: roles and permissions by their slugs."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import ValidationError, validate, validates

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import (
    INVALID,
    Choice,
    Flag,
    Ids,
    Inner,
    Query,
    Request,
    Secret,
    Several,
    Text,
)
from gateway.wire.sessions import photo_url
from services.common.rights import OF_ROLE, Permission, Role

SLUGS = {
    Permission.APPOINTMENTS_VIEW: "records_view",
    Permission.APPOINTMENTS_EDIT: "records_edit",
    Permission.APPOINTMENTS_DELETE: "records_delete",
    Permission.CLIENTS_VIEW: "clients_view",
    Permission.CLIENTS_EDIT: "clients_edit",
    Permission.CLIENTS_DELETE: "clients_delete",
    Permission.SCHEDULES_VIEW: "schedule_view",
    Permission.SCHEDULES_EDIT: "schedule_edit",
    Permission.USERS_VIEW: "users_view",
    Permission.USERS_EDIT: "users_edit",
    Permission.KEYS_EDIT: "partner_keys_edit",
    Permission.CATALOGUE_EDIT: "services_edit",
    Permission.STAFF_EDIT: "staff_edit",
    Permission.SETTINGS_EDIT: "settings_edit",
    Permission.REVIEWS_EDIT: "reviews_edit",
}
OURS = {slug: permission for permission, slug in SLUGS.items()}
TITLES = {
    "en": {Role.OWNER: "Owner", Role.ADMINISTRATOR: "Administrator", Role.STAFF: "Staff"},
    "fr": {Role.OWNER: "Propriétaire", Role.ADMINISTRATOR: "Administrateur", Role.STAFF: "Équipe"},
    "es": {Role.OWNER: "Propietario", Role.ADMINISTRATOR: "Administrador", Role.STAFF: "Equipo"},
    "de": {Role.OWNER: "Inhaber", Role.ADMINISTRATOR: "Administrator", Role.STAFF: "Team"},
    "ru": {Role.OWNER: "Владелец", Role.ADMINISTRATOR: "Администратор", Role.STAFF: "Сотрудник"},
}
MOST_PERMISSIONS = 100
PERMISSIONS_EXAMPLE: dict[str, Any] = {
    "user_role": {"slug": "administrator"},
    "user_permissions": [{"slug": "records_delete", "value": False}],
}
INVITE_EXAMPLE: dict[str, Any] = {
    "email": "olga@example.com",
    "user_role": {"slug": "staff"},
    "user_permissions": [{"slug": "schedule_edit", "value": True}],
}
ACCEPT_EXAMPLE: dict[str, Any] = {
    "token": "019ab3c1-0000-7000-8000-000000000000.mfrggzdfmztwq2lknnwg23tpobyxe43u",
    "name": "Olga Petit",
    "password": "correct horse battery",
}
COMPANIES_EXAMPLE: dict[str, Any] = {"company_ids": [2, 3]}


class PermissionSchema(doc.Answer):
    slug = doc.text(example="records_view")
    value = doc.flag()


class RoleSchema(doc.Answer):
    slug = doc.text("owner, administrator or staff")
    title = doc.text("In the language of the request")


class RoleWithPermissionsSchema(RoleSchema):
    permissions = doc.many(PermissionSchema, "What it allows to whom nothing else was said of")


class RightSchema(doc.Answer):
    """What somebody may do at a location."""

    user_role = doc.one(RoleSchema)
    user_permissions = doc.many(PermissionSchema)
    all_locations = doc.flag("Whether it is for every location of the business")


class StaffMemberUserSchema(RightSchema):
    """Somebody who can sign in to work at a location."""

    id = doc.whole()
    login = doc.text()
    name = doc.text()
    phone = doc.text("E.164, or empty")
    email = doc.text()
    avatar = doc.text("URL, or empty")
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")


class InvitationSchema(RightSchema):
    id = doc.whole()
    email = doc.text()
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")


class AcceptedSchema(doc.Answer):
    login = doc.text("What the invited signs in with from now on")


class GivenPermissionSchema(Request):
    slug = Choice(*OURS, required=True)
    value = Flag(required=True)


class GivenRoleSchema(Request):
    slug = Choice(*Role, required=True)


class RoleOrSlug(Inner):
    """A role as an object with its slug, or the slug alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(GivenRoleSchema, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any
    ) -> Any:
        told = {"slug": value} if isinstance(value, str) else value
        return super()._deserialize(told, attr, data, partial, **kwargs)


class SetPermissionsSchema(Request):
    """What is to change; permissions that are not named stay as they are."""

    user_role = RoleOrSlug(load_default=None, allow_none=True)
    user_permissions = Several(
        Inner(GivenPermissionSchema),
        load_default=list,
        validate=validate.Length(max=MOST_PERMISSIONS, error=INVALID),
    )
    all_locations = Flag(
        load_default=False, metadata={"description": "For every location of the business"}
    )


class InviteSchema(SetPermissionsSchema):
    """Whom to invite, and what they may do here once they have accepted."""

    email = Text(required=True)


class AcceptInvitationSchema(Request):
    """The token of the link in the letter; name and password of who has no account yet."""

    token = Text(most=100, required=True)
    name = Text(load_default="")
    password = Secret(load_default=None, allow_none=True)


class CompaniesSchema(Request):
    company_ids = Ids()

    @validates("company_ids")
    def refuse_none(self, company_ids: list[int], **_: Any) -> None:
        if not company_ids:
            raise ValidationError("field_missing")


class RemoveUserQuerySchema(Query):
    all_locations = Flag(
        load_default=False, metadata={"description": "From every location of the business"}
    )


def roles(language: str, chosen: Iterable[Role] = Role) -> list[dict[str, Any]]:
    """Roles with what they allow."""
    return [
        {**role_told(role, language), "permissions": permissions_told(OF_ROLE[role])}
        for role in chosen
    ]


def role_told(role: str, language: str) -> dict[str, str]:
    titles = TITLES.get(language, TITLES["en"])
    return {"slug": role, "title": titles[Role(role)]}


def permissions_told(allowed: Iterable[str]) -> list[dict[str, Any]]:
    """Every permission that there is, and whether it is given."""
    allowed = set(allowed)
    return [{"slug": slug, "value": ours in allowed} for ours, slug in SLUGS.items()]


def right_told(right: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        "user_role": role_told(right["role"], language),
        "user_permissions": permissions_told(right["permissions"]),
        "all_locations": right["location_id"] is None,
    }


def user_told(user: Mapping[str, Any], language: str, base: str = "") -> dict[str, Any]:
    return {
        "id": user["id"],
        "login": user["login"],
        "name": user["name"],
        "phone": user["phone"] or "",
        "email": user["email"] or "",
        "avatar": photo_url(user["photo"], base),
        "create_date": times.utc(user["created_at"]),
        **right_told(user["right"], language),
    }


def invitation_told(invitation: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        "id": invitation["id"],
        "email": invitation["email"],
        "create_date": times.utc(invitation["created_at"]),
        **right_told(invitation["right"], language),
    }


def right_wanted(form: Mapping[str, Any]) -> dict[str, Any]:
    """Role and single permissions of a request, in our words; of a slug said twice the last."""
    said = {one["slug"]: one["value"] for one in form["user_permissions"]}
    return {
        "role": form["user_role"] and form["user_role"]["slug"],
        "allow": [OURS[slug].value for slug, value in said.items() if value],
        "refuse": [OURS[slug].value for slug, value in said.items() if not value],
        "all_locations": form["all_locations"],
    }
