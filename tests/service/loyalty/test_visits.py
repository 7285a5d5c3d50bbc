"""Loyalty's copy of an appointment: always the newest version, in whatever order they come."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from services.common.db import Database
from services.common.inbox import inbox
from services.loyalty.models import VisitRecord
from services.loyalty.service import LoyaltyService
from tests.factories import an_appointment_event
from tests.service.booking.conftest import Salon
from tests.service.conftest import NewDatabase, a_worker, at_once


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    return new_database("loyalty")


def receive(database: Database, event: dict[str, Any]) -> None:
    a_worker(LoyaltyService, database).record_visit(event)


def records(database: Database) -> list[VisitRecord]:
    with database.read() as session:
        return list(session.scalars(select(VisitRecord).order_by(VisitRecord.appointment_id)))


def version(number: int) -> dict[str, Any]:
    """The appointment as it was at that version: each a day later and a service dearer."""
    line = {"id": 1, "title": "Cut", "duration_seconds": 60, "currency": "EUR"}
    return an_appointment_event(
        sequence=number,
        data={
            "starts_at": f"2030-06-{number:02}T08:00:00Z",
            "services": [line | {"price_minor": 1000}] * number,
            "is_cancelled": number == 3,
        },
    )


def test_an_appointment_is_recorded_as_it_was_announced(database: Database) -> None:
    receive(database, an_appointment_event())
    [record] = records(database)
    assert (record.appointment_id, record.version) == (17, 1)
    assert (record.business_id, record.location_id, record.client_id) == (1, 1, 9)
    assert record.starts_at == datetime(2099, 6, 4, 8, tzinfo=UTC)
    assert (record.price_minor, record.currency) == (4500, "EUR")
    assert (record.attendance, record.is_cancelled) == ("waiting", False)


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_the_newest_version_wins_in_whatever_order_they_come(
    database: Database, order: tuple[int, ...]
) -> None:
    for number in order:
        receive(database, version(number))
    [record] = records(database)
    assert (record.version, record.price_minor, record.is_cancelled) == (3, 3000, True)
    assert record.starts_at == datetime(2030, 6, 3, 8, tzinfo=UTC)


def test_the_same_event_again_changes_nothing(database: Database) -> None:
    event = version(1)
    receive(database, event)
    receive(database, event | {"data": version(2)["data"]})
    [record] = records(database)
    assert record.price_minor == 1000


def test_appointments_do_not_touch_each_other(database: Database) -> None:
    for number in (17, 18):
        event = an_appointment_event(
            subject=f"appointment/{number}", data={"appointment_id": number}
        )
        receive(database, event)
    assert [record.appointment_id for record in records(database)] == [17, 18]


def test_what_publishers_add_later_does_no_harm(database: Database) -> None:
    receive(database, an_appointment_event(data={"surprise": {"nested": 1}}))
    assert len(records(database)) == 1


def test_an_appointment_without_a_client_is_recorded_until_there_is_one(database: Database) -> None:
    receive(database, an_appointment_event(data={"client_id": None, "contact": None}))
    assert [record.client_id for record in records(database)] == [None]
    receive(database, an_appointment_event(sequence=2))
    assert [record.client_id for record in records(database)] == [9]


@pytest.mark.parametrize("broken", [{"services": None}, {"client_id": "x"}, {"starts_at": "soon"}])
def test_an_event_that_makes_no_sense_is_kept_with_its_reason(
    database: Database, broken: dict[str, Any]
) -> None:
    receive(database, an_appointment_event(data=broken))
    assert records(database) == []
    with database.read() as session:
        [kept] = session.execute(select(inbox))
    assert kept.handled_at is None
    assert "ValidationError" in kept.reason


@pytest.mark.parametrize("backend", ["postgresql"])
def test_versions_that_come_at_once_leave_the_newest(database: Database) -> None:
    tasks = [lambda one=one: receive(database, version(one)) for one in range(1, 11)]
    assert at_once(tasks) == [None] * 10
    [record] = records(database)
    assert (record.version, record.price_minor) == (10, 10_000)


def test_what_booking_announces_is_understood(
    database: Database, new_database: NewDatabase
) -> None:
    salon = Salon(new_database("booking"))
    [booked] = salon.book()
    [event] = salon.events()
    receive(database, event)
    [record] = records(database)
    assert (record.appointment_id, record.price_minor) == (booked["appointment_id"], 4500)
