"""Several processes that make offers at once, and clients who answer them at once.

And what saves us, shown by taking it away.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from services.booking.models import (
    NO_DOUBLE_BOOKING,
    Appointment,
    Hold,
    Outcome,
    WaitlistOffer,
)
from services.booking.use_cases import choice, waitlist_offers
from services.booking.use_cases.holds import forget_holds
from services.booking.use_cases.locks import lock_chosen
from services.booking.use_cases.waitlist_offers import expire_offers, make_offers, offer_free_time
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import TUESDAY, Salon
from tests.service.booking.waitlist.waiters import LASTS, Waiters, waiter
from tests.service.conftest import NOW, at_once, tally

REPLICAS, ROUNDS = 6, 10

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


def replica(salon: Salon, now: Any = NOW) -> Callable[[], Any]:
    """All that one process does about waitlists, until there is nothing more to do."""

    def work() -> None:
        for step in (forget_holds, expire_offers):
            with salon.write() as session:
                step(session, now=now)
        more = True
        while more:
            with salon.write() as session:
                more = offer_free_time(session, lasts=LASTS, now=now)

    return work


def open_offers(salon: Salon) -> list[tuple[int, Any]]:
    """Whose they are and when, in the order of the line."""
    with salon.database.read() as session:
        rows = session.execute(
            select(WaitlistOffer.entry_id, WaitlistOffer.starts_at)
            .where(WaitlistOffer.outcome == Outcome.OPEN)
            .order_by(WaitlistOffer.entry_id)
        )
        return [(entry_id, start) for entry_id, start in rows]


def test_processes_that_look_at_once_make_each_offer_once(salon: Salon, waiters: Waiters) -> None:
    visits = waiters.fill()
    for number in range(8):
        waiters.join(number)
    cancel = [lambda one=one: salon.cancel(one) for one in visits[:4]]  # type: ignore[misc]
    assert set(tally(at_once([*cancel, *([replica(salon)] * REPLICAS)]))) == {"done"}
    waiters.look()
    assert [entry for entry, _ in open_offers(salon)] == [1, 2, 3, 4]
    assert len({start for _, start in open_offers(salon)}) == 4
    assert len(waiters.told()) == 4
    assert salon.overlapping() == 0


def test_of_those_who_book_and_those_who_offer_one_has_the_time(
    salon: Salon, waiters: Waiters
) -> None:
    visits = waiters.fill()
    waiters.join(1)
    for visit, hour in zip(visits[:3], (9, 10, 11), strict=True):
        salon.cancel(visit)
        wish = a_wish(starts_at=f"{TUESDAY}T{hour:02}:00:00")
        book = [
            lambda one=one, wish=wish: salon.book(wish, client=a_client(one))  # type: ignore[misc]
            for one in range(20, 30)
        ]
        answers = at_once([*book, *([replica(salon)] * 3)])
        assert set(tally(answers)) <= {"done", "slot_taken"}
    assert salon.overlapping() == 0
    with salon.database.read() as session:
        live = session.scalar(
            select(func.count()).select_from(Appointment).where(Appointment.cancelled_at.is_(None))
        )
    assert (live or 0) + salon.count(Hold) == len(visits)


def test_an_offer_that_is_answered_in_every_way_at_once_has_one_end(
    salon: Salon, waiters: Waiters
) -> None:
    visits = waiters.fill()
    for number in (1, 2):
        waiters.join(number)
    salon.cancel(visits[1])
    waiters.look()
    over = NOW + LASTS
    just_in_time = over - timedelta(seconds=1)
    mine = {"viewer": waiter(1), "now": just_in_time}
    ways: list[Callable[[], Any]] = [
        lambda: waiters.answer("accept", 1, now=just_in_time),
        lambda: waiters.answer("decline", 1, now=just_in_time),
        lambda: waiters.leave(1),
        lambda: salon.book(client=a_client(phone=waiter(1)["phone"]), call=mine),
        replica(salon, over),
        replica(salon, over),
    ]
    outcome = tally(at_once(ways * 3))
    assert set(outcome) <= {"done", "offer_over", "slot_taken"}
    assert salon.overlapping() == 0
    with salon.database.read() as session:
        at_ten = Appointment.starts_at == visit_time(salon, visits[1])
        live = session.scalars(
            select(Appointment.client_id).where(at_ten, Appointment.cancelled_at.is_(None))
        ).all()
    offered = [entry for entry, _ in open_offers(salon)]
    assert len(live) + len(offered) <= 1
    assert len(waiters.outcomes()) == len(waiters.told())


def visit_time(salon: Salon, booked: Any) -> Any:
    with salon.database.read() as session:
        return session.get_one(Appointment, booked["appointment_id"]).starts_at


def test_one_who_joins_many_times_at_once_waits_once(waiters: Waiters) -> None:
    assert tally(at_once([lambda: waiters.join(1)] * 10)) == {"done": 10}
    assert len(waiters.entries(1)) == 1


@pytest.fixture
def unguarded(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody queues for who waits or for staff, and the constraints are gone."""
    assert vars(choice)["lock_chosen"] is lock_chosen
    monkeypatch.setattr(choice, "lock_chosen", lambda _session, _staff: None)
    monkeypatch.setattr(waitlist_offers, "QUEUE", {"read": True, "key_share": True})
    with salon.write() as session:
        session.execute(text(f"ALTER TABLE reservations DROP CONSTRAINT {NO_DOUBLE_BOOKING}"))
        session.execute(text("DROP INDEX uq_waitlist_offers_open"))
        session.execute(text("DROP INDEX uq_waitlist_offers_entry_id_starts_at"))


@pytest.mark.usefixtures("unguarded")
def test_without_queue_and_constraint_one_time_is_offered_twice(
    salon: Salon, waiters: Waiters
) -> None:
    visits = waiters.fill()
    for number in range(4):
        waiters.join(number)

    def look() -> None:
        with salon.write() as session:
            make_offers(session, 1, lasts=LASTS, now=NOW)

    for visit in visits[:ROUNDS]:
        salon.cancel(visit)
        at_once([look] * REPLICAS)
        if salon.overlapping():
            return
    pytest.fail("the race offered nothing twice: it attacks nothing")
