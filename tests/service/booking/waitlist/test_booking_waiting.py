"""Being on a waitlist: joining and leaving it, what is refused, and what staff see of it."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import WaitlistEntry
from services.booking.use_cases.clients import follow_merge
from services.common.errors import Conflict, NotFound
from tests.callers import a_right
from tests.factories import a_client
from tests.service.booking.conftest import TUESDAY, Refused, Salon, a_person
from tests.service.booking.waitlist.waiters import Waiters, day_after, waiter
from tests.service.conftest import NOW


def test_the_same_wish_twice_keeps_its_turn(salon: Salon, waiters: Waiters) -> None:
    assert waiters.join(1)["id"] == waiters.join(1)["id"]
    assert waiters.join(1, last_day=day_after(1))["id"] != waiters.join(1)["id"]
    assert salon.count(WaitlistEntry) == 2


def test_nobody_waits_in_more_places_than_ten(waiters: Waiters) -> None:
    for days in range(10):
        waiters.join(1, last_day=day_after(days))
    with pytest.raises(Conflict, match="waitlist_full"):
        waiters.join(1, last_day=day_after(10))


def test_who_leaves_gives_back_what_they_were_offered(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    for number in (1, 2):
        waiters.join(number)
    salon.cancel(full[1])
    waiters.look()
    assert waiters.leave(1) == waiters.leave(1) == {}
    waiters.look()
    assert (waiters.see(1), waiters.offered(2)) == ([], "08:00")
    assert waiters.outcomes() == ["withdrawn", "open"]


def test_staff_see_the_list_and_take_people_off_it(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    for number in (1, 2):
        waiters.join(number)
    salon.cancel(full[1])
    waiters.look()
    listed = {"location_id": 1, "page": 1, "page_size": 50}
    seen = salon.see("list_waitlist", salon.staff(), **listed)
    assert [one["client"]["name"] for one in seen["items"]] == ["Waiter 1", "Waiter 2"]
    assert seen["items"][0]["offer"]["staff"] == {"id": salon.olga, "name": "Olga"}
    colleague = salon.staff(a_right("staff", business_id=1))
    [first, _] = salon.see("list_waitlist", colleague, **listed)["items"]
    assert first["client"]["phone"] is None
    removed = {"viewer": salon.staff(), "location_id": 1, "entry_id": first["id"]}
    assert salon.do("remove_from_waitlist", **removed) == {}
    assert salon.do("remove_from_waitlist", **removed) == {}
    waiters.look()
    assert (waiters.end(1), waiters.offered(2)) == ("removed", "08:00")


def test_an_entry_is_its_clients_and_no_other_ones(salon: Salon, waiters: Waiters) -> None:
    entry = waiters.join(1)["id"]
    for command in ("leave_waitlist", "accept_offer", "decline_offer"):
        with pytest.raises(NotFound, match="waitlist_entry_not_found"):
            salon.do(command, viewer=waiter(2), entry_id=entry)
    assert waiters.see(2) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"first_day": day_after(1)}, "waitlist_days_wrong"),
        ({"first_day": "2030-06-01", "last_day": "2030-06-02"}, "waitlist_days_wrong"),
        ({"last_day": day_after(31)}, "waitlist_days_wrong"),
        ({"first_day": "2031-07-01", "last_day": "2031-07-01"}, "waitlist_days_wrong"),
        ({"service_ids": []}, "services_missing"),
        ({"service_ids": [99]}, "service_not_found"),
        ({"staff_id": 99}, "staff_not_found"),
        ({"location_id": 99}, "location_not_found"),
        ({"client": {"name": "", "phone": "", "email": None}}, "name_missing"),
        ({"client": {"name": "Ann", "phone": "12", "email": None}}, "phone_malformed"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    waiters: Waiters, refused: Refused, changes: dict[str, Any], code: str
) -> None:
    with refused(code):
        waiters.join(1, **changes)


def test_who_is_known_here_need_not_say_who_they_are(salon: Salon, waiters: Waiters) -> None:
    salon.book(client=a_client(phone=waiter(1)["phone"]), call={"viewer": waiter(1)})
    waiters.join(1, client={"name": "", "phone": "", "email": None})
    assert waiters.entries(1)[0].contact["name"] == "Ann Clark 1"


def test_only_who_is_signed_in_can_wait(salon: Salon, waiters: Waiters, refused: Refused) -> None:
    for viewer in ({}, salon.staff()):
        with refused("forbidden"):
            salon.do(
                "join_waitlist",
                viewer=viewer,
                location_id=1,
                service_ids=[1],
                first_day=TUESDAY,
                last_day=TUESDAY,
                client={"name": "Ann", "phone": "+33612345678", "email": None},
            )


def test_who_waited_for_days_that_are_over_waits_no_longer(waiters: Waiters) -> None:
    waiters.join(1)
    waiters.look(NOW + timedelta(days=3))
    assert waiters.end(1) == "over"


def test_an_account_that_was_merged_keeps_its_turn(salon: Salon, waiters: Waiters) -> None:
    waiters.join(1)
    with salon.write() as session:
        follow_merge(session, user_id=101, into_user_id=7)
    assert len(salon.see("list_own_waitlist", a_person())["items"]) == 1


def test_who_waits_is_not_gone_when_staff_delete_them(salon: Salon, waiters: Waiters) -> None:
    entry = waiters.join(1)
    here = {"location_id": salon.location_id}
    [client_id] = [one.client_id for one in waiters.entries(1)]
    salon.do("delete_client", viewer=salon.staff(), **here, client_id=client_id)

    assert [one["id"] for one in waiters.see(1)] == [entry["id"]]
