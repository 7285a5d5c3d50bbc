"""Many clients at once for one room, each with somebody else: the rooms are the bottleneck.

And what saves us from giving a room away twice, shown by taking it away.
"""

import pytest
from sqlalchemy import text

from services.booking.models import NO_SHARED_RESOURCE
from services.booking.use_cases import choice
from services.booking.use_cases.locks import lock_resources
from tests.service.booking.conftest import Salon
from tests.service.booking.rooms import Rooms
from tests.service.conftest import at_once, tally

PEOPLE, ROOMS, ROUNDS = 8, 2, 10

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


@pytest.fixture
def rooms(salon: Salon) -> Rooms:
    return Rooms(salon, people=PEOPLE, rooms=ROOMS)


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    assert vars(choice)["lock_resources"] is lock_resources
    monkeypatch.setattr(choice, "lock_resources", lambda _session, _resource_ids: None)


@pytest.fixture
def without_constraint(salon: Salon) -> None:
    """In this database only, which is thrown away afterwards."""
    with salon.write() as session:
        session.execute(text(f"ALTER TABLE reservations DROP CONSTRAINT {NO_SHARED_RESOURCE}"))


def race(rooms: Rooms, hour: int) -> dict[str, int]:
    """Every staff member is wanted for that hour; how often each kind of answer was given."""
    tasks = [
        lambda one=one, staff=staff: rooms.book(staff, f"{hour:02}:00", client=one)
        for one, staff in enumerate(rooms.staff)
    ]
    return tally(at_once(tasks))


def most_at_once(rooms: Rooms) -> int:
    """The most visits that one room has at the same hour."""
    taken = rooms.taken()
    return max(taken.count(one) for one in taken)


def test_as_many_get_one_as_there_are_rooms(rooms: Rooms) -> None:
    for hour in (10, 12):
        assert race(rooms, hour) == {"done": ROOMS, "no_resource_free": PEOPLE - ROOMS}
    assert most_at_once(rooms) == 1


@pytest.mark.usefixtures("without_lock", "without_constraint")
def test_without_lock_and_constraint_a_room_is_given_away_twice(rooms: Rooms) -> None:
    for number in range(ROUNDS):
        race(rooms, 9 + number % 8)
        if most_at_once(rooms) > 1:
            return
    pytest.fail(f"{ROUNDS} races did not share a room once: they attack nothing")


@pytest.mark.usefixtures("without_lock")
def test_the_constraint_alone_never_shares_a_room(rooms: Rooms) -> None:
    assert set(race(rooms, 10)) <= {"done", "no_resource_free", "busy"}
    assert most_at_once(rooms) == 1


@pytest.mark.usefixtures("without_constraint")
def test_the_lock_alone_never_shares_a_room(rooms: Rooms) -> None:
    assert race(rooms, 10) == {"done": ROOMS, "no_resource_free": PEOPLE - ROOMS}
    assert most_at_once(rooms) == 1
