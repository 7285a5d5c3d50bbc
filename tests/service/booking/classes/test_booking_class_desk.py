"""Seats of a class at the desk: staff write people into it, and change what they have."""

from typing import Any

import pytest

from services.booking.models import Reservation
from services.common.rights import Permission
from tests.service.booking.classes.group_classes import Yoga
from tests.service.booking.conftest import Refused

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


def test_the_desk_writes_somebody_into_a_class(yoga: Yoga, refused: Refused) -> None:
    made = yoga.write(1, seats=4, comment="By phone", attendance="came")
    assert (made["class_id"], made["seats"], made["is_online"]) == (yoga.id, 4, False)
    assert made["services"][0]["amount"] == 4
    assert [event["type"] for event in yoga.told()] == [
        "appointment_created",
        "attendance_marked",
    ]
    with refused("class_full"):
        yoga.write(2)


def test_the_desk_has_a_limit_of_its_own_and_may_write_nobody_in(
    yoga: Yoga, refused: Refused
) -> None:
    yoga.salon.change_location(class_clients_max=2)
    with refused("too_many_seats"):
        yoga.write(seats=3)
    assert yoga.write(None, seats=2)["client"] is None


def test_who_may_not_write_appointments_writes_nobody_in(yoga: Yoga, refused: Refused) -> None:
    viewer = yoga.salon.staff(permissions=[Permission.APPOINTMENTS_VIEW.value], role="staff")
    with refused("permission_missing"):
        yoga.write(viewer=viewer)
    with refused("forbidden"):
        yoga.write(viewer={})


def change_at_desk(yoga: Yoga, appointment_id: int, **changes: Any) -> Any:
    return yoga.do("update_appointment", appointment_id=appointment_id, **changes)


def test_at_the_desk_seats_and_prices_of_an_appointment_can_change(
    yoga: Yoga, refused: Refused
) -> None:
    made = yoga.write(1, seats=1)
    yoga.book(2, seats=1)
    changed = change_at_desk(yoga, made["id"], seats=3, services=[{"id": yoga.service}])
    assert (changed["seats"], changed["services"][0]["amount"], changed["version"]) == (3, 3, 2)
    assert yoga.seats() == 4
    with refused("class_full"):
        change_at_desk(yoga, made["id"], seats=4)
    where = {"location_id": yoga.salon.location_id, "appointment_id": made["id"]}
    told = yoga.salon.see("get_appointment_history", yoga.desk, **where)["changes"][1]
    assert (told["before"]["seats"], told["after"]["seats"]) == (1, 3)
    yoga.salon.change_location(class_clients_max=2)
    assert change_at_desk(yoga, made["id"], comment="Three")["seats"] == 3
    priced = change_at_desk(yoga, made["id"], services=[{"id": yoga.service, "cost_minor": 900}])
    assert (priced["services"][0]["price_minor"], priced["services"][0]["amount"]) == (900, 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "2030-06-04T11:00:00"},
        {"duration_seconds": 1800},
        {"buffer_seconds": 600},
        {"services": []},
        {"services": [{"id": 1}]},
        {"starts_at": "2030-06-04T11:00:00", "save_if_busy": True},
    ],
)
def test_at_the_desk_what_the_class_decides_stays(
    yoga: Yoga, refused: Refused, changes: dict[str, Any]
) -> None:
    made = yoga.write(1)
    with refused("part_of_a_class"):
        change_at_desk(yoga, made["id"], **changes)


def test_at_the_desk_what_is_sent_back_as_it_was_changes_nothing(yoga: Yoga) -> None:
    made = yoga.write(1)
    same = change_at_desk(
        yoga,
        made["id"],
        staff_id=yoga.salon.olga,
        starts_at="2030-06-04T10:00:00+02:00",
        duration_seconds=3600,
        buffer_seconds=0,
        services=[{"id": yoga.service}],
        attendance="came",
    )
    assert (same["starts_at"], same["attendance"]) == (made["starts_at"], "came")
    assert yoga.salon.count(Reservation) == 1


def test_a_deleted_appointment_gives_its_seats_back(yoga: Yoga) -> None:
    made = yoga.write(1, seats=3)
    yoga.do("delete_appointment", appointment_id=made["id"])
    assert yoga.seats() == 0
