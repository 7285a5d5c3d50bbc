"""A time that is held: others cannot have it, who holds it can, and nobody can hold a diary."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from services.booking.models import Appointment, Hold, Reservation
from services.booking.service import BookingService
from services.booking.use_cases.holds import forget_holds
from services.common.config import Settings
from services.common.errors import Conflict, TooManyAttempts
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import TUESDAY, Refused, Salon, a_person
from tests.service.booking.rooms import Rooms
from tests.service.conftest import NOW, a_worker

LATER = NOW + timedelta(seconds=301)
FRONT_END = {"partner_id": 1, "user_id": None, "kind": None}
HELD = "08:00"
"""10 o'clock in Paris, the wish of the factories."""


def hold(
    salon: Salon,
    *wishes: dict[str, Any],
    replaces: str | None = None,
    address: str | None = "192.0.2.1",
    settings: Settings | None = None,
    **call: Any,
) -> Any:
    worker = a_worker(BookingService, salon.database, **{"viewer": FRONT_END, **call})
    worker.settings = settings or worker.settings
    return worker.hold_time(
        request={
            "location_id": salon.location_id,
            "appointments": list(wishes) or [a_wish()],
            "replaces": replaces,
            "address": address,
        }
    )


def book(salon: Salon, token: str, *wishes: dict[str, Any], **call: Any) -> Any:
    return salon.book(*wishes, hold=token, call={"viewer": FRONT_END, **call})


def check(salon: Salon, token: str | None, **call: Any) -> Any:
    worker = a_worker(BookingService, salon.database, **{"viewer": FRONT_END, **call})
    return worker.check_appointments(
        location_id=salon.location_id, appointments=[a_wish()], hold=token
    )


def release(salon: Salon, token: str, **call: Any) -> Any:
    worker = a_worker(BookingService, salon.database, **{"viewer": FRONT_END, **call})
    return worker.release_hold(request={"location_id": salon.location_id, "token": token})


def forget(salon: Salon, now: Any = LATER) -> bool:
    with salon.write() as session:
        return forget_holds(session, now=now)


def test_a_held_time_is_taken_for_everybody_else(salon: Salon, refused: Refused) -> None:
    before = salon.slots()
    held = hold(salon)
    assert held["appointments"] == [{"handle": 1, "staff_id": salon.olga}]
    assert (held["expires_at"], held["seconds"]) == ("2030-06-03T06:05:00Z", 300)
    assert not {"07:30", HELD, "08:30"} & set(salon.slots(service_ids=[salon.haircut]))
    assert set(salon.slots()) < set(before)
    with refused("slot_taken", handle=1):
        salon.book(client=a_client(2))
    with refused("slot_taken", handle=1):
        salon.check(a_wish())
    with refused("slot_taken", handle=1):
        hold(salon, address="192.0.2.2")
    assert salon.events() == []


def test_who_holds_it_can_book_it_once(salon: Salon, refused: Refused) -> None:
    held = hold(salon)
    check(salon, held["token"])
    [booked] = book(salon, held["token"], now=NOW + timedelta(seconds=299))
    assert salon.read(booked)["starts_at"] == "2030-06-04T08:00:00Z"
    assert (salon.count(Hold), salon.count(Reservation)) == (0, 1)
    assert [event["type"] for event in salon.events()] == ["appointment_created"]
    with refused("hold_expired", handle=1):
        salon.book(client=a_client(2), hold=held["token"], call={"viewer": FRONT_END})


def test_the_same_booking_sent_twice_is_one(salon: Salon) -> None:
    token = hold(salon)["token"]
    assert book(salon, token) == book(salon, token)
    assert salon.count(Appointment) == 1


def test_what_is_booked_with_a_hold_need_not_be_what_was_held(salon: Salon) -> None:
    token = hold(salon)["token"]
    book(salon, token, a_wish(starts_at="2030-06-04T15:00:00"))
    assert HELD in salon.slots()
    assert salon.count(Hold) == 0


def test_a_refused_booking_leaves_the_hold(salon: Salon, refused: Refused) -> None:
    token = hold(salon)["token"]
    with refused("name_missing"):
        salon.book(hold=token, client=a_client(name=""), call={"viewer": FRONT_END})
    book(salon, token)


def test_an_expired_hold_counts_for_nothing(salon: Salon, refused: Refused) -> None:
    token = hold(salon)["token"]
    at_the_end = NOW + timedelta(seconds=300)
    assert HELD not in salon.slots(now=at_the_end - timedelta(seconds=1))
    assert HELD in salon.slots(now=at_the_end)
    salon.book(client=a_client(2), call={"now": at_the_end})
    assert salon.count(Reservation) == 1
    with refused("hold_expired", handle=1):
        book(salon, token, now=at_the_end)


def test_what_was_held_can_be_booked_after_all_while_it_is_free(salon: Salon) -> None:
    token = hold(salon)["token"]
    book(salon, token, now=LATER)
    assert salon.count(Appointment) == 1


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_staff_can_have_a_time_whose_hold_is_over(salon: Salon, is_forgotten: bool) -> None:
    [booked] = salon.book(a_wish(starts_at="2030-06-04T14:00:00"))
    hold(salon)
    if is_forgotten:
        assert forget(salon) is False
        assert (salon.count(Hold), salon.count(Reservation)) == (0, 1)
    moved = salon.do(
        "move_appointment",
        now=LATER,
        appointment_id=booked["appointment_id"],
        hash=booked["hash"],
        starts_at="2030-06-04T10:00:00",
    )
    assert moved["starts_at"] == "2030-06-04T08:00:00Z"
    assert salon.overlapping() == 0


def test_a_hold_that_lasts_is_not_forgotten(salon: Salon) -> None:
    hold(salon)
    assert forget(salon, NOW + timedelta(seconds=299)) is False
    assert (salon.count(Hold), salon.count(Reservation)) == (1, 1)


def test_staff_who_save_over_it_take_nothing_from_it(salon: Salon) -> None:
    token = hold(salon)["token"]
    salon.do(
        "create_appointment",
        viewer=salon.staff(),
        location_id=salon.location_id,
        staff_id=salon.olga,
        services=[{"id": salon.haircut}],
        client=None,
        starts_at="2030-06-04T09:30:00",
        save_if_busy=True,
    )
    book(salon, token)
    assert salon.overlapping() == 0


@pytest.mark.parametrize(
    "viewer", [FRONT_END | {"partner_id": 2}, FRONT_END | {"partner_id": None}]
)
def test_with_another_front_end_it_is_nobodys(
    salon: Salon, refused: Refused, viewer: dict[str, Any]
) -> None:
    token = hold(salon)["token"]
    with refused("hold_expired", handle=1):
        book(salon, token, viewer=viewer)
    assert release(salon, token, viewer=viewer) == {}
    assert salon.count(Hold) == 1


def test_given_back_the_time_is_free_again(salon: Salon) -> None:
    token = hold(salon)["token"]
    assert release(salon, token) == release(salon, token) == release(salon, "nonsense") == {}
    assert HELD in salon.slots()
    assert (salon.count(Hold), salon.count(Reservation)) == (0, 0)


def test_somebody_signed_in_has_one_hold(salon: Salon) -> None:
    first = hold(salon, viewer=a_person())
    second = hold(salon, a_wish(starts_at="2030-06-04T15:00:00"), viewer=a_person())
    assert HELD in salon.slots()
    assert salon.count(Hold) == 1
    again = hold(salon, a_wish(starts_at="2030-06-04T15:00:00"), viewer=a_person())
    assert len({first["token"], second["token"], again["token"]}) == 3
    assert salon.count(Reservation) == 1


def test_the_same_key_sent_again_is_one_hold(salon: Salon) -> None:
    hold(salon, command_id="key:one")
    again = hold(salon, command_id="key:one")
    assert salon.count(Hold) == 1
    book(salon, again["token"])


def test_a_hold_is_replaced_by_its_token(salon: Salon) -> None:
    first = hold(salon)
    hold(salon, replaces=first["token"])
    hold(salon, a_wish(starts_at="2030-06-04T15:00:00"), address="192.0.2.9")
    assert salon.count(Hold) == 2
    assert book(salon, first["token"], a_wish(starts_at="2030-06-04T16:00:00"))
    assert salon.count(Hold) == 2


def test_a_hold_that_ended_does_not_keep_its_holder_from_another(salon: Salon) -> None:
    hold(salon, viewer=a_person())
    hold(salon, viewer=a_person(), now=LATER)
    assert (salon.count(Hold), salon.count(Reservation)) == (1, 1)


def at_hours(*hours: int) -> list[dict[str, Any]]:
    return [a_wish(handle=hour, starts_at=f"{TUESDAY}T{hour:02}:00:00") for hour in hours]


def test_strangers_at_one_address_hold_no_more_than_so_many_visits(salon: Salon) -> None:
    production = Settings(env="production", amqp_uri="memory://", holds_per_address=3)
    first = hold(salon, *at_hours(9, 10), settings=production)
    hold(salon, *at_hours(11), settings=production)
    for address in ("192.0.2.1", "::ffff:192.0.2.1"):
        with pytest.raises(TooManyAttempts, match="holds_used_up"):
            hold(salon, *at_hours(12), address=address, settings=production)
    hold(salon, *at_hours(12), address="192.0.2.2", settings=production)
    hold(salon, *at_hours(13), viewer=a_person(), settings=production)
    hold(salon, *at_hours(14), viewer=FRONT_END | {"partner_id": 2}, settings=production)
    hold(salon, *at_hours(15), address=None, settings=production)
    hold(salon, *at_hours(9, 10), replaces=first["token"], settings=production)
    assert salon.count(Hold) == 6
    hold(salon, *at_hours(16), now=LATER, settings=production)


def test_several_visits_are_held_all_or_none(salon: Salon, refused: Refused) -> None:
    salon.book(a_wish(starts_at="2030-06-04T12:00:00"))
    with refused("slot_taken", handle=12):
        hold(salon, *at_hours(10, 12))
    held = hold(salon, *at_hours(10, 11))
    assert len(book(salon, held["token"], *at_hours(10, 11))) == 2


def test_who_holds_anybody_gets_whom_they_held(salon: Salon) -> None:
    other = salon.add_staff()
    held = hold(salon, a_wish(staff_id=0))
    [[kept]] = [held["appointments"]]
    salon.book(a_wish(staff_id=kept["staff_id"], starts_at="2030-06-04T15:00:00"))
    [booked] = book(salon, held["token"], a_wish(staff_id=0))
    assert salon.read(booked)["staff"]["id"] == kept["staff_id"]
    assert kept["staff_id"] in (salon.olga, other)


def test_a_room_is_held_too(salon: Salon, refused: Refused) -> None:
    rooms = Rooms(salon, people=2, rooms=1)
    one, other = rooms.staff
    held = hold(salon, rooms.wish(one))
    with refused("no_resource_free", handle=1):
        salon.book(rooms.wish(other), client=a_client(2))
    book(salon, held["token"], rooms.wish(one))
    assert [room for room, _ in rooms.taken()] == rooms.rooms


def test_a_room_whose_hold_is_over_is_anybodys(salon: Salon) -> None:
    rooms = Rooms(salon, people=2, rooms=1)
    one, other = rooms.staff
    hold(salon, rooms.wish(one))
    salon.book(rooms.wish(other), call={"now": LATER})
    assert len(rooms.taken()) == 1


def test_a_room_that_is_held_cannot_be_taken_away(salon: Salon, refused: Refused) -> None:
    rooms = Rooms(salon, people=1, rooms=1)
    hold(salon, rooms.wish(rooms.staff[0]))
    with refused("resource_in_use"):
        rooms.change(instances=[])


def test_a_time_that_was_promised_is_kept_when_the_lead_begins(
    salon: Salon, refused: Refused
) -> None:
    salon.change_location(lead_seconds=2 * 3600)
    wish = a_wish(starts_at="2030-06-03T10:00:00")
    token = hold(salon, wish)["token"]
    salon.change_location(grid_step_seconds=7 * 60)
    soon = NOW + timedelta(seconds=60)
    with refused("slot_too_soon", handle=1):
        salon.book(wish, client=a_client(2), call={"now": soon})
    book(salon, token, wish, now=soon)


def test_where_booking_is_paused_nothing_is_held(salon: Salon, refused: Refused) -> None:
    salon.change_location(paused_at=NOW)
    with refused("booking_paused"):
        hold(salon)


def test_neither_token_nor_address_is_kept(salon: Salon) -> None:
    token = hold(salon)["token"]
    assert len(token) == 32
    for secret in (token, "192.0.2.1"):
        assert secret not in repr(salon.dump())


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("seed", range(5))
def test_free_is_what_neither_a_visit_has_nor_a_hold_that_lasts(salon: Salon, seed: int) -> None:
    """Against an oracle that walks through the day half an hour at a time."""
    dice = Random(seed)
    taken: list[tuple[int, datetime | None]] = []
    now = NOW
    for address in range(25):
        now += timedelta(seconds=dice.randint(0, 120))
        start = dice.randrange(18, 35)
        at = f"{TUESDAY}T{start // 2:02}:{start % 2 * 30:02}:00"
        is_hold = dice.random() < 0.7
        try:
            if is_hold:
                hold(salon, a_wish(starts_at=at), address=f"192.0.2.{address}", now=now)
            else:
                salon.book(a_wish(starts_at=at), client=a_client(address), call={"now": now})
        except Conflict:
            assert not is_free(taken, start, now)
        else:
            assert is_free(taken, start, now)
            taken.append((start, now + timedelta(seconds=300) if is_hold else None))
        offered = {
            2 * (int(slot[:2]) + 2) + int(slot[3:]) // 30
            for slot in salon.slots(service_ids=[salon.haircut], now=now)
        }
        assert offered == {one for one in range(18, 35) if is_free(taken, one, now)}


def is_free(taken: list[tuple[int, datetime | None]], start: int, now: datetime) -> bool:
    """Whether an hour from this half hour of the day meets nothing that lasts."""
    return not any(
        abs(other - start) < 2 and (until is None or until > now) for other, until in taken
    )
