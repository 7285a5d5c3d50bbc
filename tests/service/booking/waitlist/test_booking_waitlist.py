"""Waiting for a time: who came first is asked first, and nobody is asked in vain."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.models import Business, Hold, Reservation
from services.booking.use_cases import waitlist_offers
from services.booking.use_cases.waitlist_offers import offer_free_time
from services.common.errors import Conflict
from tests.factories import (
    a_client,
    a_wish,
    create_location,
    create_service,
    create_staff_member,
)
from tests.service.booking.conftest import TUESDAY, Refused, Salon
from tests.service.booking.rooms import Rooms
from tests.service.booking.test_booking_statements import counted
from tests.service.booking.waitlist.waiters import LASTS, Waiters, day_after, waiter
from tests.service.conftest import NOW

SOON = NOW + timedelta(minutes=1)
OVER = NOW + LASTS


def test_a_cancelled_time_is_offered_to_who_came_first(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    for number in (1, 2):
        waiters.join(number)
    waiters.look()
    assert waiters.told() == []
    salon.cancel(full[1])
    waiters.look()
    assert (waiters.offered(1), waiters.offered(2)) == ("08:00", None)
    [told] = waiters.told()
    assert (told["subject"], told["sequence"]) == ("waitlist_entry/1", 2)
    assert told["data"]["contact"]["phone"] == waiter(1)["phone"]
    assert told["data"]["wall_start"] == f"{TUESDAY}T10:00:00"
    assert told["data"]["wall_expires"] == "2030-06-03T08:15:00"
    assert waiters.look(SOON) == 0


def test_while_it_is_offered_nobody_else_can_have_it(
    salon: Salon, waiters: Waiters, full: list[Any], refused: Refused
) -> None:
    waiters.join(1)
    salon.cancel(full[1])
    waiters.look()
    assert salon.slots() == []
    with refused("slot_taken", handle=1):
        salon.book()
    with refused("slot_taken", handle=1):
        salon.book(call={"viewer": waiter(2)})


def test_who_accepts_has_booked_and_waits_no_more(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    waiters.join(1)
    salon.cancel(full[1])
    waiters.look()
    booked = waiters.answer("accept", 1, comment="At last")
    shown = salon.read(booked)
    assert (shown["starts_at"], shown["comment"]) == (f"{TUESDAY}T08:00:00Z", "At last")
    assert shown["client"]["name"] == "Waiter 1"
    assert waiters.see(1) == []
    assert (waiters.end(1), waiters.outcomes()) == ("booked", ["accepted"])
    assert (salon.count(Hold), salon.overlapping()) == (0, 0)
    with pytest.raises(Conflict, match="offer_over"):
        waiters.answer("accept", 1)


def test_an_offer_is_accepted_by_booking_its_time_in_the_ordinary_way(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    waiters.join(1)
    salon.cancel(full[1])
    waiters.look()
    mine = {"viewer": waiter(1)}
    salon.see("check_appointments", waiter(1), location_id=1, appointments=[a_wish()])
    salon.book(a_wish(staff_id=0), client=a_client(phone=waiter(1)["phone"]), call=mine)
    assert (waiters.end(1), waiters.outcomes()) == ("booked", ["accepted"])


def test_another_time_booked_meanwhile_leaves_the_offer(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    waiters.join(1)
    salon.cancel(full[1])
    waiters.look()
    elsewhere = a_wish(starts_at=f"{day_after(1)}T10:00:00")
    salon.book(elsewhere, client=a_client(phone=waiter(1)["phone"]), call={"viewer": waiter(1)})
    assert waiters.offered(1) == "08:00"


def test_who_declines_keeps_waiting_and_the_next_is_asked(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    for number in (1, 2):
        waiters.join(number)
    salon.cancel(full[1])
    waiters.look()
    assert waiters.answer("decline", 1)["offer"] is None
    assert waiters.answer("decline", 1)["offer"] is None
    waiters.look()
    assert (waiters.offered(1), waiters.offered(2)) == (None, "08:00")
    salon.cancel(full[4])
    waiters.look()
    assert waiters.offered(1) == "11:00"


def test_what_is_not_answered_goes_to_the_next(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    for number in (1, 2):
        waiters.join(number)
    salon.cancel(full[1])
    waiters.look()
    waiters.look(OVER - timedelta(seconds=1))
    assert waiters.offered(2) is None
    with pytest.raises(Conflict, match="offer_over"):
        waiters.answer("accept", 1, now=OVER)
    waiters.look(OVER)
    assert (waiters.offered(1, OVER), waiters.offered(2, OVER)) == (None, "08:00")
    waiters.look(OVER + LASTS)
    assert waiters.outcomes() == ["expired", "expired"]
    assert "08:00" in salon.slots(now=OVER + LASTS)
    assert salon.count(Reservation) == len(full) - 1


def test_who_answers_nothing_several_times_waits_no_longer(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    waiters.join(1)
    now = NOW
    for visit in full[4:7]:
        salon.cancel(visit, now=now)
        waiters.look(now)
        assert waiters.offered(1, now)
        now += LASTS
    waiters.look(now)
    assert waiters.end(1) == "unanswered"


def test_several_times_are_offered_at_once_each_to_one(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    for number in range(1, 5):
        waiters.join(number)
    for visit in (full[1], full[3], full[5]):
        salon.cancel(visit)
    waiters.look()
    offers = [waiters.offered(number) for number in range(1, 5)]
    assert offers == ["08:00", "10:00", "12:00", None]
    assert salon.overlapping() == 0
    assert len({told["subject"] for told in waiters.told()}) == 3


def test_of_those_in_line_the_first_whom_it_suits_is_asked(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    long = salon.add_service(salon.olga, duration_seconds=2 * 3600)
    other = salon.add_staff(hours=(9, 10))
    waiters.fill(9, 10, staff_id=other)
    waiters.join(1, service_ids=[long])
    waiters.join(2, staff_id=other)
    waiters.join(3, first_day=day_after(7), last_day=day_after(8), staff_id=other)
    waiters.join(4)
    waiters.look()
    salon.cancel(full[1])
    waiters.look()
    assert [waiters.offered(number) for number in (1, 2, 4)] == [None, None, "08:00"]
    salon.cancel(full[2])
    waiters.look()
    assert waiters.offered(1) is None
    waiters.answer("decline", 4)
    waiters.look()
    assert waiters.offered(1) == "08:00"


@pytest.mark.parametrize("how", ["move", "delete", "schedule", "release", "hold ends"])
def test_time_is_offered_however_it_became_free(salon: Salon, waiters: Waiters, how: str) -> None:
    later = NOW + timedelta(minutes=6)
    desk = {"viewer": salon.staff(), "location_id": salon.location_id}
    [last] = waiters.fill(10, 18)[-1:]
    held = None
    if how in ("release", "hold ends"):
        wish = a_wish(starts_at=f"{TUESDAY}T09:00:00")
        held = salon.do("hold_time", location_id=1, appointments=[wish])["token"]
    else:
        waiters.fill(9, 10)
    waiters.join(1)
    waiters.look()
    assert waiters.told() == []
    if how == "move":
        moved = {"appointment_id": last["appointment_id"], "hash": last["hash"]}
        salon.do("move_appointment", starts_at=f"{day_after(1)}T10:00:00", **moved)
    elif how == "delete":
        salon.do("delete_appointment", appointment_id=last["appointment_id"], **desk)
    elif how == "schedule":
        hours = {"opens_minute": 540, "closes_minute": 1140}
        day = {"day": TUESDAY, "is_working": True, "slots": [hours]}
        salon.do("set_schedule", staff_id=salon.olga, days=[day], **desk)
    elif how == "release":
        salon.do("release_hold", location_id=1, token=held)
    assert waiters.look(later) == 1
    expected = {"schedule": "16:00", "release": "07:00", "hold ends": "07:00"}
    assert waiters.offered(1, later) == expected.get(how, "15:00")


def test_time_that_nobody_told_of_is_found_all_the_same(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    waiters.join(1)
    waiters.look()
    salon.set_hours(salon.olga, 9, 19)
    assert waiters.look(NOW + timedelta(minutes=4)) == 0
    assert waiters.look(NOW + timedelta(minutes=5)) == 1
    assert waiters.offered(1, NOW + timedelta(minutes=5)) == "16:00"


def test_nobody_is_offered_what_begins_too_soon(salon: Salon, waiters: Waiters) -> None:
    monday = "2030-06-03"
    visits = waiters.fill(9, 18, day=monday)
    salon.change_location(lead_seconds=3 * 3600)
    waiters.join(1, first_day=monday, last_day=monday)
    salon.cancel(visits[1])
    waiters.look()
    assert waiters.offered(1) is None
    salon.change_location(lead_seconds=0)
    salon.cancel(visits[0], now=NOW)
    late = NOW + timedelta(minutes=46)
    waiters.look(late)
    assert waiters.offered(1, late) == "07:30"


def test_nobody_is_offered_what_collides_with_a_visit_of_theirs(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    other = salon.add_staff(hours=(10, 11))
    salon.book(
        a_wish(staff_id=other),
        client=a_client(phone=waiter(1)["phone"]),
        call={"viewer": waiter(1)},
    )
    waiters.join(1)
    salon.cancel(full[1])
    waiters.look()
    assert waiters.offered(1) is None
    salon.cancel(full[2])
    waiters.look()
    assert waiters.offered(1) == "09:00"


def test_who_is_blocked_is_offered_nothing(salon: Salon, waiters: Waiters, full: list[Any]) -> None:
    waiters.join(1)
    block = {"phone": waiter(1)["phone"], "client_id": None, "comment": ""}
    salon.do("block_client", viewer=salon.staff(), location_id=1, **block)
    salon.cancel(full[1])
    waiters.look()
    assert waiters.told() == []


def test_while_booking_is_paused_nothing_is_offered(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    waiters.join(1)
    salon.change_location(paused_at=NOW)
    salon.cancel(full[1])
    waiters.look()
    assert waiters.told() == []


def test_a_room_that_is_needed_is_kept_with_the_time(salon: Salon, refused: Refused) -> None:
    rooms = Rooms(salon, people=2, rooms=1)
    waiters = Waiters(salon)
    booked = rooms.book(rooms.staff[0], "10:00")
    monday = {"first_day": TUESDAY, "last_day": TUESDAY}
    salon.set_hours(rooms.staff[0], 10, 11)
    salon.set_hours(rooms.staff[1], 10, 11)
    waiters.join(1, service_ids=[rooms.massage], **monday)
    waiters.join(2, service_ids=[rooms.massage], **monday)
    waiters.look()
    assert waiters.told() == []
    salon.cancel(booked)
    waiters.look()
    assert (waiters.offered(1), waiters.offered(2)) == ("08:00", None)
    with refused("no_staff_free", handle=1):
        salon.book(rooms.wish(0), client=a_client(3))
    waiters.answer("accept", 1)
    assert len(rooms.taken()) == 1


def test_a_process_that_dies_while_it_offers_leaves_it_to_the_next(
    salon: Salon, waiters: Waiters, full: list[Any]
) -> None:
    waiters.join(1)
    salon.cancel(full[1])
    before = salon.dump()
    with pytest.raises(KeyboardInterrupt), salon.write() as session:
        offer_free_time(session, lasts=LASTS, now=NOW)
        raise KeyboardInterrupt
    assert salon.dump() == before
    waiters.look()
    assert waiters.offered(1) == "08:00"


@pytest.mark.usefixtures("full")
def test_however_many_wait_a_look_reads_as_often(salon: Salon, waiters: Waiters) -> None:
    counts = []
    for first, last in ((0, 3), (3, 40)):
        for number in range(first, last):
            waiters.join(number)
        with counted(salon.database) as sent:
            waiters.look()
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_list_that_cannot_be_looked_at_keeps_no_other_waiting(
    salon: Salon, waiters: Waiters, full: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with salon.write() as session:
        place = create_location(session, business=session.get_one(Business, 1))
        service = create_service(session, place)
        create_staff_member(session, place, service)
    waiters.join(1)
    waiters.join(2, location_id=place.id, service_ids=[service.id])
    salon.cancel(full[1])
    plan = waitlist_offers.plan_offers

    def stumble_here(session: Any, location: Any, *rest: Any, **terms: Any) -> Any:
        if location.id == salon.location_id:
            raise ZeroDivisionError
        return plan(session, location, *rest, **terms)

    with monkeypatch.context() as broken:
        broken.setattr(waitlist_offers, "plan_offers", stumble_here)
        waiters.look()
    assert (waiters.offered(1), waiters.offered(2)) == (None, "07:00")
    later = NOW + timedelta(minutes=5)
    waiters.look(later)
    assert waiters.offered(1, later) == "08:00"
