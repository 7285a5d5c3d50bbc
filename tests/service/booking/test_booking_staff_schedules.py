"""Hours of many people at once, and what of their time is taken."""

from typing import Any

import pytest

from services.booking.models import Reservation
from tests.factories import a_wish, create_location, create_staff_member
from tests.service.booking.conftest import Refused, Salon

NINE_TO_NOON = [{"opens_minute": 540, "closes_minute": 720}]


def seen(salon: Salon, first: str, last: str, **asked: Any) -> Any:
    days = {"from_day": first, "to_day": last, **asked}
    return salon.see("list_schedules", salon.staff(), location_id=salon.location_id, **days)["days"]


def put(salon: Salon, *, viewer: dict[str, Any] | None = None, **request: Any) -> Any:
    request = {"to_set": [], "to_clear": [], **request}
    return salon.do(
        "set_schedules",
        viewer=viewer or salon.staff(),
        location_id=salon.location_id,
        **request,
    )


def of(staff_id: int, *dates: str, slots: Any = None) -> dict[str, Any]:
    hours = {} if slots is None else {"slots": slots}
    return {"staff_id": staff_id, "dates": list(dates), **hours}


def test_hours_of_several_people_are_set_at_once(salon: Salon) -> None:
    ines = salon.add_staff()
    wanted = {
        "to_set": [
            of(salon.olga, "2030-06-04", "2030-06-05", slots=NINE_TO_NOON),
            of(ines, "2030-06-04", slots=NINE_TO_NOON),
        ],
        "to_clear": [of(ines, "2030-06-05")],
    }
    for _ in range(2):
        assert put(salon, **wanted) == {}
    worked = {
        (one["staff_id"], one["day"]): one["slots"]
        for one in seen(salon, "2030-06-04", "2030-06-05")
    }
    assert worked == {
        (salon.olga, "2030-06-04"): NINE_TO_NOON,
        (salon.olga, "2030-06-05"): NINE_TO_NOON,
        (ines, "2030-06-04"): NINE_TO_NOON,
        (ines, "2030-06-05"): [],
    }
    assert salon.slots(service_ids=[salon.haircut])[-1] == "09:00"


def test_what_is_taken_is_told_on_the_day_on_which_it_begins(salon: Salon) -> None:
    [booked] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    days = seen(salon, "2030-06-03", "2030-06-04", with_busy=True, staff_ids=[salon.olga])
    assert [one["busy"] for one in days] == [
        [],
        [
            {
                "appointment_id": booked["appointment_id"],
                "starts_at": "2030-06-04T08:00:00Z",
                "ends_at": "2030-06-04T09:00:00Z",
            }
        ],
    ]
    assert {one["busy"] for one in seen(salon, "2030-06-04", "2030-06-04")} == {None}


def test_what_is_booked_stays_booked_when_a_day_is_taken_off(salon: Salon) -> None:
    salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    put(salon, to_clear=[of(salon.olga, "2030-06-04")])
    assert salon.count(Reservation) == 1
    [day] = seen(salon, "2030-06-04", "2030-06-04", with_busy=True)
    assert (day["is_working"], len(day["busy"])) == (False, 1)


def test_all_of_it_is_set_or_nothing(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        elsewhere = create_staff_member(session, create_location(session)).id
    good = of(salon.olga, "2030-06-04", slots=NINE_TO_NOON)
    for other in (elsewhere, 999):
        with refused("staff_not_found"):
            put(salon, to_set=[good, of(other, "2030-06-04", slots=NINE_TO_NOON)])
        with refused("staff_not_found"):
            seen(salon, "2030-06-04", "2030-06-05", staff_ids=[salon.olga, other])
    with refused("schedule_malformed"):
        put(salon, to_set=[good, of(salon.olga, "2030-06-05", slots=NINE_TO_NOON * 2)])
    with refused("schedule_malformed"):
        put(salon, to_set=[good], to_clear=[of(salon.olga, "2030-06-04")])
    with refused("schedule_malformed"):
        put(salon, to_set=[good, good])


@pytest.mark.parametrize("backend", ["sqlite"])
def test_hours_of_everybody_are_for_who_may_set_hours(salon: Salon, refused: Refused) -> None:
    here = {"role": "staff", "location_id": salon.location_id}
    with refused("permission_missing", kind="Forbidden"):
        viewer = salon.staff(**here, permissions=["schedules_view"])
        put(salon, viewer=viewer, to_clear=[of(salon.olga, "2030-06-04")])
    with refused("permission_missing", kind="Forbidden"):
        viewer = salon.staff(**here, permissions=["schedules_edit"])
        days = {"from_day": "2030-06-04", "to_day": "2030-06-04"}
        salon.see("list_schedules", viewer, location_id=salon.location_id, **days)
