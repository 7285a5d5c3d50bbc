"""Many clients at once for the same time: as many bookings as there are people, never more."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from services.booking.models import Appointment, Client, Reservation
from services.booking.use_cases import clients
from services.common.errors import Refusal
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon, a_person
from tests.service.conftest import at_once, tally

PATIENT = {"deadline": datetime(2100, 1, 1, tzinfo=UTC).timestamp()}

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


def clients_for(salon: Salon, number: int, *wishes: dict[str, Any]) -> list[Callable[[], Any]]:
    return [
        lambda one=one: salon.book(*wishes, client=a_client(one), call=PATIENT)  # type: ignore[misc]
        for one in range(number)
    ]


def test_of_fifty_clients_who_want_one_time_one_gets_it(salon: Salon) -> None:
    answers = at_once(clients_for(salon, 50, a_wish()))
    assert tally(answers) == {"done": 1, "slot_taken": 49}
    assert {answer.handle for answer in answers if isinstance(answer, Refusal)} == {1}
    assert salon.count(Appointment) == salon.count(Reservation) == salon.count(Client) == 1
    assert len(salon.events()) == 1


def test_of_thirty_clients_who_want_anybody_as_many_get_it_as_there_are_people(
    salon: Salon,
) -> None:
    salon.add_staff()
    salon.add_staff()
    answers = at_once(clients_for(salon, 30, a_wish(staff_id=0)))
    assert tally(answers) == {"done": 3, "no_staff_free": 27}
    assert salon.count(Appointment) == 3
    assert salon.overlapping() == 0


def test_clients_who_want_several_people_in_opposite_order_do_not_lock_each_other_out(
    salon: Salon,
) -> None:
    staff = [salon.olga, salon.add_staff(), salon.add_staff()]
    dice = random.Random(7)

    def request(client: int) -> Callable[[], Any]:
        asked = dice.sample([*staff, 0], k=3)
        wishes = [
            a_wish(handle=number, staff_id=one, starts_at=f"2030-06-{dice.randint(4, 6):02}T10:00")
            for number, one in enumerate(asked)
        ]
        return lambda: salon.book(*wishes, client=a_client(client), call=PATIENT)

    answers = at_once([request(client) for client in range(40)])
    refused = {"slot_taken", "no_staff_free", "overlaps_in_request"}
    assert set(tally(answers)) <= {"done", *refused}
    booked = sum(len(answer) for answer in answers if isinstance(answer, list))
    assert booked == salon.count(Appointment) == len(salon.events()) > 0
    assert salon.overlapping() == 0


def test_one_client_who_books_many_times_at_once_is_one_client(salon: Salon) -> None:
    hours = range(9, 18)
    tasks = [
        lambda hour=hour: salon.book(a_wish(starts_at=f"2030-06-04T{hour:02}:00:00"), call=PATIENT)
        for hour in hours
    ]
    assert tally(at_once(tasks)) == {"done": len(hours)}
    assert salon.count(Client) == 1


def first_bookings_at_once(salon: Salon) -> list[Any]:
    """Fifty bookings of one person who is signed in by e-mail, with nobody before in common."""
    people = [salon.olga, *(salon.add_staff() for _ in range(9))]
    viewer = a_person(9, None, email="ann@example.com")
    client = {"name": "Ann", "phone": "+33612345678", "email": "ann@example.com"}
    wishes = [
        a_wish(staff_id=member, starts_at=f"2030-06-04T{hour:02}:00:00")
        for hour in range(9, 14)
        for member in people
    ]
    return at_once(
        [
            lambda wish=wish: salon.book(wish, client=client, call=PATIENT | {"viewer": viewer})  # type: ignore[misc]
            for wish in wishes
        ]
    )


def test_fifty_first_bookings_of_one_account_at_once_make_one_client(salon: Salon) -> None:
    assert tally(first_bookings_at_once(salon)) == {"done": 50}
    assert salon.count(Client) == 1


def test_without_the_lock_they_make_more(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    two_have_looked = threading.Barrier(2)

    def look_together(*_: Any) -> None:
        with suppress(threading.BrokenBarrierError):
            two_have_looked.wait(timeout=2)

    monkeypatch.setattr(clients, "lock_business", look_together)
    first_bookings_at_once(salon)
    assert salon.count(Client) > 1


@pytest.mark.parametrize("command_id", ["key:the same", ""])
def test_the_same_command_ten_times_at_once_is_one_booking_and_one_answer(
    salon: Salon, command_id: str
) -> None:
    call = {**PATIENT, "command_id": command_id}
    answers = at_once([lambda: salon.book(call=call)] * 10)
    assert tally(answers) == {"done": 10}
    assert all(answer == answers[0] for answer in answers)
    assert salon.count(Appointment) == 1


def test_a_visit_cancelled_ten_times_at_once_is_cancelled_once(salon: Salon) -> None:
    [booked] = salon.book()
    answers = at_once([lambda: salon.cancel(booked)] * 10)
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["version"] == 2
    assert [event["sequence"] for event in salon.events()] == [1, 2]


def test_while_one_cancels_and_many_book_the_time_is_never_given_twice(salon: Salon) -> None:
    [booked] = salon.book(client=a_client(99))
    tasks = [lambda: salon.cancel(booked), *clients_for(salon, 15, a_wish())]
    outcome = tally(at_once(tasks)[1:])
    assert set(outcome) <= {"done", "slot_taken"}
    assert outcome["done"] <= 1
    assert salon.overlapping() == 0
