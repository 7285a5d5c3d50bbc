"""Everybody at once: clients, the desk and administrators, who all want the same few hours.

A crowd throws its dice before anybody starts: who wants what is repeated by its seed, who comes
first is not. A further way to take or give back time is one more function in ``ACTS``.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from services.booking.models import Appointment, Reservation
from services.booking.service import BookingService
from services.common.errors import Refusal
from tests.factories import a_booking
from tests.service.booking.laws import broken_laws
from tests.service.booking.lives.diary import DAY, DAYS, Holding
from tests.service.booking.lives.place import HOURS, Place, minute_of, moment, wall
from tests.service.conftest import NOW, a_worker, at_once

NEVER = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
TIMES = [DAY + minute for minute in range(9 * 60, 13 * 60, 30)]
Task = Callable[[], Any]


class Crowd:
    def __init__(self, place: Place, seed: int) -> None:
        self.place, self.dice = place, Random(seed)
        self.people = 0
        self.now = NOW
        self.known: list[Appointment] = []
        self.answers: list[Any] = []

    def begin(self) -> None:
        """A few come before the crowd, so that there is something to be moved."""
        for _ in range(6):
            self.answers += at_once([book(self)])

    def rush(self, number: int) -> None:
        """So many of them start at one moment, and it is a while later: some holds are over."""
        self.look()
        tasks = [self.dice.choice(ACTS)(self) for _ in range(number)]
        self.answers += at_once(tasks)
        self.now += timedelta(minutes=2)
        self.place.diary.let_time_pass(2)

    def look(self) -> None:
        """What there is to be moved and cancelled."""
        with self.place.database.read() as session:
            self.known = list(session.scalars(select(Appointment).order_by(Appointment.id)))

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
            for one in answer.get("appointments", ())
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
            self.staff_does("set_schedule", staff_id=staff, days=[_a_day(HOURS)])()
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
            if one.is_cancelled:
                continue
            whole = range(minute_of(one.starts_at), minute_of(one.free_again_at))
            minutes = set(whole)
            if one.saved_over_busy:
                own = [row for row in taken if row.appointment_id == one.id and row.staff_id]
                minutes = {
                    minute
                    for row in own
                    for minute in range(minute_of(row.starts_at), minute_of(row.ends_at))
                }
            diary.holdings["appointment", one.id] = Holding(
                one.staff_id, frozenset(minutes), frozenset(one.resource_instance_ids), whole
            )
        for row in taken:
            if row.held_until is not None and row.held_until > self.now:
                whole = range(minute_of(row.starts_at), minute_of(row.ends_at))
                minutes = set(whole) if row.staff_id else set()
                rooms = {row.resource_instance_id} - {None}
                diary.holdings["hold", row.hold_id or 0, row.id] = Holding(
                    row.staff_id or 0, frozenset(minutes), frozenset(rooms), whole
                )


def book(crowd: Crowd) -> Task:
    wish = crowd.a_wish()
    return crowd.do("book_appointments", **_a_request(crowd, wish))


def book_anybody(crowd: Crowd) -> Task:
    return crowd.do("book_appointments", **_a_request(crowd, crowd.a_wish(who=0)))


def book_several(crowd: Crowd) -> Task:
    """In any order of the people: who is locked first must not depend on it."""
    wishes = [crowd.a_wish(handle) for handle in range(crowd.dice.randint(2, 3))]
    return crowd.do("book_appointments", **_a_request(crowd, *wishes))


def move(crowd: Crowd) -> Task:
    one = crowd.one_of_them()
    to = {"starts_at": wall(crowd.dice.choice(TIMES))}
    if crowd.dice.random() < 0.5:
        to["staff_id"] = crowd.dice.choice(crowd.place.staff)
    return crowd.do("move_appointment", **_named(one), **to)


def cancel(crowd: Crowd) -> Task:
    return crowd.do("cancel_appointment", **_named(crowd.one_of_them()))


def confirm(crowd: Crowd) -> Task:
    return crowd.do("confirm_appointment", **_named(crowd.one_of_them()))


def write(crowd: Crowd) -> Task:
    """At the desk: for somebody or as a block, over a busy time or not."""
    wish, dice = crowd.a_wish(who=crowd.dice.randint(1, 3)), crowd.dice
    return crowd.staff_does(
        "create_appointment",
        staff_id=wish["staff_id"],
        services=[{"id": one} for one in wish["service_ids"]],
        client=dice.choice([crowd.a_client(), None]),
        starts_at=wish["starts_at"],
        save_if_busy=dice.random() < 0.3,
    )


def rewrite(crowd: Crowd) -> Task:
    """Another length, person or time; often two decide on the same version."""
    one, dice = crowd.one_of_them(), crowd.dice
    changes = [
        {"duration_seconds": dice.choice([1200, 5400])},
        {"staff_id": dice.choice(crowd.place.staff)},
        {"starts_at": wall(dice.choice(TIMES)), "save_if_busy": dice.random() < 0.5},
        {"attendance": dice.choice(["came", "no_show", "waiting"])},
    ]
    return crowd.staff_does(
        "update_appointment",
        appointment_id=one.id,
        version=dice.choice([None, one.version]),
        **dice.choice(changes),
    )


def delete(crowd: Crowd) -> Task:
    return crowd.staff_does("delete_appointment", appointment_id=crowd.one_of_them().id)


def set_hours(crowd: Crowd) -> Task:
    hours = crowd.dice.choice([HOURS, HOURS, (), ((10 * 60, 12 * 60),)])
    staff = crowd.dice.choice(crowd.place.staff)
    return crowd.staff_does("set_schedule", staff_id=staff, days=[_a_day(hours)])


def dismiss_or_rehire(crowd: Crowd) -> Task:
    staff, future = crowd.place.staff[1], crowd.dice.choice(["keep", "cancel", None, None])
    if future is None:
        return crowd.staff_does("update_staff_member", staff_id=staff, rehired=True)
    return crowd.staff_does("dismiss_staff_member", staff_id=staff, future_appointments=future)


def set_rooms(crowd: Crowd) -> Task:
    """One more, or all but the first fewer: which goes only while nobody has it."""
    place = crowd.place
    rooms = [{"id": min(place.diary.rooms), "title": "a room"}]
    if crowd.dice.random() < 0.5:
        rooms.append({"title": "another"})
    return crowd.staff_does("save_resource", resource_id=place.resource_id, instances=rooms)


def hold(crowd: Crowd) -> Task:
    """Some book what they hold, or something else; some let it go, or forget about it."""
    wish, other = crowd.a_wish(), crowd.a_wish()
    request, then = _a_request(crowd, wish), crowd.dice.choice(["book", "change", "let go", ""])
    held = crowd.do("hold_time", **_pick(request, "location_id", "appointments"))

    def call() -> Any:
        token = held()["token"]
        if then == "let go":
            release = {"location_id": request["location_id"], "token": token}
            return crowd.do("release_hold", **release)()
        if then:
            wished = {"appointments": [wish if then == "book" else other], "hold": token}
            return crowd.do("book_appointments", **request | wished)()
        return None

    return call


ACTS: tuple[Callable[[Crowd], Task], ...] = (
    *(book, book, book, book_anybody, book_several, book_several),
    *(move, move, move, cancel, confirm),
    *(write, write, rewrite, rewrite, delete),
    *(hold, hold, hold),
    *(set_hours, dismiss_or_rehire, set_rooms),
)
"""What somebody may do, as often as it stands here."""


def _a_request(crowd: Crowd, *wishes: dict[str, Any]) -> dict[str, Any]:
    where = {"location_id": crowd.place.salon.location_id, "client": crowd.a_client()}
    return a_booking(*wishes, **where)


def _pick(request: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: request[name] for name in names}


def _named(one: Appointment) -> dict[str, Any]:
    return {"appointment_id": one.id, "hash": one.hash}


def _a_day(hours: Any) -> dict[str, Any]:
    slots = [{"opens_minute": opens, "closes_minute": closes} for opens, closes in hours]
    return {"day": f"{moment(DAY):%Y-%m-%d}", "slots": slots}
