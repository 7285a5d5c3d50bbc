"""What those in a crowd want who wait for a time, and the loops that offer it to them."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.booking.use_cases.holds import forget_holds
from services.booking.use_cases.waitlist_offers import expire_offers, offer_free_time
from services.common.errors import DeadlinePassed
from tests.service.booking.conftest import a_person
from tests.service.booking.crowds import Crowd, Task
from tests.service.booking.lives.diary import DAY
from tests.service.booking.lives.place import moment


def wait(crowd: Crowd) -> Task:
    wish, number = crowd.a_wish(), crowd.dice.randrange(10)
    return crowd.do(
        "join_waitlist",
        viewer=_a_waiter(number),
        location_id=crowd.place.salon.location_id,
        service_ids=wish["service_ids"],
        staff_id=wish["staff_id"],
        first_day=f"{moment(DAY):%Y-%m-%d}",
        last_day=f"{moment(DAY):%Y-%m-%d}",
        client={"name": "Ann", "phone": "", "email": None},
    )


def offer_what_is_free(crowd: Crowd) -> Task:
    """What the loops do; several replicas have them. One that got no turn tries again later."""

    def look() -> None:
        for step in (forget_holds, expire_offers, _offer):
            with suppress(DeadlinePassed), crowd.place.database.write() as session:
                step(session, now=crowd.now)

    return look


def answer_an_offer(crowd: Crowd) -> Task:
    """Whoever of them was asked: to accept comes oftener than to decline or to leave."""
    dice = crowd.dice
    if not crowd.waiting:
        return offer_what_is_free(crowd)
    entry = dice.choice(crowd.waiting)
    how = dice.choice(["accept_offer", "accept_offer", "decline_offer", "leave_waitlist"])
    return crowd.do(how, viewer=_a_waiter(entry.user_id - 100), entry_id=entry.id)


WAITERS = (wait, wait, offer_what_is_free, answer_an_offer, answer_an_offer)


def _a_waiter(number: int) -> dict[str, Any]:
    return a_person(100 + number, f"+3362{number:07d}")


def _offer(session: Session, *, now: datetime) -> bool:
    return offer_free_time(session, lasts=timedelta(minutes=3), now=now)
