"""Every query, and every way to book, finds its rows by an index in the tables that grow for ever.

PostgreSQL is told to shun reading whole tables, so it does so only where there is
no other way: small tables of a test show then what big ones would suffer from.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from services.booking.models import Client, Location
from services.common.db import Database
from tests.bench.dataset import analyse, write_appointments, write_place
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon
from tests.service.booking.test_booking_statements import QUERIES, count_all, furnish, grow
from tests.service.conftest import NOW

GROWING = frozenset(
    {
        "appointment_changes",
        "appointment_services",
        "appointments",
        "clients",
        "commands",
        "reservations",
        "reviews",
        "used_proofs",
        "visits",
    }
)

Statement = tuple[str, Any]


@pytest.fixture
def backend() -> str:
    return "postgresql"


@contextmanager
def told(database: Database) -> Iterator[list[Statement]]:
    """The statements that are sent meanwhile, with their parameters."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def plan_of(session: Session, statement: Statement, *options: str) -> dict[str, Any]:
    """How PostgreSQL finds the rows; of what only writes one plan is as good as another: {}."""
    words, parameters = statement
    if not words.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
        return {}
    connection = session.connection().connection.cursor()
    connection.execute(f"EXPLAIN ({', '.join([*options, 'FORMAT JSON'])}) {words}", parameters)
    [[plan]] = connection.fetchall()
    found = plan if isinstance(plan, list) else json.loads(plan)
    top: dict[str, Any] = found[0]["Plan"]
    return top


def scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a plan that read a growing table."""
    if node.get("Relation Name") in GROWING and "Scan" in node["Node Type"]:
        yield node
    for part in node.get("Plans", ()):
        yield from scans(part)


def whole_reads(session: Session, statement: Statement) -> list[str]:
    """The growing tables that this statement reads from one end to the other."""
    return sorted(
        " ".join(str(scan.get(name, "")) for name in ("Relation Name", "Node Type", "Filter"))
        for scan in scans(plan_of(session, statement))
        if "Index Cond" not in scan and scan["Node Type"] != "Bitmap Heap Scan"
    )


def rows_looked_at(session: Session, statement: Statement) -> int:
    """How many rows of growing tables this statement reads, also those it has no use for."""
    told = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return sum(
        scan["Actual Loops"] * sum(scan.get(name, 0) for name in told)
        for scan in scans(plan_of(session, statement, "ANALYZE"))
    )


def test_no_query_reads_a_growing_table_whole(salon: Salon) -> None:
    furnish(salon)
    wishes = grow(salon, 3)
    with salon.write() as session:
        write_place(session, appointments=2_000)
        claimed = (Client.id % 2 == 0) & Client.user_id.is_(None)
        session.execute(update(Client).where(claimed).values(user_id=Client.id + 1_000))
    with salon.write() as session:
        analyse(session)
    with told(salon.database) as sent:
        [booked] = salon.book(a_wish(starts_at="2030-06-05T10:00:00"))
        salon.book(a_wish(staff_id=0, starts_at="2030-06-06T10:00:00"), client=a_client(2))
        opened = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
        salon.do("move_appointment", **opened, starts_at="2030-06-05T12:00:00")
        count_all(salon, booked, wishes)
        salon.cancel(booked)
        of_class = {"location_id": salon.location_id, "class_id": 1}
        salon.do("book_class", **of_class, client=a_client(3))
        moved = {"starts_at": "2030-08-01T14:00:00", "viewer": salon.staff()}
        salon.do("update_class", **of_class, **moved)
        salon.do("delete_class", **of_class, viewer=salon.staff())
    slow: dict[str, list[str]] = {}
    with salon.database.read() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        for statement in sent:
            if tables := whole_reads(session, statement):
                slow[statement[0]] = tables
    assert not slow, "\n\n".join(f"{tables}: {words}" for words, tables in slow.items())
    assert len(sent) > 200


def come_and_go(salon: Salon, room_id: int, day: int) -> None:
    """What clients ask before they book, a booking with all that can follow, and a class."""
    asked = {"location_id": salon.location_id, "service_ids": [salon.haircut]}
    for method, more in {
        "list_free_days": {},
        "list_free_slots": {"day": f"2030-06-{day:02}"},
        "list_nearest_slots": {},
        "list_bookable_staff": {},
    }.items():
        salon.ask(method, **{**QUERIES[method], **asked, **more})
    at = f"2030-06-{day:02}T"
    held = {"location_id": salon.location_id, "appointments": [a_wish(starts_at=f"{at}16:00:00")]}
    salon.do("hold_time", **held)
    [booked] = salon.book(a_wish(starts_at=f"{at}10:00:00"))
    opened = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    salon.do("move_appointment", **opened, starts_at=f"{at}12:00:00")
    salon.cancel(booked)
    make = {"viewer": salon.staff(), "location_id": salon.location_id}
    salon.do(
        "create_class",
        **make,
        service_id=salon.haircut,
        staff_id=salon.olga,
        starts_at=f"{at}14:00:00",
        capacity=9,
        resource_instance_ids=[room_id],
    )
    salon.do(
        "create_appointment",
        **make,
        staff_id=salon.olga,
        services=[{"id": salon.haircut}],
        client={"name": "Ann", "phone": "+33612345678", "email": None},
        starts_at=f"{at}14:30:00",
        duration_seconds=3600,
        save_if_busy=True,
    )


def looked_at(salon: Salon, room_id: int, day: int) -> dict[str, int]:
    """How many rows each statement of ``come_and_go`` reads, if there were all of them."""
    with told(salon.database) as sent:
        come_and_go(salon, room_id, day)
    with salon.write() as session:
        analyse(session)
    with salon.database.read() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        return {words: rows_looked_at(session, (words, of)) for words, of in sent}


def test_a_long_past_makes_nobody_wait(salon: Salon) -> None:
    make = {"viewer": salon.staff(), "location_id": salon.location_id}
    room = salon.do("save_resource", **make, title="Room", instances=[{"title": "1"}])
    [instance] = room["instances"]
    few = looked_at(salon, instance["id"], 11)
    with salon.write() as session:
        location = session.get_one(Location, salon.location_id)
        other = Client(business_id=1, name="Bo", phone="+33699999999", created_at=NOW)
        session.add(other)
        session.flush()
        past = NOW - timedelta(days=30)
        write_appointments(session, location, [salon.olga], [other.id], salon.haircut, 3_000, past)
    many = looked_at(salon, instance["id"], 12)
    assert len(many) > 40
    more = {words: (few.get(words, 0), rows) for words, rows in many.items()}
    assert not {words: rows for words, rows in more.items() if rows[1] > rows[0] + 20}
