"""Many at once for the seats of one class, several seats each: never more than there are.

And the proof that it is the lock of the class that saves us: without it the same race overbooks.
"""

from collections.abc import Callable
from typing import Any

import pytest

from services.booking.models import Appointment
from services.booking.use_cases import class_booking, classes, desk
from services.booking.use_cases.locks import lock_class
from tests.service.booking.classes.group_classes import Yoga
from tests.service.booking.conftest import Salon
from tests.service.conftest import at_once, tally

CLIENTS, CAPACITY, ROUNDS = 50, 10, 5

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


@pytest.fixture
def yoga(salon: Salon) -> Yoga:
    return Yoga(salon, capacity=CAPACITY)


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (class_booking, classes, desk):
        assert vars(module)["lock_class"] is lock_class
        monkeypatch.setattr(module, "lock_class", lambda _session, _class_id: None)


def bookings(yoga: Yoga, class_id: int) -> list[Callable[[], Any]]:
    """Fifty clients, each of whom wants one, two or three seats."""
    return [
        lambda one=one: yoga.book(one, seats=1 + one % 3, class_id=class_id)
        for one in range(CLIENTS)
    ]


def test_fifty_clients_get_no_more_seats_than_there_are(yoga: Yoga) -> None:
    answers = tally(at_once(bookings(yoga, yoga.id)))
    assert set(answers) - {"busy"} == {"done", "class_full"}
    assert yoga.seats() == CAPACITY
    assert len(yoga.told()) == answers["done"]


@pytest.mark.usefixtures("without_lock")
def test_without_the_lock_the_same_race_overbooks(yoga: Yoga) -> None:
    for week in range(ROUNDS):
        made = yoga.open(f"2030-07-{1 + week:02}T10:00:00", capacity=CAPACITY)
        at_once(bookings(yoga, made["id"]))
        if yoga.seats(made["id"]) > CAPACITY:
            return
    pytest.fail(f"{ROUNDS} races did not overbook once: they attack nothing")


def test_a_class_that_is_made_smaller_meanwhile_is_big_enough_for_all(yoga: Yoga) -> None:
    tasks = [*bookings(yoga, yoga.id)[:12], lambda: yoga.change(capacity=3)]
    answers = tally(at_once(tasks))
    assert set(answers) <= {
        "done",
        "class_full",
        "capacity_below_seats",
        "busy",
    }
    told = yoga.see()
    assert told["seats_taken"] <= told["capacity"]


def test_who_books_while_a_class_is_called_off_comes_before_or_not_at_all(yoga: Yoga) -> None:
    tasks = [
        *bookings(yoga, yoga.id)[:12],
        lambda: yoga.do("delete_class", class_id=yoga.id),
    ]
    assert set(tally(at_once(tasks))) <= {"done", "class_full", "class_not_found", "busy"}
    kinds = [event["type"] for event in yoga.told()]
    assert kinds.count("appointment_created") == kinds.count("appointment_cancelled")
    assert yoga.reserved() == []


def test_who_books_while_a_class_moves_comes_at_its_new_time(yoga: Yoga) -> None:
    tasks = [
        *bookings(yoga, yoga.id)[:8],
        lambda: yoga.change(starts_at="2030-06-05T10:00:00"),
    ]
    assert set(tally(at_once(tasks))) <= {"done", "class_full", "busy"}
    with yoga.salon.database.read() as session:
        starts = {f"{one.starts_at:%m-%d}" for one in session.query(Appointment)}
    assert starts == {"06-05"}


def test_of_many_classes_at_one_time_there_is_one(salon: Salon) -> None:
    yoga = Yoga(salon)
    tasks = [lambda: yoga.open("2030-06-05T10:00:00")] * 10
    answers = tally(at_once(tasks))
    assert answers == {"done": 1, "slot_taken": 9}
    assert salon.overlapping() == 0


def test_a_second_click_is_the_same_booking(yoga: Yoga) -> None:
    answers = at_once([lambda: yoga.book(1, seats=2)] * 8)
    assert all(answer == answers[0] for answer in answers)
    assert yoga.seats() == 2
