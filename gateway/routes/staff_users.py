"""Who of the staff may do what, for those who manage it."""

from typing import Any

from flask import Response

from gateway.context import locale, location_facts, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import staff_users as wire
from gateway.wire.shapes import COUNTED
from gateway.wire.staff_users import (
    CompaniesSchema,
    RemoveUserQuerySchema,
    RightSchema,
    RoleWithPermissionsSchema,
    SetPermissionsSchema,
    StaffMemberUserSchema,
)
from services.common.rights import Role

routes = Routes("staff_users", __name__, url_prefix="/api/v1", description="Users of the staff")


@routes.get("/user/permissions/<id:company_id>")
@routes.answers(RightSchema)
def own_permissions(company_id: int) -> Response:
    """What the user of this token may do at a location"""
    right = rpc.call("auth", "get_own_right", **place(company_id))["right"]
    return answer(wire.right_told(right, locale()))


@routes.get("/company/<id:company_id>/users")
@routes.answers(StaffMemberUserSchema, many=True, meta=COUNTED)
def users(company_id: int) -> Response:
    """Everybody who can sign in to work at a location"""
    return _users(company_id)


@routes.get("/company_users/<id:company_id>")
@routes.answers(StaffMemberUserSchema, many=True, meta=COUNTED)
def company_users(company_id: int) -> Response:
    """The same under its older address"""
    return _users(company_id)


@routes.delete("/company/<id:company_id>/users/<id:user_id>")
@routes.arguments(RemoveUserQuerySchema, location="query")
@routes.answers_nothing(status=204)
def remove_user(query: dict[str, Any], company_id: int, user_id: int) -> Response:
    """Let somebody no longer work at a location"""
    _do("remove_staff_user", company_id, user_id=user_id, all_locations=query["all_locations"])
    return done(204)


@routes.get("/company/<id:company_id>/users/roles")
@routes.answers(RoleWithPermissionsSchema, many=True, meta=COUNTED)
def roles(company_id: int) -> Response:
    """The roles that there are, and what each allows"""
    shown = wire.roles(locale())
    return answer(shown, meta={"count": len(shown)})


@routes.get("/company/<id:company_id>/users/<id:user_id>/roles")
@routes.answers(RoleWithPermissionsSchema, many=True, meta=COUNTED)
def user_roles(company_id: int, user_id: int) -> Response:
    """The role of a user at a location, and what it allows by itself"""
    shown = wire.roles(locale(), [Role(_user(company_id, user_id)["right"]["role"])])
    return answer(shown, meta={"count": len(shown)})


@routes.get("/company/<id:company_id>/users/<id:user_id>/permissions")
@routes.answers(RightSchema)
def permissions(company_id: int, user_id: int) -> Response:
    """What a user may do at a location"""
    return answer(wire.right_told(_user(company_id, user_id)["right"], locale()))


@routes.put("/company/<id:company_id>/users/<id:user_id>/permissions")
@routes.arguments(SetPermissionsSchema, example=wire.PERMISSIONS_EXAMPLE)
@routes.answers(RightSchema)
def set_permissions(form: dict[str, Any], company_id: int, user_id: int) -> Response:
    """Give a user another role, or single permissions more or less"""
    changed = _do("change_right", company_id, user_id=user_id, **wire.right_wanted(form))
    return answer(wire.right_told(changed["right"], locale()))


@routes.post("/company/<id:company_id>/users/<id:user_id>/copy_to_companies")
@routes.arguments(CompaniesSchema, example=wire.COMPANIES_EXAMPLE)
@routes.answers_nothing(status=201)
def copy_to_companies(form: dict[str, Any], company_id: int, user_id: int) -> Response:
    """Let a user do at other locations what they do at this one"""
    _do("copy_right", company_id, user_id=user_id, places=_places(form))
    return done(201)


@routes.post("/company/<id:company_id>/users/<id:user_id>/remove_from_companies")
@routes.arguments(CompaniesSchema, example=wire.COMPANIES_EXAMPLE)
@routes.answers_nothing(status=201)
def remove_from_companies(form: dict[str, Any], company_id: int, user_id: int) -> Response:
    """Let a user no longer work at these locations"""
    request = {"user_id": user_id, "places": _places(form)}
    rpc.command("auth", "remove_from_places", request=request)
    return done(201)


def place(company_id: int) -> dict[str, int]:
    """A location as auth has to be told of it, for it knows none."""
    return {
        "business_id": location_facts(company_id)["business_id"],
        "location_id": company_id,
    }


def _users(company_id: int) -> Response:
    found = rpc.call("auth", "list_staff_users", **place(company_id))["users"]
    shown = [wire.user_told(user, locale(), public_base()) for user in found]
    return answer(shown, meta={"count": len(shown)})


def _places(form: dict[str, Any]) -> list[dict[str, int]]:
    return [place(company_id) for company_id in form["company_ids"]]


def _user(company_id: int, user_id: int) -> dict[str, Any]:
    found: dict[str, Any] = rpc.call("auth", "get_staff_user", **place(company_id), user_id=user_id)
    return found


def _do(method: str, company_id: int, **request: Any) -> Any:
    return rpc.command("auth", method, request={**place(company_id), **request})
