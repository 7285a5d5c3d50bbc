"""A command whose twin is still at work: it waits, as long as its caller does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from services.booking.models import Appointment
from services.booking.use_cases.locks import lock_staff
from services.common.errors import Conflict, DeadlinePassed
from tests.service.booking.conftest import Salon

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


@contextmanager
def stuck_twin(salon: Salon, answers: list[Any]) -> Iterator[threading.Event]:
    """A booking that has claimed its key and waits for Olga, who is held until the event is set."""
    let_go = threading.Event()
    held = threading.Event()

    def hold() -> None:
        with salon.write() as session:
            lock_staff(session, [salon.olga])
            held.set()
            let_go.wait(5)

    def book() -> None:
        answers.append(salon.book(call={"command_id": "key:twin", "deadline": time.time() + 10}))

    threads = [threading.Thread(target=hold), threading.Thread(target=book)]
    threads[0].start()
    assert held.wait(5)
    threads[1].start()
    try:
        wait_until_somebody_waits(salon)
        yield let_go
    finally:
        let_go.set()
        for thread in threads:
            thread.join()


def wait_until_somebody_waits(salon: Salon) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    give_up = time.monotonic() + 5
    is_waiting = False
    while not is_waiting:
        assert time.monotonic() < give_up
        time.sleep(0.02)
        with salon.database.read() as session:
            is_waiting = bool(session.scalar(waiting))


def book_too(salon: Salon, seconds: float) -> Any:
    return salon.book(call={"command_id": "key:twin", "deadline": time.time() + seconds})


def test_when_the_twin_does_not_finish_in_time_the_command_is_in_progress(salon: Salon) -> None:
    answers: list[Any] = []
    with stuck_twin(salon, answers):
        began = time.monotonic()
        with pytest.raises(Conflict) as refusal:
            book_too(salon, 0.6)
        assert refusal.value.code == "command_in_progress"
        assert 0.3 < time.monotonic() - began < 1.5
    assert answers == [book_too(salon, 5)]
    assert salon.count(Appointment) == 1


def test_when_the_twin_finishes_in_time_both_get_its_answer(salon: Salon) -> None:
    answers: list[Any] = []
    with stuck_twin(salon, answers) as let_go:
        threading.Timer(0.2, let_go.set).start()
        second = book_too(salon, 5)
    assert answers == [second]
    assert salon.count(Appointment) == 1


def test_a_command_whose_caller_has_left_does_nothing(salon: Salon) -> None:
    before = salon.dump()
    with pytest.raises(DeadlinePassed):
        book_too(salon, -1)
    assert salon.dump() == before
