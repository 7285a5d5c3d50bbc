"""Working hours of staff, for staff."""

from typing import Any

from flask import Response

from gateway.context import rpc
from gateway.openapi import Routes
from gateway.responses import answer
from gateway.wire import schedules as wire
from gateway.wire.schedules import ScheduleDaySchema, SetDaySchema

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
@routes.arguments(SetDaySchema(many=True), example=wire.SCHEDULE_EXAMPLE)
@routes.answers(ScheduleDaySchema, status=201, many=True)
def set_schedule(
    form: list[dict[str, Any]], company_id: int, staff_id: int, start_date: str, end_date: str
) -> Response:
    """Set somebody's hours on the days of the body; visits already booked stay booked"""
    wire.period(start_date, end_date)
    days = wire.days_wanted(form)
    rpc.command(
        "booking",
        "set_schedule",
        request={"location_id": company_id, "staff_id": staff_id, "days": days},
    )
    return answer([wire.schedule_day(day) for day in days], status=201)
