"""Appointments opened by their hash: reading them, and giving the time back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from services.booking.models import Appointment, Location, Reservation
from tests.factories import a_client, a_wish, create_location
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW

START = datetime(2030, 6, 4, 8, tzinfo=UTC)


@pytest.fixture
def booked(salon: Salon) -> dict[str, Any]:
    [booked] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    return booked


@pytest.mark.parametrize("wrong", ["", "0" * 32, "f" * 33, "ü", "' OR 1=1 --"])
def test_a_wrong_hash_opens_nothing(
    salon: Salon, refused: Refused, booked: dict[str, Any], wrong: str
) -> None:
    with refused("appointment_not_found", kind="NotFound"):
        salon.read(booked | {"hash": wrong})
    with refused("appointment_not_found", kind="NotFound"):
        salon.cancel(booked | {"hash": wrong})


def test_a_hash_opens_its_own_appointment_only(salon: Salon, refused: Refused) -> None:
    one, other = salon.book(a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-04T12:00:00"))
    for wrong in (one | {"hash": other["hash"]}, one | {"appointment_id": 999}):
        with refused("appointment_not_found", kind="NotFound"):
            salon.read(wrong)
        with refused("appointment_not_found", kind="NotFound"):
            salon.cancel(wrong)


def test_an_appointment_is_not_found_at_another_place(
    salon: Salon, refused: Refused, booked: dict[str, Any]
) -> None:
    with salon.write() as session:
        elsewhere = create_location(session).id
    names = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    assert salon.at_location("get_appointment", **names) == salon.read(booked)
    with refused("appointment_not_found", kind="NotFound"):
        salon.ask("get_appointment", location_id=elsewhere, **names)
    with refused("appointment_not_found", kind="NotFound"):
        salon.do("move_appointment", location_id=elsewhere, comment="By bike", **names)


def test_an_appointment_stays_readable_when_its_place_has_closed(
    salon: Salon, booked: dict[str, Any]
) -> None:
    before = salon.read(booked)
    salon.change(Location, salon.location_id, closed_at=NOW)
    assert salon.read(booked) == before


def test_cancelling_gives_the_time_back_and_keeps_the_appointment(
    salon: Salon, booked: dict[str, Any]
) -> None:
    before = salon.read(booked)
    answer = salon.cancel(booked)
    changed = {
        "is_cancelled": True,
        "cancelled_at": "2030-06-03T06:00:00Z",
        "changed_at": "2030-06-03T06:00:00Z",
        "version": 2,
    }
    assert answer == before | changed
    assert salon.read(booked) == answer
    with salon.database.read() as session:
        assert session.scalars(select(Reservation)).all() == []
    assert salon.book(a_wish(starts_at="2030-06-04T10:00:00"), client=a_client(2))


def test_cancelling_one_appointment_leaves_the_others_of_the_visit(salon: Salon) -> None:
    one, other = salon.book(a_wish(handle=1), a_wish(handle=2, starts_at="2030-06-04T12:00:00"))
    salon.cancel(one)
    assert salon.read(other)["is_cancelled"] is False
    assert "10:00" not in salon.slots()


def test_cancelled_twice_is_cancelled_once(salon: Salon, booked: dict[str, Any]) -> None:
    first = salon.cancel(booked)
    before = salon.dump()
    assert salon.cancel(booked, now=datetime(2030, 6, 3, 7, tzinfo=UTC)) == first
    assert salon.dump() == before
    assert [event["type"] for event in salon.events()] == [
        "appointment_created",
        "appointment_cancelled",
    ]


def test_a_cancelled_appointment_stays_so_even_after_it_would_have_begun(
    salon: Salon, booked: dict[str, Any]
) -> None:
    first = salon.cancel(booked)
    assert salon.cancel(booked, now=START) == first


@pytest.mark.parametrize(
    ("rule", "now", "code"),
    [
        ({"cancel_allowed": False}, NOW, "cancel_not_allowed"),
        ({}, START, "already_started"),
        ({"cancel_notice_seconds": 7200}, START.replace(hour=6, second=1), "cancel_too_late"),
        ({"cancel_notice_seconds": 7200}, START, "already_started"),
    ],
)
def test_cancelling_against_the_rules_is_refused(
    salon: Salon,
    refused: Refused,
    booked: dict[str, Any],
    rule: dict[str, Any],
    now: datetime,
    code: str,
) -> None:
    if rule:
        salon.change_location(**rule)
    with refused(code, kind="Forbidden"):
        salon.cancel(booked, now=now)


@pytest.mark.parametrize(
    ("notice", "now"), [(0, START.replace(hour=7, minute=59)), (7200, START.replace(hour=6))]
)
def test_notice_given_just_in_time_is_enough(
    salon: Salon, booked: dict[str, Any], notice: int, now: datetime
) -> None:
    salon.change_location(cancel_notice_seconds=notice)
    assert salon.cancel(booked, now=now)["is_cancelled"]


def test_the_hash_is_no_part_of_any_other_row(salon: Salon, booked: dict[str, Any]) -> None:
    """Beside the answer that is kept for whoever sends the same command again."""
    salon.cancel(booked)
    holders = {
        table
        for table, rows in salon.dump().items()
        if any(booked["hash"] in str(row) for row in rows)
    }
    assert holders == {Appointment.__tablename__}
