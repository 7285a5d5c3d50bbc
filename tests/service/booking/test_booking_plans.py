"""Every query, and every way to book, finds its rows by an index in the tables that grow for ever.

PostgreSQL is told to shun reading whole tables, so it does so only where there is
no other way: small tables of a test show then what big ones would suffer from.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from services.booking.models import Client
from services.common.db import Database
from tests.bench.dataset import analyse, write_place
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon
from tests.service.booking.test_booking_statements import count_all, furnish, grow

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


def whole_reads(session: Session, statement: Statement) -> list[str]:
    """The growing tables that this statement reads from one end to the other."""
    words, parameters = statement
    if not words.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
        return []
    connection = session.connection().connection.cursor()
    connection.execute(f"EXPLAIN (FORMAT JSON) {words}", parameters)
    [[plan]] = connection.fetchall()
    found = plan if isinstance(plan, list) else json.loads(plan)
    return sorted(set(_whole(found[0]["Plan"])))


def _whole(node: dict[str, Any]) -> Iterator[str]:
    is_sought = "Index Cond" in node or node["Node Type"] == "Bitmap Heap Scan"
    if node.get("Relation Name") in GROWING and "Scan" in node["Node Type"] and not is_sought:
        yield " ".join(str(node.get(name, "")) for name in ("Relation Name", "Node Type", "Filter"))
    for part in node.get("Plans", ()):
        yield from _whole(part)


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
