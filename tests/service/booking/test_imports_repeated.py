"""Whatever is imported a second time is as it is; whoever is at work meanwhile loses nothing."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from services.booking.models import Appointment, Client, FreedTime, Reservation, WaitlistEntry
from services.common.imports import TableRefused
from tests.factories import a_wish
from tests.service.booking.importing import IDS, ONE_PLACE, Newcomer, counts
from tests.service.conftest import NOW, NewDatabase, at_once

NAMES = st.sampled_from(["Ann", "Bob", "ann ", 'Zoé; «the» "tall"', "Eve, or so"])
IDENTITIES = st.sampled_from(["", "1", "2", "3", "A-4"])
PHONES = st.sampled_from(["", "06 12 34 56 78", "+33612345678", "0612345679", "+447700900123"])
NOTES = st.sampled_from(["", "Likes tea", "Two\nlines"])
AMOUNTS = st.sampled_from(["", "0", "35", "35.50", "20,5"])

ROWS: dict[str, dict[str, Any]] = {
    "services": {
        "external_id": IDENTITIES,
        "category": st.sampled_from(["Hair", "hair", "Nails"]),
        "title": NAMES,
        "duration_minutes": st.sampled_from(["30", "60"]),
        "price": AMOUNTS,
        "comment": NOTES,
    },
    "staff": {
        "external_id": IDENTITIES,
        "name": NAMES,
        "position": st.sampled_from(["", "Barber", "barber"]),
        "information": NOTES,
    },
    "links": {
        "staff": st.sampled_from(["olga", "Marc"]),
        "service": st.sampled_from(["cut", "Colour"]),
        "duration_minutes": st.sampled_from(["", "45"]),
        "price": AMOUNTS,
    },
    "schedules": {
        "staff": st.sampled_from(["olga", "marc"]),
        "weekday": st.sampled_from(["", "mon", "tue|wed"]),
        "date": st.sampled_from(["", "2030-06-04", "2030-06-05"]),
        "kind": st.sampled_from(["", "break", "off"]),
        "opens": st.sampled_from(["", "09:00", "12:00"]),
        "closes": st.sampled_from(["", "12:00", "26:00"]),
    },
    "clients": {
        "external_id": IDENTITIES,
        "phone": PHONES,
        "name": NAMES,
        "comment": NOTES,
        "discount_percent": st.sampled_from(["", "0", "10"]),
    },
    "appointments": {
        "external_id": IDENTITIES,
        "staff": st.sampled_from(["olga", "Marc"]),
        "services": st.sampled_from(["cut", "colour|cut", "cut|cut"]),
        "starts_at": st.sampled_from(
            ["2030-06-03 07:00", "2030-06-04 10:00", "2030-06-04 15:00", "2030-06-05T10:00"]
        ),
        "duration_minutes": st.sampled_from(["", "30"]),
        "client_phone": PHONES,
        "client_name": st.sampled_from(["", "Ann", "Bob"]),
        "comment": NOTES,
    },
}


def written(rows: list[dict[str, str]]) -> str:
    table = io.StringIO()
    writer = csv.DictWriter(table, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue()


@pytest.fixture
def place(new_database: NewDatabase) -> Newcomer:
    newcomer = Newcomer(new_database("booking"))
    newcomer.put_all(ONE_PLACE)
    return newcomer


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("table", ROWS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_table_is_taken_once_or_refused_whole(
    place: Newcomer, table: str, data: st.DataObject
) -> None:
    """On top of whatever the tables before it have left."""
    rows = data.draw(st.lists(st.fixed_dictionaries(ROWS[table]), min_size=1, max_size=5))
    before = place.dump()
    try:
        first = place.put(table, written(rows))
    except TableRefused:
        assert place.dump() == before
        return
    there = place.dump()
    again = place.put(table, written(rows))

    assert counts(again) == (0, 0, first.created + first.changed + first.same, first.skipped)
    assert place.dump() == there
    assert place.overlapping() == 0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_waits_is_looked_for_when_an_import_moves_an_appointment(place: Newcomer) -> None:
    place.put("clients", "external_id,name\n1,Ann")
    rows = "external_id,staff,services,starts_at\n1,olga,cut,2030-06-04 {}:00"
    place.put("appointments", rows.format(10))
    day = date(2030, 6, 4)
    with place.write() as session:
        session.add(
            WaitlistEntry(
                business_id=place.business_id,
                location_id=place.location_id,
                client_id=1,
                user_id=1,
                service_ids=[1],
                first_day=day,
                last_day=day,
                contact={"name": "Ann"},
                locale="en",
                created_at=NOW,
            )
        )
    place.put("appointments", rows.format(10))
    assert place.count(FreedTime) == 0
    place.put("appointments", rows.format(12))
    assert place.count(FreedTime) == 1


@pytest.mark.parametrize("backend", ["postgresql"])
def test_of_imports_at_once_one_writes_and_the_others_find_it(place: Newcomer) -> None:
    clients = "external_id,phone,name\n" + "".join(f"{n},+336123456{n:02},Ann\n" for n in range(50))
    rows = "external_id,staff,services,starts_at\n1,olga,cut,2030-06-04 10:00\n"
    tasks: list[Callable[[], Any]] = [
        lambda: place.put("clients", clients),
        lambda: place.put("appointments", rows),
    ]
    told = [report.created for report in at_once(tasks * 4)]

    assert sorted(told) == [0, 0, 0, 0, 0, 0, 1, 50]
    assert (place.count(Client), place.count(Appointment)) == (50, 1)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_first_locations_are_opened_once(new_database: NewDatabase) -> None:
    newcomer = Newcomer(new_database("booking"))
    told = at_once([lambda: newcomer.put("locations", ONE_PLACE["locations"])] * 4)

    assert sorted(report.created for report in told) == [0, 0, 0, 1]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_of_an_import_and_many_who_book_one_gets_the_time(place: Newcomer) -> None:
    rows = "external_id,staff,services,starts_at\n1,olga,cut,2030-06-04 10:00\n"
    tasks: list[Callable[[], Any]] = [
        lambda: place.put("appointments", rows),
        *[
            lambda number=number: place.book(
                a_wish(staff_id=IDS["olga"], starts_at="2030-06-04T10:00:00"),
                client={"name": "Ann", "phone": f"+336123456{number:02}"},
            )
            for number in range(8)
        ],
    ]
    told = at_once(tasks)

    assert sum(not isinstance(one, Exception) for one in told) == 1
    assert (place.count(Appointment), place.overlapping()) == (1, 0)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_time_that_somebody_takes_without_queueing_is_told_of_its_row(place: Newcomer) -> None:
    """Between our look and our writing; the constraint refuses, and we look again."""
    place.put("appointments", "staff,services,starts_at\nmarc,cut,2030-06-04 10:00")
    engine, taken = place.database.engine, []

    def take_it(*call: Any) -> None:
        if not taken and str(call[2]).startswith("INSERT INTO reservations"):
            taken.append(True)
            with engine.connect() as other:
                other.execute(text("SELECT 1"))
                other.execute(
                    text(
                        "UPDATE reservations SET staff_id = 1,"
                        " starts_at = '2030-06-05T08:30Z', ends_at = '2030-06-05T09:30Z'"
                    )
                )
                other.commit()

    event.listen(engine, "before_cursor_execute", take_it)
    try:
        problems = place.refused(
            "appointments", "staff,services,starts_at\nolga,cut,2030-06-05 10:00"
        )
    finally:
        event.remove(engine, "before_cursor_execute", take_it)

    assert taken == [True]
    assert problems == ["row 2: starts_at: Olga has something else at that time"]
    assert (place.count(Appointment), place.count(Reservation)) == (1, 1)


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("table", ["clients", "appointments"])
def test_many_rows_take_no_more_statements_than_few(place: Newcomer, table: str) -> None:
    counted = [0]

    def count(*_call: Any) -> None:
        counted[0] += 1

    def statements(first: int, last: int, note: str) -> int:
        numbers = range(first, last)
        rows = [f"{n},+3361234{n:04},Ann {n},{note}" for n in numbers]
        heading = "external_id,phone,name,comment"
        if table == "appointments":
            heading = "external_id,staff,services,starts_at,client_phone,client_name,comment"
            rows = [
                f"{n},olga,cut,{2031 + n // 28}-02-{1 + n % 28:02} 10:00,+3361234{n:04},Ann,{note}"
                for n in numbers
            ]
        counted[0] = 0
        options = {"options": {"outside_hours": True}} if table == "appointments" else {}
        place.put(table, "\n".join([heading, *rows]), **options)
        return counted[0]

    event.listen(place.database.engine, "before_cursor_execute", count)
    try:
        few = [statements(0, 2, note) for note in ("", "", "Tea")]
        many = [statements(2, 202, note) for note in ("", "", "Tea")]
    finally:
        event.remove(place.database.engine, "before_cursor_execute", count)

    assert all(more <= less + 2 for more, less in zip(many, few, strict=True)), (few, many)
