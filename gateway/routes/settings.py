"""Booking forms and how a location takes bookings: for who administers it."""

from typing import Any

from flask import Response

from gateway import cors
from gateway.context import expected_version, rpc
from gateway.openapi import Routes
from gateway.responses import answer, done
from gateway.wire import form_settings as wire
from gateway.wire.form_settings import (
    BookingFormSchema,
    ChangeFormSchema,
    ChangeOnlineSettingsSchema,
    ChangeTimetableSettingsSchema,
    OnlineSettingsSchema,
    TimetableSettingsSchema,
)
from gateway.wire.shapes import COUNTED, TAGGED

routes = Routes("settings", __name__, url_prefix="/api/v1", description="Forms and settings")

FORMS = "/company/<id:company_id>/booking_forms"
ONLINE = "/company/<id:company_id>/settings/online"
TIMETABLE = "/company/<id:company_id>/settings/timetable"


@routes.get(FORMS)
@routes.answers(BookingFormSchema, many=True, meta=COUNTED)
def booking_forms(company_id: int) -> Response:
    """The forms that lead to a location, those of its whole chain too"""
    found = rpc.call("booking", "list_booking_forms", location_id=company_id)
    forms = [wire.booking_form(form) for form in found["forms"]]
    return answer(forms, meta={"count": len(forms)})


@routes.post(FORMS)
@routes.arguments(ChangeFormSchema, example=wire.EXAMPLE)
@routes.answers(BookingFormSchema, status=201, headers=TAGGED)
def create_booking_form(form: dict[str, Any], company_id: int) -> Response:
    """Make a form of a location; its first way in is its default"""
    request = {"location_id": company_id, **wire.form_wanted(form)}
    made = rpc.command("booking", "create_booking_form", request=request)
    cors.forget()
    return _form(made, status=201)


@routes.get(f"{FORMS}/<id:form_id>")
@routes.answers(BookingFormSchema, headers=TAGGED)
def booking_form(company_id: int, form_id: int) -> Response:
    """A form with its settings"""
    return _form(rpc.call("booking", "get_form_for_staff", location_id=company_id, form_id=form_id))


@routes.patch(f"{FORMS}/<id:form_id>")
@routes.takes_version
@routes.arguments(ChangeFormSchema, example=wire.EXAMPLE)
@routes.answers(BookingFormSchema, headers=TAGGED)
def change_booking_form(form: dict[str, Any], company_id: int, form_id: int) -> Response:
    """Change a form; what is left out stays as it is"""
    changed = rpc.command(
        "booking",
        "update_booking_form",
        request={
            "location_id": company_id,
            "form_id": form_id,
            "version": expected_version(),
            **wire.form_wanted(form),
        },
    )
    cors.forget()
    return _form(changed)


@routes.delete(f"{FORMS}/<id:form_id>")
@routes.takes_version
@routes.answers_nothing(status=204)
def delete_booking_form(company_id: int, form_id: int) -> Response:
    """Take a form away, unless it is the only default"""
    rpc.command(
        "booking",
        "delete_booking_form",
        request={"location_id": company_id, "form_id": form_id, "version": expected_version()},
    )
    cors.forget()
    return done(204)


@routes.get(ONLINE)
@routes.answers(OnlineSettingsSchema, headers=TAGGED)
def online_settings(company_id: int) -> Response:
    """How clients book online"""
    found = rpc.call("booking", "get_location_settings", location_id=company_id)
    return answer(wire.online_settings(found), version=found["version"])


@routes.patch(ONLINE)
@routes.takes_version
@routes.arguments(ChangeOnlineSettingsSchema, example=wire.ONLINE_EXAMPLE)
@routes.answers(OnlineSettingsSchema, headers=TAGGED)
def change_online_settings(form: dict[str, Any], company_id: int) -> Response:
    """Change how clients book online, or pause it; what is left out stays as it is"""
    changed = _change(company_id, wire.online_wanted(form))
    return answer(wire.online_settings(changed), version=changed["version"])


@routes.get(TIMETABLE)
@routes.answers(TimetableSettingsSchema, headers=TAGGED)
def timetable_settings(company_id: int) -> Response:
    """What kind of visits there are"""
    found = rpc.call("booking", "get_location_settings", location_id=company_id)
    return answer(wire.timetable_settings(found), version=found["version"])


@routes.patch(TIMETABLE)
@routes.takes_version
@routes.arguments(ChangeTimetableSettingsSchema, example=wire.TIMETABLE_EXAMPLE)
@routes.answers(TimetableSettingsSchema, headers=TAGGED)
def change_timetable_settings(form: dict[str, Any], company_id: int) -> Response:
    """Change what kind of visits there are; what is left out stays as it is"""
    changed = _change(company_id, wire.timetable_wanted(form))
    return answer(wire.timetable_settings(changed), version=changed["version"])


def _change(company_id: int, wanted: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = rpc.command(
        "booking",
        "update_location_settings",
        request={"location_id": company_id, "version": expected_version(), **wanted},
    )
    return changed


def _form(form: dict[str, Any], *, status: int = 200) -> Response:
    return answer(wire.booking_form(form), status=status, version=form["version"])
