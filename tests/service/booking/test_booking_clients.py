"""The client base: who is known by a phone, and what others may do to it."""

from typing import Any

from sqlalchemy import select

from services.booking.models import Client
from tests.factories import a_client, a_wish, create_location, create_service, create_staff_member
from tests.service.booking.conftest import Salon

ANN = a_client(name="Ann", email="ann@example.com")


def clients(salon: Salon) -> list[Client]:
    with salon.database.read() as session:
        return list(session.scalars(select(Client).order_by(Client.id)))


def book_at(salon: Salon, hour: int, client: dict[str, Any]) -> Any:
    [booked] = salon.book(a_wish(starts_at=f"2030-06-04T{hour}:00:00"), client=client)
    return salon.read(booked)["client"]


def test_somebody_new_becomes_a_client(salon: Salon) -> None:
    shown = book_at(salon, 10, ANN)
    [stored] = clients(salon)
    assert (stored.name, stored.phone, stored.email) == ("Ann", "+33612345601", "ann@example.com")
    assert (stored.business_id, stored.user_id) == (1, None)
    assert shown == {"id": stored.id, "name": "Ann", "phone": stored.phone, "email": stored.email}


def test_a_known_phone_is_the_same_client_however_it_is_written(salon: Salon) -> None:
    first = book_at(salon, 10, ANN)
    second = book_at(salon, 12, ANN | {"phone": "06 12 34 56 01"})
    assert second["id"] == first["id"]
    assert len(clients(salon)) == 1


def test_who_merely_knows_a_number_does_not_rename_its_owner(salon: Salon) -> None:
    book_at(salon, 10, ANN)
    shown = book_at(salon, 12, ANN | {"name": "Mallory", "email": "mallory@example.com"})
    [stored] = clients(salon)
    assert (stored.name, stored.email) == ("Ann", "ann@example.com")
    assert (shown["name"], shown["email"]) == ("Mallory", "mallory@example.com")


def test_a_claimed_client_is_not_found_by_phone(salon: Salon) -> None:
    first = book_at(salon, 10, ANN)
    salon.change(Client, first["id"], user_id=77)
    second = book_at(salon, 12, ANN)
    third = book_at(salon, 14, ANN)
    assert second["id"] != first["id"]
    assert third["id"] == second["id"]
    assert [client.user_id for client in clients(salon)] == [77, None]


def test_every_business_has_clients_of_its_own(salon: Salon) -> None:
    with salon.write() as session:
        place = create_location(session)
        service = create_service(session, place)
        member = create_staff_member(session, place, service)
        wish = a_wish(service_ids=[service.id], staff_id=member.id)
        place_id = place.id
    first = book_at(salon, 10, ANN)
    [booked] = salon.book(wish, client=ANN, location_id=place_id)
    assert salon.read(booked)["client"]["id"] != first["id"]
    assert [client.business_id for client in clients(salon)] == [1, 2]


def test_a_number_without_a_country_is_one_of_the_places_country(salon: Salon) -> None:
    with salon.write() as session:
        place = create_location(session, country_code="US", timezone="America/New_York")
        service = create_service(session, place)
        member = create_staff_member(session, place, service)
        wish = a_wish(service_ids=[service.id], staff_id=member.id)
        place_id = place.id
    [booked] = salon.book(wish, client=a_client(phone="(212) 555-2368"), location_id=place_id)
    assert salon.read(booked)["client"]["phone"] == "+12125552368"
