"""What a signed-in client sees: visits booked before, visits made by staff, nobody else's."""

from typing import Any

import pytest

from services.booking.models import Client
from tests.factories import a_client, a_wish
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import NOW

ANN = {"name": "Ann", "phone": "+33612345678", "email": None}


def own(salon: Salon, viewer: dict[str, Any], **arguments: Any) -> list[int]:
    found = salon.see("list_own_appointments", viewer, **arguments)
    assert found["total"] == len(found["items"])
    return [one["id"] for one in found["items"]]


def at_desk(salon: Salon, **changes: Any) -> dict[str, Any]:
    request = {
        "location_id": salon.location_id,
        "staff_id": salon.olga,
        "services": [{"id": salon.haircut}],
        "client": ANN,
        "starts_at": "2030-06-05T10:00:00",
    }
    made: dict[str, Any] = salon.do("create_appointment", viewer=salon.staff(), **request | changes)
    return made


def test_whoever_proves_the_phone_sees_what_was_booked_before_and_what_staff_made(
    salon: Salon,
) -> None:
    [before] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"), client=ANN)
    made = at_desk(salon)
    assert sorted(own(salon, a_person())) == sorted([before["appointment_id"], made["id"]])


def test_nobody_else_sees_them(salon: Salon) -> None:
    salon.book(a_wish(), client=ANN)
    assert own(salon, a_person(8, "+33612345699")) == []
    assert own(salon, {}) == []
    assert own(salon, salon.staff()) == []


def test_what_was_seen_once_stays_ones_own_when_the_number_gets_a_new_owner(salon: Salon) -> None:
    [mine] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"), client=ANN)
    assert own(salon, a_person(7)) == [mine["appointment_id"]]

    assert own(salon, a_person(8)) == [], "a recycled number opens nothing"
    [theirs] = salon.book(a_wish(starts_at="2030-06-04T15:00:00"), client=ANN)
    assert own(salon, a_person(8)) == [theirs["appointment_id"]]
    assert own(salon, a_person(7, "+33600000001")) == [mine["appointment_id"]]
    assert salon.count(Client) == 2


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("all", [3, 2, 1]), ("upcoming", [2]), ("past", [1]), ("cancelled", [3])],
)
def test_visits_are_to_come_over_or_cancelled(salon: Salon, kind: str, expected: list[int]) -> None:
    over, to_come, cancelled = (
        salon.book(a_wish(starts_at=f"2030-06-0{day}T10:00:00"), client=ANN)[0] for day in (4, 6, 7)
    )
    salon.cancel(cancelled)
    later = NOW.replace(day=5)
    numbers = {over["appointment_id"]: 1, to_come["appointment_id"]: 2}
    numbers[cancelled["appointment_id"]] = 3
    found = own(salon, a_person(), kind=kind, now=later)
    assert [numbers[one] for one in found] == expected


def test_a_page_is_a_part_of_the_whole(salon: Salon) -> None:
    for hour in (10, 12, 14):
        salon.book(a_wish(starts_at=f"2030-06-04T{hour}:00:00"), client=ANN)
    found = salon.see("list_own_appointments", a_person(), kind="upcoming", page=2, page_size=2)
    assert (len(found["items"]), found["total"]) == (1, 3)


def test_the_hash_is_not_needed_by_the_client_whose_it_is(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    names = {"appointment_id": booked["appointment_id"]}
    assert salon.see("get_appointment", a_person(), **names) == salon.read(booked)
    for stranger in (a_person(8, "+33612345699"), {}, salon.staff()):
        with refused("appointment_not_found"):
            salon.see("get_appointment", stranger, **names)
        with refused("appointment_not_found"):
            salon.do("cancel_appointment", viewer=stranger, **names)
        with refused("appointment_not_found"):
            salon.do("move_appointment", viewer=stranger, **names, starts_at="2030-06-05T10:00:00")
    assert salon.do("cancel_appointment", viewer=a_person(), **names)["is_cancelled"]


def test_who_books_signed_in_books_for_themself(salon: Salon) -> None:
    [booked] = salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    assert own(salon, a_person()) == [booked["appointment_id"]]
    [other] = salon.book(
        a_wish(starts_at="2030-06-04T15:00:00"), client=a_client(3), call={"viewer": a_person()}
    )
    assert other["appointment_id"] not in own(salon, a_person())


def test_the_ids_of_ones_clients_are_those_of_every_business(salon: Salon) -> None:
    salon.book(a_wish(), client=ANN)
    [client_id] = salon.see("list_own_client_ids", a_person())["client_ids"]
    assert salon.see("list_own_client_ids", a_person(), business_id=999) == {"client_ids": []}
    assert client_id == salon.see("list_own_client_ids", a_person())["client_ids"][0]
    assert salon.see("list_own_client_ids", salon.staff()) == {"client_ids": []}


def test_a_number_that_was_proven_long_ago_opens_nothing_of_its_new_owners(
    salon: Salon, refused: Refused
) -> None:
    long_ago = a_person() | {"phone_is_fresh": False}
    [mine] = salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    [theirs] = salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=ANN)

    assert own(salon, long_ago) == [mine["appointment_id"]]
    with refused("appointment_not_found"):
        salon.see("get_appointment", long_ago, appointment_id=theirs["appointment_id"])
    [later] = salon.book(
        a_wish(starts_at="2030-06-04T14:00:00"), client=ANN, call={"viewer": long_ago}
    )
    assert own(salon, long_ago) == [later["appointment_id"], mine["appointment_id"]]
    assert own(salon, a_person(8)) == [theirs["appointment_id"]]


def test_nor_does_it_make_the_new_owners_client_theirs(salon: Salon) -> None:
    [theirs] = salon.book(a_wish(), client=ANN)
    long_ago = a_person() | {"phone_is_fresh": False}
    [mine] = salon.book(
        a_wish(starts_at="2030-06-04T14:00:00"), client=ANN, call={"viewer": long_ago}
    )
    assert own(salon, long_ago) == [mine["appointment_id"]]
    assert own(salon, a_person(8)) == [theirs["appointment_id"]]


def test_nor_is_it_proof_where_a_place_asks_for_one(salon: Salon, refused: Refused) -> None:
    salon.change_location(phone_confirmation_required=True)
    with refused("code_incorrect"):
        salon.book(client=ANN, call={"viewer": a_person() | {"phone_is_fresh": False}})
    salon.book(client=ANN, call={"viewer": a_person()})
