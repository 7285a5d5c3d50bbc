"""Places as owners open, change and close them, and the pictures of what belongs to them."""

import base64
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.booking.models import Business, City, Location
from services.booking.service import BookingService
from services.booking.use_cases.images import forget_unused
from services.common.config import Settings
from services.common.photos import PhotoFolder
from tests.callers import a_right
from tests.factories import a_wish, create_location
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import NOW, a_worker

PICTURE = base64.b64encode(b"\xff\xd8 as the gateway drew it").decode()


def do(salon: Salon, command: str, **request: Any) -> Any:
    return salon.do(command, viewer=salon.staff(), location_id=salon.location_id, **request)


def open_one(salon: Salon, **request: Any) -> Any:
    return salon.do("create_location", viewer=salon.staff(), **{"title": "Second", **request})


def announced(salon: Salon) -> list[dict[str, Any]]:
    return [event["data"] for event in salon.events() if event["type"] == "location_changed"]


def test_a_second_place_is_as_the_first_and_makes_a_chain(salon: Salon) -> None:
    salon.change_location(grid_step_seconds=900, language="fr")
    made = open_one(salon, address="5 rue Nouvelle", phones=["01 42 72 00 00"])
    assert (made["timezone"], made["currency"], made["city"]) == ("Europe/Paris", "EUR", "Paris")
    assert made["phones"] == ["+33142720000"]
    assert made["business"]["is_chain"] is True
    with salon.database.read() as session:
        location = session.get_one(Location, made["id"])
        assert (location.grid_step_seconds, location.language) == (900, "fr")
    [told] = announced(salon)
    assert (told["id"], told["version"], told["is_closed"]) == (made["id"], 1, False)
    assert "phones" not in told


def test_abroad_nothing_goes_without_saying(salon: Salon, refused: Refused) -> None:
    lisbon = {"city": "Lisboa", "country_code": "PT"}
    with refused("field_missing"):
        open_one(salon, **lisbon)
    with refused("field_missing"):
        open_one(salon, country_code="PT")
    made = open_one(salon, **lisbon, timezone="Europe/Lisbon", currency="EUR")
    assert (made["country_code"], made["timezone"]) == ("PT", "Europe/Lisbon")
    again = open_one(salon, **lisbon, timezone="Europe/Lisbon", currency="EUR")
    assert again["city_id"] == made["city_id"]


def test_only_who_may_change_all_of_a_business_opens_places(salon: Salon, refused: Refused) -> None:
    business_id = salon.staff()["rights"][0]["business_id"]
    of_one = salon.staff(role="administrator", location_id=salon.location_id)
    with refused("permission_missing"):
        salon.do("create_location", viewer=of_one, title="Second")
    with refused("forbidden"):
        salon.do("create_location", viewer={"kind": "client"}, title="Second")
    with refused("business_not_found", kind="NotFound"):
        open_one(salon, business_id=business_id + 1)
    two = salon.staff(a_right(business_id=business_id), a_right(business_id=business_id + 1))
    with refused("field_missing"):
        salon.do("create_location", viewer=two, title="Second")
    other_key = {**salon.staff(), "partner_business_ids": [business_id + 1]}
    with refused("business_not_found"):
        salon.do("create_location", viewer=other_key, title="S", business_id=business_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Olympus"},
        {"latitude": 91},
        {"title": ""},
        {"cancel_notice_seconds": -1},
        {"country_code": "France"},
    ],
)
def test_what_makes_no_sense_is_refused(
    salon: Salon, refused: Refused, wrong: dict[str, Any]
) -> None:
    with refused("validation_failed"):
        do(salon, "update_location", **wrong)


def test_a_change_leaves_what_it_does_not_name(salon: Salon, refused: Refused) -> None:
    before = salon.ask("get_location", location_id=salon.location_id)
    changed = do(salon, "update_location", version=1, cancel_allowed=False, comment_label="Why?")
    told = {"cancel_allowed": False, "comment_label": "Why?", "version": 2}
    assert changed == {**before, **told}
    with refused("version_outdated", kind="Conflict"):
        do(salon, "update_location", version=1, title="Mine")
    with refused("city_unknown"):
        do(salon, "update_location", city_id=999)
    with refused("phone_malformed"):
        do(salon, "update_location", phones=["none"])
    with refused("email_malformed"):
        do(salon, "update_location", email="none")
    assert do(salon, "update_location", email="Salon@Example.com")["email"] == "salon@example.com"
    assert do(salon, "update_location", email="")["email"] == ""
    assert salon.count(City) == 1


def test_the_clock_stays_while_appointments_are_to_come(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book(a_wish())
    with refused("appointments_to_come", kind="Conflict"):
        do(salon, "update_location", timezone="Europe/London")
    salon.cancel(booked)
    assert do(salon, "update_location", timezone="Europe/London")["timezone"] == "Europe/London"


def test_a_closed_place_takes_nobody_and_takes_nothing_away(salon: Salon, refused: Refused) -> None:
    person = a_person()
    [booked] = salon.book(a_wish(), call={"viewer": person})
    with refused("appointments_to_come"):
        do(salon, "close_location")
    do(salon, "close_location", future_appointments="keep")
    with refused("location_not_found", kind="NotFound"):
        salon.book(a_wish(starts_at="2030-06-05T10:00:00"))
    with refused("location_not_found"):
        salon.at_location("list_free_slots", day="2030-06-05")
    own = salon.see("list_own_appointments", person)["items"]
    assert [one["id"] for one in own] == [booked["appointment_id"]]
    assert salon.ask("list_locations")["items"] == []
    assert announced(salon)[-1]["is_closed"] is True
    assert salon.cancel(booked)["is_cancelled"] is True


def test_what_was_booked_there_is_cancelled_where_that_is_wished(salon: Salon) -> None:
    [booked] = salon.book(a_wish())
    do(salon, "close_location", future_appointments="cancel")
    assert salon.read(booked)["is_cancelled"] is True


def test_places_are_for_who_may_edit_settings(salon: Salon, refused: Refused) -> None:
    for viewer, code in (
        (salon.staff(role="staff"), "permission_missing"),
        (salon.staff(business_id=99), "forbidden"),
    ):
        for command in ("update_location", "close_location"):
            with refused(code):
                salon.do(command, viewer=viewer, location_id=salon.location_id)


def test_staff_find_the_places_where_they_work(salon: Salon) -> None:
    second = open_one(salon)["id"]
    with salon.write() as session:
        business_id = session.get_one(Location, second).business_id
        create_location(session)

    def found(*rights: dict[str, Any], **viewer: Any) -> list[int]:
        told = salon.see("list_locations", {**salon.staff(*rights), **viewer}, mine=True)
        return [one["id"] for one in told["items"]]

    everywhere = a_right(business_id=business_id)
    assert found(everywhere) == [salon.location_id, second]
    assert found(a_right("staff", business_id=business_id, location_id=second)) == [second]
    assert found(everywhere, kind="client") == []
    assert found(everywhere, partner_business_ids=[business_id + 1]) == []

    [group] = salon.see("list_own_businesses", salon.staff(everywhere))["businesses"]
    assert (group["id"], len(group["locations"])) == (business_id, 2)
    assert salon.see("list_own_businesses", {"kind": "client"})["businesses"] == []


def test_the_headings_of_a_whole_chain_are_listed(salon: Salon, refused: Refused) -> None:
    second = open_one(salon)["id"]
    owner = salon.staff()
    salon.do("create_service_category", viewer=owner, location_id=second, title="Nails")
    business_id = owner["rights"][0]["business_id"]
    listed = salon.see("list_categories_of_business", owner, business_id=business_id)
    assert [one["title"] for one in listed["categories"]] == ["Hair", "Nails"]
    with refused("business_not_found", kind="NotFound"):
        salon.see("list_categories_of_business", owner, business_id=business_id + 1)
    assert salon.count(Business) == 1


@pytest.fixture
def owner(salon: Salon, tmp_path: Path) -> Any:
    """A worker for the owner, with a folder for pictures."""
    worker = a_worker(BookingService, salon.database, viewer=salon.staff())
    settings = {"amqp_uri": "memory://", "image_folder": str(tmp_path / "images")}
    worker.settings = Settings(env="dev", **settings)
    return worker


def test_pictures_are_read_by_their_name_until_there_is_another(
    salon: Salon, owner: Any, refused: Refused, tmp_path: Path
) -> None:
    of_service = {"location_id": salon.location_id, "service_id": salon.haircut}
    of_staff = {"location_id": salon.location_id, "staff_id": salon.olga}
    first = owner.change_service_image(request={**of_service, "content": PICTURE})["image"]
    name = owner.change_service_image(request={**of_service, "content": PICTURE})["image"]
    avatar = owner.change_staff_image(request={**of_staff, "content": PICTURE})["avatar"]
    assert len(name) == 32 and owner.get_image(name=name)["content"] == PICTURE
    with refused("photo_not_found", kind="NotFound"):
        owner.get_image(name=first)
    [shown] = salon.at_location("list_bookable_services")["services"]
    [person] = salon.at_location("list_bookable_staff")["staff"]
    assert (shown["image"], person["avatar"]) == (name, avatar)

    folder = PhotoFolder(str(tmp_path / "images"))
    old = (NOW - timedelta(hours=2)).timestamp()
    for file in (tmp_path / "images").iterdir():
        os.utime(file, (old, old))
    with salon.database.read() as session:
        forget_unused(session, folder, now=NOW)
    assert {file.name for file in (tmp_path / "images").iterdir()} == {name, avatar}

    owner.change_service_image(request={**of_service, "content": None})
    with refused("photo_not_found"):
        owner.get_image(name=name)


def test_pictures_are_given_by_who_may_edit_what_they_show(
    salon: Salon, owner: Any, refused: Refused, tmp_path: Path
) -> None:
    of_service = {"location_id": salon.location_id, "service_id": salon.haircut}
    with refused("no_such_service", kind="NotFound"):
        owner.change_service_image(request={**of_service, "service_id": 99, "content": PICTURE})
    before = len(list((tmp_path / "images").iterdir()))
    owner.call = a_worker(BookingService, salon.database, viewer=salon.staff(role="staff")).call
    with refused("permission_missing"):
        owner.change_service_image(request={**of_service, "content": PICTURE})
    owner.call = a_worker(
        BookingService, salon.database, viewer={**salon.staff(), "partner_business_ids": [99]}
    ).call
    with refused("location_outside_key"):
        owner.change_service_image(request={**of_service, "content": PICTURE})
    assert len(list((tmp_path / "images").iterdir())) == before, "nothing came onto the disk"
