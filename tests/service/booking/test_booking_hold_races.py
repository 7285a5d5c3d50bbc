"""Many at once for one time, some to hold and some to book it: one gets it.

And what saves us, shown by taking it away.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import Appointment, Hold, Reservation
from services.booking.service import BookingService
from services.booking.use_cases.holds import forget_holds
from services.common.config import Settings
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon, a_person
from tests.service.conftest import NOW, a_worker, at_once, tally

MANY, ROUNDS = 50, 10
LATER = NOW + timedelta(seconds=301)
FRONT_END = {"partner_id": 1, "user_id": None, "kind": None}

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


def holding(
    salon: Salon,
    number: int,
    wish: dict[str, Any] | None = None,
    settings: Settings | None = None,
    **call: Any,
) -> Callable[[], Any]:
    def hold() -> Any:
        worker = a_worker(BookingService, salon.database, **{"viewer": FRONT_END, **call})
        worker.settings = settings or worker.settings
        request = {"location_id": 1, "appointments": [wish or a_wish()]}
        return worker.hold_time(request={**request, "address": f"192.0.2.{number}"})

    return hold


def booking(
    salon: Salon, number: int, wish: dict[str, Any] | None = None, **more: Any
) -> Callable[[], Any]:
    call = {"viewer": FRONT_END, "now": more.pop("now", NOW)}
    return lambda: salon.book(wish or a_wish(), client=a_client(number), call=call, **more)


def race(salon: Salon, day: int) -> set[str]:
    """As many want to hold that day's hour as want to book it; the kinds of answers they got."""
    wish = a_wish(starts_at=f"2030-06-{day:02}T10:00:00")
    tasks = [way(salon, number, wish) for number in range(1, 11) for way in (holding, booking)]
    return set(tally(at_once(tasks)))


def test_of_fifty_who_want_to_hold_one_time_one_does(salon: Salon) -> None:
    answers = at_once([holding(salon, number) for number in range(MANY)])
    assert tally(answers) == {"done": 1, "slot_taken": MANY - 1}
    assert salon.count(Hold) == salon.count(Reservation) == 1


def test_of_those_who_hold_and_those_who_book_one_gets_the_time(salon: Salon) -> None:
    for day in range(4, 7):
        assert race(salon, day) == {"done", "slot_taken"}
    assert salon.overlapping() == 0
    assert salon.count(Hold) + salon.count(Appointment) == 3


def test_of_fifty_who_book_with_one_hold_one_does(salon: Salon) -> None:
    token = holding(salon, 1)()["token"]
    answers = at_once([booking(salon, number, hold=token) for number in range(MANY)])
    outcome = tally(answers)
    assert outcome.pop("done") == 1
    assert set(outcome) <= {"slot_taken", "hold_expired"}
    assert salon.count(Appointment) == salon.count(Reservation) == 1
    assert salon.count(Hold) == 0


def test_one_person_who_holds_many_times_at_once_has_one_hold(salon: Salon) -> None:
    wishes = [a_wish(starts_at=f"2030-06-04T{hour:02}:00:00") for hour in range(9, 18)]
    tasks = [holding(salon, 1, wish, viewer=a_person()) for wish in wishes]
    assert set(tally(at_once(tasks))) == {"done"}
    assert salon.count(Hold) == salon.count(Reservation) == 1


def test_strangers_who_come_at_once_hold_no_more_than_they_may(salon: Salon) -> None:
    production = Settings(env="production", amqp_uri="memory://", holds_per_address=3)
    wishes = [a_wish(starts_at=f"2030-06-04T{hour:02}:00:00") for hour in range(9, 18)]
    answers = at_once([holding(salon, 1, wish, production) for wish in wishes])
    assert tally(answers) == {"done": 3, "holds_used_up": 6}


def test_when_a_hold_is_over_one_of_many_gets_its_time(salon: Salon) -> None:
    token = holding(salon, 1)()["token"]

    def tidy() -> Any:
        with salon.write() as session:
            return forget_holds(session, now=LATER)

    tasks = [
        *(booking(salon, number, now=LATER) for number in range(10)),
        *(holding(salon, number, now=LATER) for number in range(10)),
        *(booking(salon, 50 + number, now=LATER, hold=token) for number in range(5)),
        *([tidy] * 5),
    ]
    outcome = tally(at_once(tasks))
    assert outcome["done"] == 1 + 5
    assert set(outcome) == {"done", "slot_taken", "hold_expired"}
    assert salon.overlapping() == 0


@pytest.mark.usefixtures("without_lock", "without_constraint")
def test_without_lock_and_constraint_a_held_time_is_given_away(salon: Salon) -> None:
    for day in range(4, 4 + ROUNDS):
        race(salon, day)
        if salon.overlapping():
            return
    pytest.fail(f"{ROUNDS} races did not overbook once: they attack nothing")


@pytest.mark.usefixtures("without_lock")
def test_the_constraint_alone_never_gives_a_held_time_away(salon: Salon) -> None:
    for day in range(4, 7):
        assert race(salon, day) <= {"done", "slot_taken", "busy"}
    assert salon.overlapping() == 0


@pytest.mark.usefixtures("without_constraint")
def test_the_lock_alone_never_gives_a_held_time_away(salon: Salon) -> None:
    for day in range(4, 7):
        assert race(salon, day) == {"done", "slot_taken"}
    assert salon.overlapping() == 0
