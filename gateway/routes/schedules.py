"""Working hours of staff, for staff."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import schedules as wire
from gateway.wire import staff_schedules as everybody
from gateway.wire.schedules import ScheduleDaySchema, SetDaySchema
from gateway.wire.shapes import COUNTED
from gateway.wire.staff_schedules import (
    SetSchedulesSchema,
    StaffDaySchema,
    StaffSchedulesQuerySchema,
)

routes = Routes("schedules", __name__, url_prefix="/api/v1", description="Working hours")

DAYS = "<string(maxlength=40):start_date>/<string(maxlength=40):end_date>"


@routes.get(f"/schedule/<id:company_id>/<id:staff_id>/{DAYS}")
@routes.answers(ScheduleDaySchema, many=True)
def schedule(company_id: int, staff_id: int, start_date: str, end_date: str) -> Response:
    """When somebody works, day by day; days are YYYY-MM-DD or YYYYMMDD, a year at most"""
    found = rpc.call(
        "booking",
        "get_schedule",
        location_id=company_id,
        staff_id=staff_id,
        **wire.period(start_date, end_date),
    )
    return answer([wire.schedule_day(day) for day in found["days"]])


@routes.put(f"/schedule/<id:company_id>/<id:staff_id>/{DAYS}")
@routes.put("/schedule/<id:company_id>/<id:staff_id>", endpoint="set_schedule_of_dates")
@routes.arguments(SetDaySchema(many=True), example=wire.SCHEDULE_EXAMPLE)
@routes.answers(ScheduleDaySchema, status=201, many=True)
def set_schedule(
    form: list[dict[str, Any]],
    company_id: int,
    staff_id: int,
    start_date: str | None = None,
    end_date: str | None = None,
) -> Response:
    """Set somebody's hours on the days of the body; visits already booked stay booked"""
    if start_date and end_date:
        wire.period(start_date, end_date)
    days = wire.days_wanted(form)
    rpc.command(
        "booking",
        "set_schedule",
        request={"location_id": company_id, "staff_id": staff_id, "days": days},
    )
    return answer([wire.schedule_day(day) for day in days], status=201)


@routes.get("/company/<id:company_id>/staff/schedule")
@routes.arguments(StaffSchedulesQuerySchema, location="query")
@routes.answers(StaffDaySchema, many=True, meta=COUNTED)
def staff_schedules(query: dict[str, Any], company_id: int) -> Response:
    """When people work, day by day and person by person, and what of their time is taken"""
    asked = everybody.schedules_asked(query)
    found = rpc.call("booking", "list_schedules", location_id=company_id, **asked)
    told = everybody.staff_days(found, query["include"])
    return answer(told, meta={"count": len(told)})


@routes.put("/company/<id:company_id>/staff/schedule")
@routes.arguments(SetSchedulesSchema, example=everybody.SET_EXAMPLE)
@routes.answers(StaffDaySchema, many=True, meta=COUNTED)
def set_staff_schedules(form: dict[str, Any], company_id: int) -> Response:
    """Set hours of several people on several dates, and others off: all of it or nothing"""
    request = {"location_id": company_id, **everybody.schedules_wanted(form)}
    rpc.command("booking", "set_schedules", request=request)
    told = everybody.days_set(form)
    return answer(told, meta={"count": len(told)})
