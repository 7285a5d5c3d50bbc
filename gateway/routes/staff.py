"""The people of a location and their positions, for those who administer them."""

from typing import Any

from flask import Response

from gateway.context import expected_version, public_base, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.routes.staff_users import place
from gateway.wire import staff as wire
from gateway.wire.shapes import COUNTED, TAGGED
from gateway.wire.staff import (
    ChangePositionSchema,
    DismissalQuerySchema,
    NewPositionSchema,
    NewStaffSchema,
    PositionSchema,
    StaffQuerySchema,
    StaffSchema,
    UpdateStaffSchema,
)

routes = Routes("staff", __name__, url_prefix="/api/v1", description="Staff and positions")

OLD, NEW = "/staff/<id:company_id>", "/company/<id:company_id>/staff"
POSITIONS = "/positions/<id:company_id>"


@routes.get(NEW, endpoint="company_staff")
@routes.get(OLD)
@routes.arguments(StaffQuerySchema, location="query")
@routes.answers(StaffSchema, many=True, meta=COUNTED)
def staff(query: dict[str, Any], company_id: int) -> Response:
    """Everybody who works there, also whom clients cannot choose"""
    found = rpc.call(
        "booking", "list_staff", location_id=company_id, with_fired=query["with_deleted"]
    )["staff"]
    return answer([_told(member) for member in found], meta={"count": len(found)})


@routes.get(f"{NEW}/<id:staff_id>", endpoint="company_staff_member")
@routes.get(f"{OLD}/<id:staff_id>")
@routes.answers(StaffSchema, headers=TAGGED)
def staff_member(company_id: int, staff_id: int) -> Response:
    """One of them, also who has gone"""
    found = rpc.call("booking", "get_staff_member", location_id=company_id, staff_id=staff_id)
    return answer(_told(found), version=found["version"])


@routes.post(f"{NEW}/quick", endpoint="quick_staff_member")
@routes.post(OLD)
@routes.arguments(NewStaffSchema, example=wire.STAFF_EXAMPLE)
@routes.answers(StaffSchema, status=201, headers=TAGGED)
def create_staff_member(form: dict[str, Any], company_id: int) -> Response:
    """Take somebody on; clients can book them once they have hours and services"""
    made = _do("create_staff_member", company_id, **_wanted(form, company_id))
    return answer(_told(made), status=201, version=made["version"])


@routes.put(f"{OLD}/<id:staff_id>")
@routes.takes_version
@routes.arguments(UpdateStaffSchema, example=wire.STAFF_CHANGE_EXAMPLE)
@routes.answers(StaffSchema, headers=TAGGED)
def update_staff_member(form: dict[str, Any], company_id: int, staff_id: int) -> Response:
    """Change what is known of somebody, let them go, or (`is_fired: false`) take that back"""
    changed = _do(
        "update_staff_member",
        company_id,
        staff_id=staff_id,
        version=expected_version(),
        **wire.dismissal_wanted(form),
        **_wanted(form, company_id),
    )
    return answer(_told(changed), version=changed["version"])


@routes.delete(f"{OLD}/<id:staff_id>")
@routes.takes_version
@routes.arguments(DismissalQuerySchema, location="query")
@routes.answers_nothing(status=204)
def delete_staff_member(query: dict[str, Any], company_id: int, staff_id: int) -> Response:
    """Let somebody go, at once or after a day; refused while they have appointments after that"""
    _do(
        "dismiss_staff_member",
        company_id,
        staff_id=staff_id,
        version=expected_version(),
        last_day=query["dismissal_date"],
        reason=query["dismissal_reason"],
        future_appointments=query["future_appointments"],
    )
    return done(204)


@routes.get(f"{NEW}/positions", endpoint="staff_positions")
@routes.get(POSITIONS)
@routes.answers(PositionSchema, many=True, meta=COUNTED)
def positions(company_id: int) -> Response:
    """What people can be here by contract"""
    found = rpc.call("booking", "list_positions", location_id=company_id)["positions"]
    return answer([wire.position(one) for one in found], meta={"count": len(found)})


@routes.get(f"{POSITIONS}/<id:position_id>")
@routes.answers(PositionSchema)
def position(company_id: int, position_id: int) -> Response:
    """One position"""
    found = rpc.call("booking", "get_position", location_id=company_id, position_id=position_id)
    return answer(wire.position(found))


@routes.post("/company/<id:company_id>/positions/quick", endpoint="quick_position")
@routes.post(POSITIONS)
@routes.arguments(NewPositionSchema, example=wire.POSITION_EXAMPLE)
@routes.answers(PositionSchema, status=201)
def create_position(form: dict[str, Any], company_id: int) -> Response:
    """Add a position"""
    made = _do("create_position", company_id, **wire.position_wanted(form))
    return answer(wire.position(made), status=201)


@routes.put(f"{POSITIONS}/<id:position_id>")
@routes.arguments(ChangePositionSchema, example=wire.POSITION_EXAMPLE)
@routes.answers(PositionSchema)
def update_position(form: dict[str, Any], company_id: int, position_id: int) -> Response:
    """Change a position; what is left out stays as it is"""
    wanted = wire.position_wanted(form)
    changed = _do("update_position", company_id, position_id=position_id, **wanted)
    return answer(wire.position(changed))


@routes.delete(f"{POSITIONS}/<id:position_id>")
@routes.answers_nothing(status=204)
def delete_position(company_id: int, position_id: int) -> Response:
    """Take a position away; who had it has none"""
    _do("delete_position", company_id, position_id=position_id)
    return done(204)


def _told(member: dict[str, Any]) -> dict[str, Any]:
    return wire.staff_member(member, public_base())


def _wanted(form: dict[str, Any], company_id: int) -> dict[str, Any]:
    """What is said of somebody; a user to be linked must work at this location."""
    wanted = wire.staff_wanted(form)
    if wanted.get("user_id"):
        rpc.call("auth", "get_staff_user", **place(company_id), user_id=wanted["user_id"])
    return wanted


def _do(method: str, company_id: int, **request: Any) -> Any:
    return rpc.command("booking", method, request={"location_id": company_id, **request})
