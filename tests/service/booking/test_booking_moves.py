"""Moving and confirming: within the policy, from the newest version, into a time that is free."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import Reservation, Service
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import NOW

START = NOW.replace(day=4, hour=8)
"""When the visit of these tests begins: Tuesday at 10 in Paris."""


@pytest.fixture
def booked(salon: Salon) -> dict[str, Any]:
    [booked] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    return booked


def move(salon: Salon, booked: dict[str, Any], to: str, **changes: Any) -> Any:
    request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"], "starts_at": to}
    return salon.do("move_appointment", **request | changes)


def test_a_moved_visit_frees_its_old_time_and_takes_the_new_one(
    salon: Salon, booked: dict[str, Any]
) -> None:
    moved = move(salon, booked, "2030-06-04T14:00:00")

    assert moved["starts_at"] == "2030-06-04T12:00:00Z"
    assert moved["ends_at"] == "2030-06-04T13:00:00Z"
    assert moved["version"] == 2
    assert "08:00" in salon.slots()
    assert "12:00" not in salon.slots()
    assert salon.count(Reservation) == 1
    [_, event] = salon.events()
    assert (event["type"], event["sequence"]) == ("appointment_moved", 2)
    assert event["data"]["wall_start"] == "2030-06-04T14:00:00"


def test_it_may_overlap_its_own_old_time(salon: Salon, booked: dict[str, Any]) -> None:
    assert move(salon, booked, "2030-06-04T10:30:00")["starts_at"] == "2030-06-04T08:30:00Z"


def test_what_was_saved_over_a_busy_time_is_as_any_other_once_its_client_has_moved_it(
    salon: Salon, booked: dict[str, Any]
) -> None:
    over = salon.do(
        "create_appointment",
        viewer=salon.staff(),
        location_id=salon.location_id,
        staff_id=salon.olga,
        services=[{"id": salon.haircut}],
        client=a_client(2),
        starts_at="2030-06-04T10:30:00",
        save_if_busy=True,
    )
    assert over["saved_over_busy"] is True
    moved = move(salon, {**over, "appointment_id": over["id"]}, "2030-06-04T14:00:00")
    assert moved["saved_over_busy"] is False


def test_moving_to_where_it_is_already_changes_nothing(
    salon: Salon, booked: dict[str, Any]
) -> None:
    before = salon.dump()
    assert move(salon, booked, "2030-06-04T10:00:00")["version"] == 1
    assert salon.dump() == before


def test_a_move_keeps_the_price_and_length_it_was_booked_for(
    salon: Salon, booked: dict[str, Any]
) -> None:
    salon.change(
        Service, salon.haircut, price_min_minor=9900, price_max_minor=9900, duration_seconds=1800
    )
    moved = move(salon, booked, "2030-06-04T14:00:00")
    assert moved["services"][0]["price_minor"] == 4500
    assert moved["duration_seconds"] == 3600


def test_a_visit_can_go_to_somebody_else_who_gives_its_services(
    salon: Salon, refused: Refused, booked: dict[str, Any]
) -> None:
    other_service = salon.add_service()
    stranger = salon.add_staff(other_service)
    colleague = salon.add_staff()
    with refused("service_unavailable"):
        move(salon, booked, "2030-06-04T14:00:00", staff_id=stranger)
    with refused("staff_not_found"):
        move(salon, booked, "2030-06-04T14:00:00", staff_id=999)
    moved = move(salon, booked, "2030-06-04T10:00:00", staff_id=colleague)
    assert moved["staff"]["id"] == colleague
    assert salon.slots(staff_id=salon.olga)[0] == "07:00"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("2030-06-04T12:00:00", "slot_taken"),
        ("2030-06-04T12:30:00", "slot_taken"),
        ("2030-06-02T10:00:00", "slot_in_the_past"),
        ("2030-06-04T22:00:00", "slot_outside_hours"),
        ("2030-06-04T14:10:00", "slot_off_grid"),
        ("soon", "time_malformed"),
    ],
)
def test_into_a_time_that_is_not_on_offer_nothing_moves(
    salon: Salon, refused: Refused, booked: dict[str, Any], to: str, code: str
) -> None:
    salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=a_client(2))
    with refused(code):
        move(salon, booked, to)


POLICY = [
    # what the location allows, how long before the visit, and what it says to move and cancel
    ({}, timedelta(hours=5), None, None),
    ({"move_allowed": False}, timedelta(hours=5), "move_not_allowed", None),
    ({"cancel_allowed": False}, timedelta(hours=5), None, "cancel_not_allowed"),
    ({"move_notice_seconds": 7200}, timedelta(hours=2), None, None),
    ({"move_notice_seconds": 7200}, timedelta(minutes=119), "move_too_late", None),
    ({"cancel_notice_seconds": 7200}, timedelta(hours=2), None, None),
    ({"cancel_notice_seconds": 7200}, timedelta(minutes=119), None, "cancel_too_late"),
    ({}, timedelta(0), "already_started", "already_started"),
    ({}, timedelta(hours=-30), "already_started", "already_started"),
]


@pytest.mark.parametrize(("settings", "before", "to_move", "to_cancel"), POLICY)
def test_the_policy_decides_and_names_its_rule(
    salon: Salon,
    refused: Refused,
    booked: dict[str, Any],
    settings: dict[str, Any],
    before: timedelta,
    to_move: str | None,
    to_cancel: str | None,
) -> None:
    if settings:
        salon.change_location(**settings)
    now = START - before
    request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    to = {"starts_at": "2030-06-06T15:00:00"}
    commands = [("move_appointment", to_move, to), ("cancel_appointment", to_cancel, {})]
    for command, refusal, more in sorted(commands, key=lambda one: one[1] is None):
        if refusal is None:
            salon.do(command, now=now, **request, **more)
            continue
        with refused(refusal, kind="Forbidden"):
            salon.do(command, now=now, **request, **more)


def test_a_change_that_was_decided_on_an_older_version_is_refused(
    salon: Salon, refused: Refused, booked: dict[str, Any]
) -> None:
    move(salon, booked, "2030-06-04T14:00:00", version=1)
    with refused("version_outdated", kind="Conflict"):
        move(salon, booked, "2030-06-04T16:00:00", version=1)
    with refused("version_outdated", kind="Conflict"):
        salon.cancel(booked, version=1)
    assert salon.cancel(booked, version=2)["version"] == 3


def test_a_cancelled_visit_cannot_be_moved_or_confirmed(
    salon: Salon, refused: Refused, booked: dict[str, Any]
) -> None:
    salon.cancel(booked)
    with refused("already_cancelled"):
        move(salon, booked, "2030-06-04T14:00:00")
    with refused("already_cancelled"):
        salon.do("confirm_appointment", **booked_names(booked))


def booked_names(booked: dict[str, Any]) -> dict[str, Any]:
    return {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}


def test_a_client_confirms_once(salon: Salon, refused: Refused, booked: dict[str, Any]) -> None:
    for _ in range(2):
        confirmed = salon.do("confirm_appointment", **booked_names(booked))
        assert (confirmed["attendance"], confirmed["version"]) == ("confirmed", 2)
    assert [event["type"] for event in salon.events()] == [
        "appointment_created",
        "appointment_confirmed",
    ]
    with refused("already_started"):
        salon.do("confirm_appointment", now=START, **booked_names(booked))


def test_a_comment_alone_is_a_change_and_no_move(salon: Salon, booked: dict[str, Any]) -> None:
    changed = salon.do(
        "move_appointment", viewer=a_person(), **booked_names(booked), comment="By bike"
    )
    assert (changed["comment"], changed["version"]) == ("By bike", 2)
    assert salon.events()[-1]["type"] == "appointment_changed"
