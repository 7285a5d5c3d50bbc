"""Staff who delete a client who comes at that very moment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from services.booking.models import Appointment, Client, WaitlistEntry
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Salon
from tests.service.booking.waitlist.waiters import Waiters, day_after, waiter
from tests.service.conftest import at_once

ROUNDS = 8


def wait(salon: Salon, number: int) -> None:
    Waiters(salon).join(number)


def book(salon: Salon, number: int) -> None:
    wish = a_wish(starts_at=f"{day_after(number)}T10:00:00")
    salon.book(wish, client=a_client(phone=waiter(number)["phone"]))


def book_signed_in(salon: Salon, number: int) -> None:
    wish, me = a_wish(starts_at=f"{day_after(number)}T10:00:00"), waiter(number)
    salon.book(wish, client=a_client(phone=me["phone"]), call={"viewer": me})


def come_to_the_desk(salon: Salon, number: int) -> None:
    salon.do(
        "create_appointment",
        viewer=salon.staff(),
        location_id=salon.location_id,
        staff_id=salon.olga,
        starts_at=f"{day_after(number)}T10:00:00",
        services=[{"id": salon.haircut}],
        client=a_client(phone=waiter(number)["phone"]),
    )


@pytest.mark.parametrize("come", [wait, book, book_signed_in, come_to_the_desk])
def test_who_comes_while_they_are_deleted_has_come(
    salon: Salon, come: Callable[[Salon, int], None]
) -> None:
    desk: dict[str, Any] = {"viewer": salon.staff(), "location_id": salon.location_id}
    of_whom = WaitlistEntry.client_id if come is wait else Appointment.client_id
    for number in range(ROUNDS):
        known = salon.do("create_client", **desk, **a_client(phone=waiter(number)["phone"]))
        delete = partial(salon.do, "delete_client", **desk, client_id=known["id"])
        assert at_once([delete, partial(come, salon, number)]) == [{}, None]
    with salon.database.read() as session:
        found = session.scalars(
            select(Client.phone).join_from(Client, of_whom.class_, of_whom == Client.id)
        )
        assert sorted(found) == [waiter(number)["phone"] for number in range(ROUNDS)]
