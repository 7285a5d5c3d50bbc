"""Clients with accounts by e-mail, accounts that were merged, and businesses that have none."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from deploy.cli import cli
from services.booking.models import Business, Client
from services.booking.service import BookingService
from services.common.events import Envelope
from tests.factories import a_wish, create_location, create_service, create_staff_member
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import NOW, a_worker

EMAIL = "ann@example.com"
ANN = {"name": "Ann", "phone": "+33612345678", "email": EMAIL}
BY_EMAIL = a_person(9, None, email=EMAIL)


def own(salon: Salon, viewer: dict[str, Any], **arguments: Any) -> list[int]:
    found = salon.see("list_own_appointments", viewer, **arguments)
    return sorted(one["id"] for one in found["items"])


def book(salon: Salon, hour: int, client: dict[str, Any] = ANN, **changes: Any) -> dict[str, Any]:
    [booked] = salon.book(a_wish(starts_at=f"2030-06-04T{hour}:00:00"), client=client, **changes)
    return booked


def merge(salon: Salon, user_id: int, into_user_id: int) -> None:
    """Let booking hear that auth has merged two accounts."""
    merged = Envelope(
        id=f"merge-{user_id}",
        source="auth",
        type="user_merged",
        time=NOW,
        subject=f"user/{user_id}",
        sequence=2,
        data={"user_id": user_id, "into_user_id": into_user_id, "later": 1},
    )
    handle, _source, _type = BookingService.subscriptions["follow_merge"]
    with salon.write() as session:
        handle(a_worker(BookingService, salon.database), session, merged)


def owners(salon: Salon) -> list[int | None]:
    with salon.database.read() as session:
        return list(session.scalars(select(Client.user_id).order_by(Client.id)))


def add_business(salon: Salon) -> tuple[int, dict[str, Any]]:
    """One more business: its id, and how to book there."""
    with salon.write() as session:
        place = create_location(session)
        service = create_service(session, place)
        member = create_staff_member(session, place, service)
        wish = a_wish(service_ids=[service.id], staff_id=member.id)
        return place.business_id, {"location_id": place.id, "wish": wish}


def test_who_proves_an_email_sees_what_was_booked_with_it(salon: Salon) -> None:
    booked = book(salon, 10, ANN | {"email": "Ann@Example.com"})
    mine = booked["appointment_id"]

    assert own(salon, BY_EMAIL) == [mine]
    assert owners(salon) == [9]
    assert salon.see("get_appointment", BY_EMAIL, appointment_id=mine)["id"] == mine


def test_one_appointment_is_found_by_an_email_even_before_any_list(salon: Salon) -> None:
    mine = book(salon, 10)["appointment_id"]
    assert salon.see("get_appointment", BY_EMAIL, appointment_id=mine)["id"] == mine


def test_an_email_beside_somebody_elses_phone_opens_nothing_of_theirs(
    salon: Salon, refused: Refused
) -> None:
    """Mallory books once with Ann's phone and Mallory's e-mail; then Ann books, as a guest."""
    book(salon, 10, ANN | {"email": "mallory@example.com"})
    hers = book(salon, 12)["appointment_id"]
    mallory = a_person(13, None, email="mallory@example.com")

    assert own(salon, mallory) == []
    with refused("appointment_not_found"):
        salon.see("get_appointment", mallory, appointment_id=hers)
    book(salon, 14, ANN | {"email": None})
    assert own(salon, mallory) == []
    assert len(own(salon, a_person(7))) == 3


def test_what_a_phones_owner_has_claimed_an_email_does_not_take(salon: Salon) -> None:
    mine = book(salon, 10)["appointment_id"]
    assert own(salon, a_person(7)) == [mine]
    assert own(salon, BY_EMAIL) == []


def test_who_is_signed_in_by_email_books_as_themselves(salon: Salon) -> None:
    first = book(salon, 10, call={"viewer": BY_EMAIL})
    second = book(salon, 12, call={"viewer": BY_EMAIL})

    assert own(salon, BY_EMAIL) == sorted([first["appointment_id"], second["appointment_id"]])
    assert owners(salon) == [9]


def test_but_does_not_become_the_client_whose_phone_they_type(salon: Salon) -> None:
    hers = book(salon, 10, ANN | {"email": "another@example.com"})["appointment_id"]
    mine = book(salon, 12, call={"viewer": BY_EMAIL})["appointment_id"]

    assert own(salon, BY_EMAIL) == [mine]
    assert own(salon, a_person(7)) == [hers]


def test_the_last_answers_fill_in_the_next_booking(salon: Salon) -> None:
    answers = {"custom_fields": {"allergies": "none"}}
    for hour, told in ((10, {"allergies": "dust"}), (12, answers["custom_fields"])):
        wish = a_wish(starts_at=f"2030-06-04T{hour}:00:00", custom_fields=told)
        salon.book(wish, client=ANN, call={"viewer": a_person(7)})

    assert salon.see("get_last_answers", a_person(7)) == answers
    assert salon.see("get_last_answers", a_person(8, "+33600000001")) == {"custom_fields": {}}


def test_the_owner_of_an_appointment_is_told_to_who_knows_its_hash(
    salon: Salon, refused: Refused
) -> None:
    booked = book(salon, 10)
    known = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    assert salon.ask("get_appointment_owner", **known) == {"user_id": None}
    own(salon, a_person(7))

    assert salon.ask("get_appointment_owner", **known) == {"user_id": 7}
    with refused("appointment_not_found"):
        salon.ask("get_appointment_owner", **known | {"hash": "0" * 32})


def test_the_clients_of_a_merged_account_are_the_others(salon: Salon) -> None:
    first = book(salon, 10)["appointment_id"]
    own(salon, a_person(7))
    other = ANN | {"phone": "+33612345699", "email": None}
    second = book(salon, 12, other)["appointment_id"]
    own(salon, a_person(8, other["phone"]))

    merge(salon, 7, 8)
    merge(salon, 7, 8)  # once more changes nothing
    assert own(salon, a_person(8, other["phone"])) == [first, second]
    assert own(salon, a_person(7, None)) == []


@pytest.mark.parametrize("order", [[(7, 8), (8, 9)], [(8, 9), (7, 8)]])
def test_merges_may_be_heard_of_in_any_order(salon: Salon, order: list[tuple[int, int]]) -> None:
    mine = book(salon, 10)["appointment_id"]
    own(salon, a_person(7))
    for pair in order:
        merge(salon, *pair)

    assert owners(salon) == [9]
    assert own(salon, a_person(9, None)) == [mine]


def test_a_call_that_comes_late_claims_for_the_account_that_is_left(salon: Salon) -> None:
    merge(salon, 7, 8)
    mine = book(salon, 10)["appointment_id"]
    own(salon, a_person(7))

    assert owners(salon) == [8]
    assert own(salon, a_person(8, None)) == [mine]


def test_where_accounts_are_off_nobody_sees_anything_and_booking_goes_on(
    salon: Salon, refused: Refused
) -> None:
    before = book(salon, 10)["appointment_id"]
    viewer = a_person(7, email=EMAIL)
    assert own(salon, viewer) == [before]
    salon.change(Business, 1, client_accounts=False)

    booked = book(salon, 12, call={"viewer": viewer})
    assert own(salon, viewer) == []
    assert salon.see("list_own_client_ids", viewer) == {"client_ids": []}
    with refused("appointment_not_found"):
        salon.see("get_appointment", viewer, appointment_id=before)
    assert salon.read(booked)["id"] == booked["appointment_id"], "its hash opens it"
    assert owners(salon) == [7, None], "nothing is claimed there meanwhile"

    salon.change(Business, 1, client_accounts=True)
    assert own(salon, viewer) == [before, booked["appointment_id"]]


def test_a_switch_is_about_one_business(salon: Salon) -> None:
    there, other = add_business(salon)
    [mine] = salon.book(other["wish"], client=ANN, location_id=other["location_id"])
    book(salon, 10)
    salon.change(Business, 1, client_accounts=False)

    assert own(salon, a_person(7)) == [mine["appointment_id"]]
    assert there != 1


def test_a_key_of_one_business_shows_what_is_there_alone(salon: Salon) -> None:
    there, other = add_business(salon)
    [elsewhere] = salon.book(other["wish"], client=ANN, location_id=other["location_id"])
    here = book(salon, 10)["appointment_id"]

    assert own(salon, a_person(7) | {"partner_business_ids": [there]}) == [
        elsewhere["appointment_id"]
    ]
    assert own(salon, a_person(7) | {"partner_business_ids": [1]}) == [here]
    assert own(salon, a_person(7)) == sorted([here, elsewhere["appointment_id"]])
    assert own(salon, a_person(7) | {"partner_business_ids": []}) == []


def test_an_operator_switches_accounts_off_and_on(salon: Salon, tmp_path: Path) -> None:
    url = salon.database.engine.url.render_as_string(hide_password=False)
    env = {"AMQP_URI": "amqp://nowhere", "KABINET_ENV": "dev", "BOOKING_DATABASE_URL": url}

    def kabinet(*arguments: str) -> Any:
        return CliRunner().invoke(cli, ["businesses", *arguments], env=env)

    assert kabinet("list").output == "1\tSalon\tclient accounts on\n"
    assert kabinet("client-accounts", "1", "off").exit_code == 0
    assert kabinet("list").output == "1\tSalon\tclient accounts off\n"
    assert kabinet("client-accounts", "99", "off").exit_code == 1
    kabinet("client-accounts", "1", "on")
    assert kabinet("list").output == "1\tSalon\tclient accounts on\n"
