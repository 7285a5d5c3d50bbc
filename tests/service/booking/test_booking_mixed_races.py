"""All ways to take time and give it back, many at once: the laws hold on both databases.

And the proof that the attack is one: without locks and constraints the same crowd overbooks.
"""

import re
import time
from typing import Any

import pytest
from sqlalchemy import delete, event, text, update

from services.booking.models import (
    NO_DOUBLE_BOOKING,
    NO_SHARED_RESOURCE,
    Appointment,
    Reservation,
)
from services.common.db import Database
from tests.service.booking.acts import ACTS
from tests.service.booking.acts_in_classes import GUESTS
from tests.service.booking.acts_of_waiters import WAITERS
from tests.service.booking.crowds import Crowd
from tests.service.booking.lives.place import Place
from tests.service.conftest import NOW, NewDatabase

LOCKS = re.compile(r" FOR (NO KEY )?UPDATE( OF \w+)?( SKIP LOCKED)?")
CROWD, ROUNDS = 24, 4
EVERYTHING = (*ACTS, *GUESTS, *WAITERS)
AT_MOST = 30


@pytest.fixture
def place(new_database: NewDatabase) -> Place:
    place = Place(new_database("booking"), rooms=2)
    think_twice(place.database)
    return place


@pytest.fixture
def unguarded(place: Place) -> Place:
    """In this database only, which is thrown away afterwards."""
    with place.database.write() as session:
        for guard in (NO_DOUBLE_BOOKING, NO_SHARED_RESOURCE):
            session.execute(text(f"ALTER TABLE reservations DROP CONSTRAINT {guard}"))
    without_locks(place.database)
    return place


def think_twice(database: Database) -> None:
    """Let some time pass between looking and writing: who is not guarded then is too late."""

    @event.listens_for(database.engine, "before_cursor_execute")
    def wait(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO reservations"):
            time.sleep(0.01)


def without_locks(database: Database) -> None:
    """Let everybody look at once, whatever the statement says."""

    @event.listens_for(database.engine, "before_cursor_execute", retval=True)
    def strip(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
        return LOCKS.sub("", statement), parameters


def free_the_day(database: Database) -> None:
    with database.write() as session:
        session.execute(update(Appointment).values(cancelled_at=NOW))
        session.execute(delete(Reservation))


def attack(place: Place, seed: int, *, rounds: int) -> Crowd:
    crowd = Crowd(place, seed, EVERYTHING)
    crowd.begin()
    for _ in range(rounds):
        crowd.rush(CROWD)
    return crowd


def withstand(place: Place, seed: int, *, rounds: int) -> None:
    crowd = attack(place, seed, rounds=rounds)
    codes = crowd.codes()
    assert crowd.broken_laws() == {}, seed
    assert crowd.lost() == [], seed
    assert codes["done"] > rounds, codes
    crowd.compare_offers()


@pytest.mark.parametrize("seed", [1])
def test_whatever_all_do_at_once_nothing_is_given_twice_or_lost(place: Place, seed: int) -> None:
    withstand(place, seed, rounds=ROUNDS)


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("law", ["nobody_is_in_two_places", "no_class_has_more_guests_than_seats"])
def test_without_locks_and_constraints_the_same_crowd_overbooks(unguarded: Place, law: str) -> None:
    for seed in range(2, 2 + AT_MOST):
        crowd = Crowd(unguarded, seed, EVERYTHING)
        crowd.begin()
        crowd.rush(CROWD)
        if law in crowd.broken_laws():
            return
        free_the_day(unguarded.database)  # a full one leaves little to win
    pytest.fail(f"{AT_MOST} rushes did not break it once: they attack nothing")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 42))
def test_of_many_crowds_none_overbooks(place: Place, seed: int) -> None:
    withstand(place, seed, rounds=10)
