"""Whom a business takes no online bookings of."""

from typing import Any

import pytest

from services.booking.models import BlacklistEntry, Client
from tests.factories import a_client, a_wish, create_location, create_service, create_staff_member
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.booking.test_booking_statements import counted

ANN = {"name": "Ann", "phone": "+33612345678", "email": None}
LATER = a_wish(starts_at="2030-06-04T14:00:00")


def block(salon: Salon, **whom: Any) -> Any:
    here = {"location_id": salon.location_id}
    return salon.do("block_client", viewer=salon.staff(), **here, **whom)


def unblock(salon: Salon, entry_id: int) -> Any:
    here = {"location_id": salon.location_id}
    return salon.do("unblock_client", viewer=salon.staff(), **here, entry_id=entry_id)


def client_id_of(salon: Salon, booked: dict[str, Any]) -> int:
    return int(salon.read(booked)["client"]["id"])


def test_a_blocked_phone_books_nothing_until_it_is_taken_off(
    salon: Salon, refused: Refused
) -> None:
    entry = block(salon, phone="06 12 34 56 78", comment="never came")
    assert entry["phone"] == ANN["phone"]
    with refused("client_banned", kind="Forbidden"):
        salon.book(a_wish(), client=ANN)
    salon.book(a_wish(), client=a_client(2))
    unblock(salon, entry["id"])
    salon.book(LATER, client=ANN)
    with refused("blacklist_entry_not_found"):
        unblock(salon, entry["id"])


def test_a_blocked_client_books_as_nobody(salon: Salon, refused: Refused) -> None:
    """Neither as a guest with that phone, nor signed in with another one."""
    [booked] = salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    block(salon, client_id=client_id_of(salon, booked))
    other = a_client(5)
    for person, call in (
        (ANN, {}),
        (other, {"viewer": a_person()}),
        (other, {"viewer": a_person(7, "+33612345605")}),
    ):
        with refused("client_banned"):
            salon.book(LATER, client=person, call=call)
    salon.book(LATER, client=other, call={"viewer": a_person(8, "+33612345605")})


def test_any_of_an_accounts_clients_counts(salon: Salon, refused: Refused) -> None:
    salon.book(a_wish(), client=ANN, call={"viewer": a_person()})
    [guest] = salon.book(a_wish(starts_at="2030-06-04T12:00:00"), client=ANN)
    salon.see("list_own_appointments", a_person())
    block(salon, client_id=client_id_of(salon, guest))
    with refused("client_banned"):
        salon.book(LATER, client=a_client(5), call={"viewer": a_person(7, None)})


def test_who_is_blocked_moves_nothing_but_may_cancel(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    block(salon, phone=ANN["phone"])
    own = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    with refused("client_banned"):
        salon.do("move_appointment", **own, starts_at="2030-06-04T15:00:00")
    assert salon.cancel(booked)["is_cancelled"]


def test_a_moved_appointment_is_its_clients(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    block(salon, client_id=client_id_of(salon, booked))
    own = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    with refused("client_banned"):
        salon.do("move_appointment", **own, starts_at="2030-06-04T15:00:00")


def test_before_the_phone_is_told_only_the_signed_in_are_known(
    salon: Salon, refused: Refused
) -> None:
    block(salon, phone=ANN["phone"])
    salon.check(a_wish())
    with refused("client_banned"):
        salon.see(
            "check_appointments",
            a_person(),
            location_id=salon.location_id,
            appointments=[a_wish()],
        )


def test_a_business_blocks_for_itself_alone(salon: Salon) -> None:
    block(salon, phone=ANN["phone"])
    with salon.write() as session:
        elsewhere = create_location(session, title="Elsewhere")
        service = create_service(session, elsewhere)
        member = create_staff_member(session, elsewhere, service)
    wish = a_wish(staff_id=member.id, service_ids=[service.id])
    salon.book(wish, client=ANN, location_id=elsewhere.id)


def test_staff_still_write_down_who_is_blocked_and_are_warned(salon: Salon) -> None:
    block(salon, phone=ANN["phone"])
    request = {
        "location_id": salon.location_id,
        "staff_id": salon.olga,
        "services": [{"id": salon.haircut}],
        "client": ANN,
        "starts_at": "2030-06-04T10:00:00",
    }
    made = salon.do("create_appointment", viewer=salon.staff(), **request)
    assert made["warnings"] == ["client_banned"]
    other = request | {"client": a_client(2), "starts_at": "2030-06-04T12:00:00"}
    assert salon.do("create_appointment", viewer=salon.staff(), **other)["warnings"] == []


def test_blocked_twice_is_blocked_once(salon: Salon) -> None:
    entry = block(salon, phone=ANN["phone"], comment="first")
    assert block(salon, phone=ANN["phone"], comment="second") == entry
    [booked] = salon.book(a_wish(), client=a_client(2))
    client_id = client_id_of(salon, booked)
    assert block(salon, client_id=client_id) == block(salon, client_id=client_id)
    assert salon.count(BlacklistEntry) == 2
    found = salon.see("list_blacklist", salon.staff(), location_id=salon.location_id)
    assert [one["client_id"] for one in found["items"]] == [client_id, None]
    assert found["total"] == 2


def test_a_client_shows_that_they_are_blocked(salon: Salon) -> None:
    [booked] = salon.book(a_wish(), client=ANN)
    names = {"location_id": salon.location_id, "client_id": client_id_of(salon, booked)}
    for whom in ({"phone": ANN["phone"]}, {"client_id": names["client_id"]}):
        entry = block(salon, **whom)
        assert salon.see("get_client", salon.staff(), **names)["is_blocked"] is True
        unblock(salon, entry["id"])
        assert salon.see("get_client", salon.staff(), **names)["is_blocked"] is False
    told = [each["data"] for each in salon.events() if each["type"] == "client_changed"]
    assert [each["is_blocked"] for each in told] == [True, False]


@pytest.mark.parametrize("whom", [{}, {"phone": "+33612345678", "client_id": 1}])
def test_a_phone_or_a_client_is_blocked(
    salon: Salon, refused: Refused, whom: dict[str, Any]
) -> None:
    with refused("phone_or_client"):
        block(salon, **whom)


def test_only_ones_own_clients_are_blocked(salon: Salon, refused: Refused) -> None:
    with refused("client_not_found"):
        block(salon, client_id=99)
    with refused("phone_malformed"):
        block(salon, phone="12")


def test_a_deleted_client_stays_blocked(salon: Salon, refused: Refused) -> None:
    made = salon.do("create_client", viewer=salon.staff(), location_id=1, **ANN)
    names = {"location_id": salon.location_id, "client_id": made["id"]}
    block(salon, client_id=made["id"])
    salon.do("delete_client", viewer=salon.staff(), **names)
    assert salon.count(Client) == 1
    with refused("client_banned"):
        salon.book(a_wish(), client=ANN)


def test_known_and_unknown_phones_are_looked_up_alike(salon: Salon) -> None:
    """As many statements, of the same words, whatever is known of the number."""
    block(salon, phone="+33612345601")
    asked = []
    for number, hour in ((2, 10), (3, 12)):
        with counted(salon.database) as sent:
            salon.book(a_wish(starts_at=f"2030-06-04T{hour}:00:00"), client=a_client(number))
        asked.append([one for one in sent if "blacklist" in one])
    with counted(salon.database) as sent, pytest.raises(Exception, match="client_banned"):
        salon.book(LATER, client=a_client(1))
    asked.append([one for one in sent if "blacklist" in one])
    assert len(asked[0]) == 1
    assert asked[0] == asked[1] == asked[2]
