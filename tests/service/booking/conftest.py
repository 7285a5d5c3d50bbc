"""A salon with a booking service in front of it, and the proof that a refusal leaves no trace."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, aliased

from services.booking.models import (
    NO_DOUBLE_BOOKING,
    Location,
    Reservation,
    Service,
    StaffService,
    WeeklyHours,
)
from services.booking.service import BookingService
from services.booking.use_cases import choice
from services.booking.use_cases.locks import lock_chosen
from services.common.db import Database
from services.common.errors import Refusal
from services.common.outbox import outbox
from tests.callers import a_right
from tests.factories import a_booking, create_location, create_service, create_staff_member
from tests.service.conftest import NOW, NewDatabase, a_worker, used_tables

Refused = Callable[..., AbstractContextManager[None]]

TUESDAY = "2030-06-04"
"""The day after NOW."""


class Salon:
    """A place in Paris where Olga (1) cuts hair (service 1, an hour) from 9 to 18.

    Its methods call the booking service as an RPC would: a worker for each call.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            location = create_location(session)
            haircut = create_service(session, location)
            olga = create_staff_member(session, location, haircut)
        self.location_id, self.haircut, self.olga = location.id, haircut.id, olga.id

    def write(self) -> AbstractContextManager[Session]:
        return self.database.write()

    def change(self, row: type[Any], row_id: int, **values: Any) -> None:
        """Change one row, as an administrator would."""
        with self.write() as session:
            session.execute(update(row).where(row.id == row_id).values(**values))

    def change_location(self, **values: Any) -> None:
        self.change(Location, self.location_id, **values)

    def add_service(self, *givers: int, **changes: Any) -> int:
        """One more service, given by these members of the staff; its id."""
        with self.write() as session:
            location = session.get_one(Location, self.location_id)
            service = create_service(session, location, **changes)
            session.add_all(StaffService(staff_id=one, service_id=service.id) for one in givers)
        return service.id

    def add_staff(
        self, *service_ids: int, hours: tuple[int, int] | None = (9, 18), **changes: Any
    ) -> int:
        """One more member of the staff, who gives these services or cuts hair; the id."""
        with self.write() as session:
            location = session.get_one(Location, self.location_id)
            services = [session.get_one(Service, one) for one in service_ids or [self.haircut]]
            member = create_staff_member(session, location, *services, hours=hours, **changes)
        return member.id

    def set_hours(self, staff_id: int, opens: int, closes: int) -> None:
        """From hour to hour, on every day."""
        minutes = {"opens_minute": opens * 60, "closes_minute": closes * 60}
        with self.write() as session:
            hours = update(WeeklyHours).where(WeeklyHours.staff_id == staff_id)
            session.execute(hours.values(**minutes))

    def ask(self, method: str, *, now: datetime = NOW, **arguments: Any) -> Any:
        """The answer of a query."""
        worker = a_worker(BookingService, self.database, now=now)
        return getattr(worker, method)(**arguments)

    def at_location(self, method: str, *, now: datetime = NOW, **arguments: Any) -> Any:
        """The answer of a query about this location."""
        return self.ask(method, now=now, location_id=self.location_id, **arguments)

    def check(self, *wishes: dict[str, Any], now: datetime = NOW) -> Any:
        return self.at_location("check_appointments", appointments=list(wishes), now=now)

    def book(
        self, *wishes: dict[str, Any], call: dict[str, Any] | None = None, **changes: Any
    ) -> list[dict[str, Any]]:
        """Book these wishes; {handle, appointment_id, hash} of each. ``call``: now, viewer, …"""
        worker = a_worker(BookingService, self.database, **(call or {}))
        request = {"location_id": self.location_id} | changes
        booked: list[dict[str, Any]] = worker.book_appointments(
            request=a_booking(*wishes, **request)
        )["appointments"]
        return booked

    def read(self, booked: dict[str, Any]) -> Any:
        """The appointment behind one answer of ``book``."""
        return self.ask(
            "get_appointment", appointment_id=booked["appointment_id"], hash=booked["hash"]
        )

    def cancel(self, booked: dict[str, Any], *, now: datetime = NOW, **changes: Any) -> Any:
        request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
        worker = a_worker(BookingService, self.database, now=now)
        return worker.cancel_appointment(request=request | changes)

    def do(
        self,
        command: str,
        *,
        viewer: dict[str, Any] | None = None,
        now: datetime = NOW,
        **request: Any,
    ) -> Any:
        """The answer of a command to this viewer."""
        worker = a_worker(BookingService, self.database, now=now, viewer=viewer or {})
        return getattr(worker, command)(request=request)

    def see(
        self, query: str, viewer: dict[str, Any], *, now: datetime = NOW, **arguments: Any
    ) -> Any:
        """The answer of a query to this viewer."""
        worker = a_worker(BookingService, self.database, now=now, viewer=viewer)
        return getattr(worker, query)(**arguments)

    def staff(self, *rights: dict[str, Any], **right: Any) -> dict[str, Any]:
        """A viewer: somebody who works in this business, as its owner if nothing else is said."""
        with self.database.read() as session:
            business_id = session.get_one(Location, self.location_id).business_id
        return {
            "partner_id": 1,
            "partner_business_ids": None,
            "user_id": 70,
            "kind": "staff",
            "phone": None,
            "phone_is_fresh": False,
            "rights": list(rights) or [a_right(**{"business_id": business_id, **right})],
        }

    def slots(self, day: str = TUESDAY, *, now: datetime = NOW, **arguments: Any) -> list[str]:
        """The free starts of a day, as UTC hours and minutes."""
        found = self.at_location("list_free_slots", day=day, now=now, **arguments)
        return [slot["starts_at"][11:16] for slot in found["slots"]]

    def events(self) -> list[dict[str, Any]]:
        """The envelopes in the outbox, in the order in which they will leave."""
        with self.database.read() as session:
            return list(session.scalars(select(outbox.c.envelope).order_by(outbox.c.position)))

    def count(self, table: type[Any]) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def overlapping(self) -> int:
        """Pairs of reservations that take the same moment of the same person."""
        one, other = aliased(Reservation), aliased(Reservation)
        clash = (
            (one.id < other.id)
            & (one.staff_id == other.staff_id)
            & (one.starts_at < other.ends_at)
            & (other.starts_at < one.ends_at)
        )
        with self.database.read() as session:
            return len(session.execute(select(one.id, other.id).join(other, clash)).all())

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that has any."""
        with self.database.read() as session:
            return {
                table.name: [
                    tuple(row)
                    for row in session.execute(select(table).order_by(*table.primary_key))
                ]
                for table in used_tables(session, "booking")
            }


def a_person(
    user_id: int = 7, phone: str | None = "+33612345678", *, email: str | None = None
) -> dict[str, Any]:
    """A viewer: a signed-in client with a proven phone, e-mail or both."""
    return {
        "partner_id": 1,
        "user_id": user_id,
        "kind": "client",
        "phone": phone,
        "phone_is_fresh": phone is not None,
        "email": email,
        "partner_business_ids": None,
        "rights": [],
    }


@pytest.fixture
def salon(new_database: NewDatabase) -> Salon:
    return Salon(new_database("booking"))


@pytest.fixture
def refused(salon: Salon) -> Refused:
    """``with refused("slot_taken", handle=1):`` holds if that is the answer and nothing changed."""

    @contextmanager
    def expect(code: str, *, kind: str | None = None, handle: int | None = None) -> Iterator[None]:
        before = salon.dump()
        with pytest.raises(Refusal) as refusal:
            yield
        told = refusal.value
        assert (told.code, told.handle) == (code, handle)
        assert kind in (None, told.kind)
        assert salon.dump() == before

    return expect


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who books does not queue for the staff members."""
    assert vars(choice)["lock_chosen"] is lock_chosen
    monkeypatch.setattr(choice, "lock_chosen", lambda _session, _staff: None)


@pytest.fixture
def without_constraint(salon: Salon) -> None:
    """In this database only, which is thrown away afterwards."""
    with salon.write() as session:
        session.execute(text(f"ALTER TABLE reservations DROP CONSTRAINT {NO_DOUBLE_BOOKING}"))
