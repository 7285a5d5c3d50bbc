"""A past visit as the beginning of another: what is prefilled, what is no longer offered."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from services.booking.models import Location, Service, StaffMember, StaffService
from tests.factories import a_wish
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import NOW

LATER = NOW + timedelta(days=30)


def repeat(salon: Salon, booked: dict[str, Any], **changes: Any) -> Any:
    opened = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    return salon.ask("get_repeat", **{"now": LATER} | opened | changes)


def reasons(salon: Salon, booked: dict[str, Any]) -> tuple[Any, Any, list[Any]]:
    told = repeat(salon, booked)
    return (
        told["location"]["reason"],
        told["staff"]["reason"],
        [one["reason"] for one in told["services"]],
    )


@pytest.fixture
def booked(salon: Salon) -> dict[str, Any]:
    beard = salon.add_service(salon.olga, title="Beard")
    wish = a_wish(service_ids=[salon.haircut, beard], custom_fields={"note": "no dye"})
    [booked] = salon.book(wish, comment="As ever")
    return booked


def test_everything_is_prefilled_but_the_time(salon: Salon, booked: dict[str, Any]) -> None:
    told = repeat(salon, booked)
    assert [one["title"] for one in told["services"]] == ["Haircut", "Beard"]
    assert told["staff"] == {"id": salon.olga, "name": "Olga", "reason": None}
    assert (told["comment"], told["custom_fields"]) == ("As ever", {"note": "no dye"})
    assert reasons(salon, booked) == (None, None, [None, None])


@pytest.mark.parametrize(
    ("model", "changes", "expected"),
    [
        (Service, {"archived_at": NOW}, (None, None, ["service_archived", None])),
        (Service, {"is_online": False}, (None, None, ["service_offline", None])),
        (StaffMember, {"fired_at": NOW}, (None, "staff_fired", ["service_without_staff"] * 2)),
        (StaffMember, {"last_day": date(2030, 6, 5)}, (None, "staff_fired", [None, None])),
        (StaffMember, {"is_online": False}, (None, "staff_offline", ["service_without_staff"] * 2)),
        (Location, {"closed_at": NOW}, ("location_closed", None, [None, None])),
        (Location, {"paused_at": NOW}, ("booking_paused", None, [None, None])),
    ],
)
def test_what_is_no_longer_offered_has_its_reason(
    salon: Salon, booked: dict[str, Any], model: type[Any], changes: Any, expected: Any
) -> None:
    salon.change(model, 1, **changes)
    assert reasons(salon, booked) == expected


def test_a_service_that_others_give_can_be_had_of_them(
    salon: Salon, booked: dict[str, Any]
) -> None:
    salon.add_staff(salon.haircut, name="Maria")
    with salon.write() as session:
        session.execute(
            delete(StaffService).where(
                StaffService.staff_id == salon.olga, StaffService.service_id == salon.haircut
            )
        )
    assert reasons(salon, booked) == (None, "staff_gives_it_no_longer", [None, None])


def test_only_what_is_over_or_cancelled_is_repeated(
    salon: Salon, refused: Refused, booked: dict[str, Any]
) -> None:
    with refused("visit_not_over"):
        repeat(salon, booked, now=NOW)
    salon.cancel(booked)
    assert repeat(salon, booked, now=NOW)["staff"]["id"] == salon.olga


def test_it_is_told_to_its_client_alone(
    salon: Salon, refused: Refused, booked: dict[str, Any]
) -> None:
    wanted = {"appointment_id": booked["appointment_id"], "now": LATER}
    assert salon.see("get_repeat", a_person(), **wanted)["appointment_id"] == 1
    for viewer in (a_person(9, "+33600000000"), {}):
        with refused("appointment_not_found"):
            salon.see("get_repeat", viewer, **wanted)
