"""What is imported is as if it had been written here."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.booking.models import (
    Appointment,
    Client,
    Reservation,
    Service,
    ServiceCategory,
    StaffMember,
)
from tests.factories import a_wish
from tests.service.booking.conftest import a_person
from tests.service.booking.importing import ONE_PLACE, SAMPLES, TABLES, Newcomer, counts
from tests.service.conftest import NOW, NewDatabase

BY_ID = select(Client).order_by(Client.id)
FIRST = "external_id,staff,services,starts_at,client_phone,client_name\n"


@pytest.fixture
def newcomer(new_database: NewDatabase) -> Newcomer:
    return Newcomer(new_database("booking"))


@pytest.fixture
def place(newcomer: Newcomer) -> Newcomer:
    newcomer.put_all(ONE_PLACE)
    return newcomer


def test_the_samples_are_taken_once(newcomer: Newcomer) -> None:
    now = NOW - timedelta(days=30)
    samples = {table: (SAMPLES / f"{table}.csv").read_bytes() for table in TABLES}
    new = {table: newcomer.put(table, told, now=now) for table, told in samples.items()}
    there = newcomer.dump()
    again = {table: newcomer.put(table, told, now=now) for table, told in samples.items()}

    assert {table: counts(report) for table, report in new.items()} == {
        "locations": (2, 0, 0, 0),
        "services": (4, 0, 0, 0),
        "staff": (3, 0, 0, 0),
        "links": (5, 0, 0, 0),
        "schedules": (5, 0, 0, 0),
        "clients": (3, 0, 0, 0),
        "appointments": (5, 0, 0, 0),
    }
    for table, report in again.items():
        assert counts(report) == (0, 0, new[table].created, 0)
    assert newcomer.dump() == there


@pytest.mark.parametrize("table", TABLES)
def test_a_dry_run_writes_nothing_and_tells_the_same(newcomer: Newcomer, table: str) -> None:
    now = NOW - timedelta(days=30)
    for earlier in TABLES[: TABLES.index(table)]:
        newcomer.put(earlier, (SAMPLES / f"{earlier}.csv").read_bytes(), now=now)
    there = newcomer.dump()
    sample = (SAMPLES / f"{table}.csv").read_bytes()
    tried = newcomer.put(table, sample, now=now, dry_run=True)

    assert newcomer.dump() == there
    assert counts(tried) == counts(newcomer.put(table, sample, now=now))


def test_who_is_imported_can_be_booked_at_their_own_length_and_price(newcomer: Newcomer) -> None:
    newcomer.put_all(ONE_PLACE | {"links": "staff,service,duration_minutes,price\nmarc,cut,30,30"})
    [booked] = newcomer.book(a_wish(staff_id=2, starts_at="2030-06-04T09:00:00"))

    made = newcomer.read(booked)
    assert made["starts_at"], made["ends_at"] == ("2030-06-04T07:00:00Z", "2030-06-04T07:30:00Z")
    assert [line["price_minor"] for line in made["services"]] == [3000]
    assert newcomer.slots(staff_id=1, service_ids=[1]) == []


def test_a_changed_row_changes_what_is_there(place: Newcomer) -> None:
    table = "external_id,category,title,duration_minutes,price\n"
    told = place.put("services", table + "cut,Men,Cut and shave,45,50\ncolour,Hair,Colour,90,80")

    assert counts(told) == (0, 1, 1, 0)
    with place.database.read() as session:
        cut = session.get_one(Service, 1)
        assert (cut.title, cut.duration_seconds, cut.price_max_minor) == (
            "Cut and shave",
            2700,
            5000,
        )
        assert (cut.version, session.get_one(ServiceCategory, cut.category_id).title) == (3, "Men")


def test_an_empty_cell_leaves_what_is_there(place: Newcomer) -> None:
    table = "external_id,name,specialization,is_online\n"
    place.put("staff", table + "olga,Olga,Colour,no")

    assert counts(place.put("staff", table + "olga,Olga,,")) == (0, 0, 1, 0)
    with place.database.read() as session:
        assert session.get_one(StaffMember, 1).specialization == "Colour"


def test_what_was_there_without_an_external_id_gets_it(place: Newcomer) -> None:
    place.put("staff", "name\nVera")

    assert counts(place.put("staff", "external_id,name\nv,Vera")) == (0, 1, 0, 0)
    assert counts(place.put("staff", "external_id,name\nv,Vera Smith")) == (0, 1, 0, 0)
    assert place.count(StaffMember) == 3


def test_who_was_dismissed_stays_so(place: Newcomer) -> None:
    place.change(StaffMember, 2, fired_at=NOW)
    told = place.put("staff", ONE_PLACE["staff"])

    assert counts(told) == (0, 0, 1, 1)
    assert [str(note) for note in told.notes] == [
        "row 3: name: works there no longer, and stays so"
    ]


def test_a_week_replaces_the_week_and_a_date_the_date(place: Newcomer) -> None:
    table = "staff,weekday,date,kind,opens,closes\n"
    told = place.put("schedules", table + "olga,mon,,,10:00,12:00\nolga,,2030-06-04,,14:00,15:00")

    assert counts(told) == (1, 1, 0, 0)
    assert place.slots(staff_id=1, service_ids=[1]) == ["12:00"]
    assert place.slots("2030-06-05", staff_id=1, service_ids=[1]) == []
    assert place.slots("2030-06-10", staff_id=1, service_ids=[1])[0] == "08:00"
    assert place.slots("2030-06-05", staff_id=2, service_ids=[1])[0] == "07:00"


def test_clients_are_found_by_external_id_and_phone(place: Newcomer) -> None:
    place.put(
        "clients", "external_id,phone,name\n1,06 12 34 56 78,Ann\n,06 12 34 56 79,Bob\n3,,Eve"
    )
    told = place.put(
        "clients", "external_id,phone,name\n1,0612345670,Ann\n2,+33612345679,Bob\n3,,Eve"
    )

    assert counts(told) == (0, 2, 1, 0)
    with place.database.read() as session:
        people = {client.id: client for client in session.scalars(BY_ID)}
    assert [(one.api_id, one.phone, one.name) for one in people.values()] == [
        ("1", "+33612345670", "Ann"),
        ("2", "+33612345679", "Bob"),
        ("3", None, "Eve"),
    ]
    assert people[1].search_text == "ann\n+33612345670"
    versions = [
        (event["data"]["contact"]["name"], event["sequence"])
        for event in place.events()
        if event["type"] == "client_changed"
    ]
    assert sorted(versions) == [("Ann", 1), ("Ann", 2), ("Bob", 1), ("Bob", 2), ("Eve", 1)]


def test_an_account_keeps_its_own_phone(place: Newcomer) -> None:
    table = "external_id,phone,name,comment\n"
    place.put("clients", table + "1,+33612345678,Ann,")
    place.change(Client, 1, user_id=7, phone="+33698765432")
    told = place.put("clients", table + "1,+33612345678,Ann,Likes tea")

    assert counts(told) == (0, 1, 0, 0)
    assert [str(note) for note in told.notes] == [
        "row 2: phone: kept: it is of the client's own account"
    ]
    with place.database.read() as session:
        ann = session.get_one(Client, 1)
        assert (ann.phone, ann.comment) == ("+33698765432", "Likes tea")


def test_a_deleted_client_comes_back(place: Newcomer) -> None:
    place.put("clients", "external_id,phone,name\n1,+33612345678,Ann")
    place.book(a_wish(), client={"name": "Ann", "phone": "+33612345678"})
    place.do("delete_client", viewer=place.staff(), location_id=1, client_id=1)

    assert counts(place.put("clients", "phone,name\n+33612345678,Ann")) == (0, 1, 0, 0)
    with place.database.read() as session:
        assert session.get_one(Client, 1).deleted_at is None


def test_an_imported_appointment_is_like_one_of_the_desk(place: Newcomer) -> None:
    place.put("appointments", FIRST + "r1,olga,Cut,2030-06-04 10:00,06 12 34 56 78,Ann")
    [event] = [one for one in place.events() if one["type"] == "appointment_created"]
    listed = place.see("list_appointments", place.staff(), location_id=1)
    own = place.see("list_own_appointments", a_person(), location_id=None)

    told = event["data"]
    assert (told["created_by"], told["is_online"], told["confirmed"]) == ("import", False, True)
    assert (told["is_silent"], told["locale"]) == (True, "en")
    assert told["contact"] == {"name": "Ann", "phone": "+33612345678", "email": None}
    assert [one["id"] for one in listed["items"]] == [told["appointment_id"]]
    assert [one["id"] for one in own["items"]] == [told["appointment_id"]]
    assert "08:00" not in place.slots(staff_id=1, service_ids=[1])


def test_clients_are_told_of_it_on_demand(place: Newcomer) -> None:
    row = FIRST + "r1,olga,Cut,2030-06-04 10:00,06 12 34 56 78,Ann"
    place.put("appointments", row, options={"tells_clients": True})

    assert [one["data"]["is_silent"] for one in place.events()[-1:]] == [False]


def test_a_changed_row_moves_its_appointment(place: Newcomer) -> None:
    ann = "06 12 34 56 78,Ann"
    place.put(
        "appointments",
        f"{FIRST}r1,olga,Cut,2030-06-04 10:00,{ann}\nr2,olga,Cut,2030-06-04 11:00,{ann}",
    )
    told = place.put(
        "appointments",
        f"{FIRST}r1,olga,Cut,2030-06-04 11:00,{ann}\nr2,olga,Cut,2030-06-04 10:00,{ann}",
    )

    assert counts(told) == (0, 2, 0, 0)
    moved = [one for one in place.events() if one["type"] == "appointment_moved"]
    assert [one["data"]["starts_at"][11:16] for one in moved] == ["09:00", "08:00"]
    assert {(one["sequence"], one["data"]["is_silent"]) for one in moved} == {(2, True)}
    assert (place.count(Appointment), place.count(Reservation), place.overlapping()) == (2, 2, 0)
    history = place.see("get_appointment_history", place.staff(), location_id=1, appointment_id=1)
    assert [one["changed_by"] for one in history["changes"]] == ["import", "import"]


def test_what_somebody_has_changed_since_is_left(place: Newcomer) -> None:
    rows = f"{FIRST}r1,olga,Cut,2030-06-04 10:00,,\nr2,marc,Cut,2030-06-04 10:00,,"
    place.put("appointments", rows)
    here = {"location_id": 1, "viewer": place.staff()}
    place.do("update_appointment", appointment_id=1, starts_at="2030-06-04T15:00:00", **here)
    place.do("delete_appointment", appointment_id=2, **here)
    told = place.put("appointments", rows.replace("10:00", "11:00"))

    assert counts(told) == (0, 0, 0, 2)
    assert [str(note) for note in told.notes] == [
        "row 2: was changed after it was imported, and stays as it is",
        "row 3: was cancelled after it was imported, and stays so",
    ]


def test_without_an_external_id_it_is_known_by_its_time(place: Newcomer) -> None:
    rows = "staff,services,starts_at,comment\nolga,Cut,2030-06-04 10:00,"
    place.put("appointments", rows)

    assert counts(place.put("appointments", rows)) == (0, 0, 1, 0)
    assert counts(place.put("appointments", rows + "Tea")) == (0, 1, 0, 0)
    assert place.events()[-1]["type"] == "appointment_changed"


def test_what_was_agreed_does_not_follow_the_catalogue(place: Newcomer) -> None:
    rows = f"{FIRST}r1,olga,Cut,2030-06-04 10:00,06 12 34 56 78,Ann"
    place.put("appointments", rows)
    place.change(Service, 1, duration_seconds=7200, price_min_minor=9900, price_max_minor=9900)

    assert counts(place.put("appointments", rows)) == (0, 0, 1, 0)


def test_what_has_begun_is_left_out(place: Newcomer) -> None:
    rows = f"{FIRST}r1,olga,Cut,2030-06-03 08:00,,\nr2,olga,Cut,2030-06-03 09:00,,"
    told = place.put("appointments", rows)

    assert counts(told) == (1, 0, 0, 1)
    assert [str(note) for note in told.notes] == ["row 2: starts_at: has begun already"]


def test_times_outside_hours_are_taken_on_demand(place: Newcomer) -> None:
    row = f"{FIRST}r1,olga,Cut,2030-06-04 20:00,,"

    assert place.wrong("appointments", row) == ["row 2: starts_at: outside the hours of Olga"]
    assert counts(place.put("appointments", row, options={"outside_hours": True})) == (1, 0, 0, 0)


def test_reminders_are_those_of_the_location_unless_told(place: Newcomer) -> None:
    place.change_location(default_sms_reminder_hours=24)
    table = "staff,services,starts_at,sms_reminder_hours\n"
    place.put("appointments", f"{table}olga,Cut,2030-06-04 10:00,\nolga,Cut,2030-06-04 11:00,2")

    told = [one["data"]["sms_reminder_hours"] for one in place.events()[-2:]]
    assert told == [24, 2]


def test_a_repeated_hour_is_the_earlier_unless_an_offset_is_told(place: Newcomer) -> None:
    table = "staff,services,starts_at\n"
    rows = "olga,Cut,2030-10-27 02:30\nolga,Cut,2030-10-27T02:30+01:00"
    place.put("appointments", f"{table}{rows}", options={"outside_hours": True})

    starts = [one["data"]["starts_at"] for one in place.events()[-2:]]
    assert starts == ["2030-10-27T00:30:00Z", "2030-10-27T01:30:00Z"]


def test_rooms_are_taken_until_there_are_none(place: Newcomer) -> None:
    room = {"title": "Room", "description": "", "instances": [{"title": "1"}], "service_ids": [1]}
    place.do("save_resource", viewer=place.staff(), location_id=1, **room)
    rows = f"{FIRST}r1,olga,Cut,2030-06-04 10:00,,\nr2,marc,Cut,2030-06-04 10:30,,"

    assert place.wrong("appointments", rows) == ["row 3: starts_at: no room or device is free"]
    assert counts(place.put("appointments", rows.replace("10:30", "11:00"))) == (2, 0, 0, 0)
