"""A big business moves in: 100,000 clients and 10,000 appointments."""

from collections.abc import Iterator
from datetime import date, timedelta
from time import monotonic

import pytest

from services.booking.models import Appointment, Client
from tests.service.booking.importing import ONE_PLACE, Newcomer, counts
from tests.service.conftest import NewDatabase

CLIENTS, APPOINTMENTS, STAFF = 100_000, 10_000, 50
PATIENCE_SECONDS = 600.0
"""Of all together on two cores that are not alone; some 100 where they are."""
MONDAY = date(2031, 1, 6)


def clients(note: str) -> Iterator[str]:
    yield "external_id,phone,name,surname,email,comment"
    for number in range(CLIENTS):
        phone, email = f"+336{10_000_000 + number}", f"ann{number}@example.com"
        yield f"{number},{phone},Ann {number},Clark,{email},{note}"


def appointments(note: str) -> Iterator[str]:
    """Each of the staff has nine a day, one after the other."""
    yield "external_id,staff,services,starts_at,client,comment"
    for number in range(APPOINTMENTS):
        hour, staff = 9 + number // STAFF % 9, number % STAFF
        week, weekday = divmod(number // STAFF // 9, 5)
        day = MONDAY + timedelta(days=7 * week + weekday)
        yield f"{number},Person {staff},cut,{day} {hour:02}:00,{number},{note}"


@pytest.mark.soak
@pytest.mark.timeout(2 * PATIENCE_SECONDS)
def test_a_big_business_moves_in(new_database: NewDatabase) -> None:
    newcomer = Newcomer(new_database("booking"))
    people = [f"Person {number}" for number in range(STAFF)]
    hours = [f"{name},mon|tue|wed|thu|fri,09:00,18:00" for name in people]
    newcomer.put_all(
        ONE_PLACE
        | {
            "staff": "\n".join(["name", *people]),
            "links": "\n".join(["staff,service", *(f"{name},cut" for name in people)]),
            "schedules": "\n".join(["staff,weekday,opens,closes", *hours]),
        }
    )
    began = monotonic()
    for table, rows, count in (
        ("clients", clients, CLIENTS),
        ("appointments", appointments, APPOINTMENTS),
    ):
        told = [counts(newcomer.put(table, "\n".join(rows(note)))) for note in ("", "", "Tea")]
        assert told == [(count, 0, 0, 0), (0, 0, count, 0), (0, count, 0, 0)]

    assert monotonic() - began < PATIENCE_SECONDS
    assert (newcomer.count(Client), newcomer.count(Appointment)) == (CLIENTS, APPOINTMENTS)
