"""Everybody at once: clients, the desk and administrators, who all want the same few hours.

A crowd throws its dice before anybody starts: who wants what is repeated by its seed, who comes
first is not. A further way to take or give back time is one more act: see ``acts.py``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from services.booking.models import Appointment, GroupClass, Reservation, WaitlistEntry
from services.booking.service import BookingService
from services.common.errors import Refusal
from tests.service.booking.laws import broken_laws
from tests.service.booking.lives.diary import DAY, DAYS, Holding
from tests.service.booking.lives.place import HOURS, Place, minute_of, moment, wall
from tests.service.conftest import NOW, a_worker, at_once

SEATS = 3
NEVER = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
TIMES = [DAY + minute for minute in range(9 * 60, 11 * 60, 30)]
Task = Callable[[], Any]


class Crowd:
    """``acts``: what somebody may do, as often as it stands there."""

    def __init__(self, place: Place, seed: int, acts: Sequence[Callable[["Crowd"], Task]]) -> None:
        self.place, self.dice, self.acts = place, Random(seed), acts
        self.people = 0
        self.now = NOW
        self.known: list[Appointment] = []
        self.waiting: list[WaitlistEntry] = []
        self.classes: list[GroupClass] = []
        self.answers: list[Any] = []

    def begin(self) -> None:
        """A few come before the crowd, so that there is something to be moved."""
        self.open_a_class()
        for _ in range(6):
            self.look()
            self.answers += at_once([self.acts[0](self)])

    def open_a_class(self) -> None:
        """Early in the day, before anybody else comes: one with few seats, for everybody."""
        place, number = self.place, len(self.classes)
        place.salon.change_location(class_clients_online_max=SEATS, class_clients_max=SEATS)
        self.staff_does(
            "create_class",
            service_id=place.services[0],
            staff_id=place.staff[0],
            starts_at=wall(DAY + number * 60 % (8 * 60)),
            capacity=SEATS,
            save_if_busy=True,
        )()

    def rush(self, number: int) -> None:
        """So many of them start at one moment, and it is a while later: some holds are over."""
        self.open_a_class()
        self.look()
        tasks = [self.dice.choice(self.acts)(self) for _ in range(number)]
        self.answers += at_once(tasks)
        self.now += timedelta(minutes=2)
        self.place.diary.let_time_pass(2)

    def look(self) -> None:
        """What there is to be moved and cancelled, and who waits."""
        with self.place.database.read() as session:
            self.known = list(session.scalars(select(Appointment).order_by(Appointment.id)))
            self.classes = list(session.scalars(select(GroupClass).order_by(GroupClass.id)))
            self.waiting = list(session.scalars(select(WaitlistEntry).order_by(WaitlistEntry.id)))

    def do(self, command: str, *, viewer: dict[str, Any] | None = None, **request: Any) -> Task:
        told = {"now": self.now, "deadline": NEVER, "viewer": viewer or {}}

        def call() -> Any:
            worker = a_worker(BookingService, self.place.database, **told)
            return getattr(worker, command)(request=request)

        return call

    def staff_does(self, command: str, **request: Any) -> Task:
        salon = self.place.salon
        location = {"location_id": salon.location_id}
        return self.do(command, viewer=salon.staff(), **location, **request)

    def a_wish(self, handle: int = 1, *, who: int | None = None) -> dict[str, Any]:
        dice = self.dice
        whom = dice.randrange(4) if who is None else who
        what = {0: [[0], [2]], 1: [[0], [1], [2], [0, 1]], 2: [[0], [1], [2]], 3: [[1], [2]]}
        return {
            "handle": handle,
            "staff_id": self.place.who(whom),
            "service_ids": list(self.place.what(dice.choice(what[whom]))),
            "starts_at": wall(dice.choice(TIMES)),
        }

    def a_client(self) -> dict[str, Any]:
        self.people += 1
        return {"name": "Ann", "phone": f"+3361{self.people:07d}", "email": None}

    def one_of_them(self) -> Appointment:
        """One of the few latest, so that several have the same wish."""
        return self.dice.choice(self.known[-8:])

    # What must be so afterwards.

    def codes(self) -> Counter[str]:
        """How often each refusal came; what is no refusal is a defect, and raised."""
        for answer in self.answers:
            if isinstance(answer, Exception) and not isinstance(answer, Refusal):
                raise answer
        return Counter(
            answer.code if isinstance(answer, Refusal) else "done" for answer in self.answers
        )

    def broken_laws(self) -> dict[str, list[Any]]:
        with self.place.database.read() as session:
            return broken_laws(session, self.place.business_id)

    def lost(self) -> list[int]:
        """What was answered as booked, and is not there."""
        told = [
            one["appointment_id"]
            for answer in self.answers
            if isinstance(answer, dict)
            for one in answer.get("appointments", [answer])
            if "appointment_id" in one
        ]
        self.look()
        return sorted(set(told) - {one.id for one in self.known})

    def compare_offers(self) -> None:
        """Whatever nobody has is on offer again, and nothing else is."""
        self.calm_down()
        self.read_the_diary()
        for service in self.place.services:
            for day in DAYS:
                self.place.compare_offers(service, day)

    def calm_down(self) -> None:
        """Who administers what, whichever came last: as in the beginning."""
        for staff in self.place.staff:
            self.staff_does("update_staff_member", staff_id=staff, rehired=True)()
            self.staff_does("set_schedule", staff_id=staff, days=[a_day(HOURS)])()
        listed = self.place.salon.see(
            "list_resources", self.place.salon.staff(), location_id=self.place.salon.location_id
        )
        self.place.diary.rooms = {
            one["id"] for resource in listed["resources"] for one in resource["instances"]
        }

    def read_the_diary(self) -> None:
        """Who has time: as the appointments say it; where staff said so, as far as it was free."""
        diary = self.place.diary
        self.look()
        with self.place.database.read() as session:
            taken = session.scalars(select(Reservation)).all()
        for one in self.known:
            if not one.is_cancelled and one.class_id is None:
                whole = range(minute_of(one.starts_at), minute_of(one.free_again_at))
                own = [row for row in taken if row.appointment_id == one.id]
                rooms = frozenset(one.resource_instance_ids)
                minutes = _minutes(own) if one.saved_over_busy else frozenset(whole)
                diary.holdings["appointment", one.id] = Holding(one.staff_id, minutes, rooms, whole)
        for group in self.classes:
            if group.deleted_at is None:
                whole = range(minute_of(group.starts_at), minute_of(group.ends_at))
                own = [row for row in taken if row.class_id == group.id]
                rooms = frozenset(row.resource_instance_id for row in own) - {None}
                minutes = _minutes(own) if group.saved_over_busy else frozenset(whole)
                diary.holdings["class", group.id] = Holding(group.staff_id, minutes, rooms, whole)
        for row in taken:
            if row.held_until is not None and row.held_until > self.now:
                whole = range(minute_of(row.starts_at), minute_of(row.ends_at))
                minutes = set(whole) if row.staff_id else set()
                rooms = {row.resource_instance_id} - {None}
                diary.holdings["hold", row.hold_id or 0, row.id] = Holding(
                    row.staff_id or 0, frozenset(minutes), frozenset(rooms), whole
                )


def _minutes(taken: Iterable[Reservation]) -> frozenset[int]:
    """Those of a staff member."""
    return frozenset(
        minute
        for row in taken
        if row.staff_id is not None
        for minute in range(minute_of(row.starts_at), minute_of(row.ends_at))
    )


def a_day(hours: Any) -> dict[str, Any]:
    slots = [{"opens_minute": opens, "closes_minute": closes} for opens, closes in hours]
    return {"day": f"{moment(DAY):%Y-%m-%d}", "slots": slots}
