"""A client's appointments in their own calendar: one as a file, all at a private address."""

from datetime import timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from services.booking.models import Business, CalendarFeed
from services.booking.use_cases.clients import follow_merge
from tests.factories import a_client, a_wish, create_business, create_location
from tests.service.booking.conftest import Refused, Salon, a_person
from tests.service.conftest import NOW, at_once, tally

ANN = a_person()


def a_feed(salon: Salon, viewer: dict[str, Any] = ANN) -> str:
    token: str = salon.do("renew_calendar_feed", viewer=viewer)["token"]
    return token


def entries(salon: Salon, token: str) -> list[Any]:
    content = salon.ask("get_calendar", token=token)["content"]
    assert len(getattr(vobject.readOne(content), "vevent_list", [])) == content.count("END:VEVENT")
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_a_hash_opens_its_appointment_as_a_file_without_signing_in(salon: Salon) -> None:
    [booked] = salon.book()
    opened = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    content = salon.ask("get_calendar_file", **opened)["content"]
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == "Haircut · Salon"
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event.start.isoformat() == "2030-06-04T10:00:00+02:00"
    assert event["SEQUENCE"] == 1
    assert booked["hash"] not in content


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("12 rue des Archives", "Salon, 12 rue des Archives, Paris"),
        ("12 rue des Archives, 75004 Paris", "Salon, 12 rue des Archives, 75004 Paris"),
        ("", "Salon, Paris"),
    ],
)
def test_a_city_is_named_once(salon: Salon, address: str, where: str) -> None:
    salon.change_location(address=address)
    [booked] = salon.book()
    opened = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    [event] = Calendar.from_ical(salon.ask("get_calendar_file", **opened)["content"]).walk("VEVENT")
    assert event["LOCATION"] == where


def test_a_wrong_hash_opens_nothing(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book()
    for guess in (None, "0" * 32, ""):
        with refused("appointment_not_found"):
            salon.ask("get_calendar_file", appointment_id=booked["appointment_id"], hash=guess)


def test_a_feed_tells_all_appointments_whoever_made_them(salon: Salon) -> None:
    salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    [cancelled] = salon.book(a_wish(starts_at="2030-06-05T10:00:00"))
    salon.cancel(cancelled)
    salon.book(a_wish(starts_at="2030-06-06T10:00:00"), client=a_client(2))
    told = entries(salon, a_feed(salon))
    assert [str(event["STATUS"]) for event in told] == ["CANCELLED", "CONFIRMED"]


def test_a_move_replaces_the_entry(salon: Salon) -> None:
    [booked] = salon.book()
    token = a_feed(salon)
    [before] = entries(salon, token)
    request = {"appointment_id": booked["appointment_id"], "hash": booked["hash"]}
    salon.do("move_appointment", **request, starts_at="2030-06-04T15:00:00")
    [after] = entries(salon, token)
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.start - before.start == timedelta(hours=5)


def test_the_same_appointments_are_the_same_file_whenever_asked_for(salon: Salon) -> None:
    salon.book()
    token = a_feed(salon)
    later = salon.ask("get_calendar", token=token, now=NOW + timedelta(hours=3))
    assert salon.ask("get_calendar", token=token) == later


def test_an_empty_feed_is_one_too(salon: Salon) -> None:
    assert entries(salon, a_feed(salon)) == []


def test_a_renewed_address_ends_the_one_before(salon: Salon, refused: Refused) -> None:
    old = a_feed(salon)
    new = a_feed(salon)
    assert entries(salon, new) == []
    for token in (old, "guess", new + "x"):
        with refused("calendar_not_found"):
            salon.ask("get_calendar", token=token)


def test_an_ended_feed_leads_nowhere_and_ends_once(salon: Salon, refused: Refused) -> None:
    token = a_feed(salon)
    assert salon.see("get_calendar_feed", ANN) == {
        "is_on": True,
        "created_at": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    for _ in range(2):
        salon.do("end_calendar_feed", viewer=ANN)
    assert salon.see("get_calendar_feed", ANN) == {"is_on": False, "created_at": None}
    with refused("calendar_not_found"):
        salon.ask("get_calendar", token=token)


def test_the_database_keeps_no_address(salon: Salon) -> None:
    token = a_feed(salon)
    assert token not in str(salon.dump())


def test_a_feed_shows_what_its_front_end_may(salon: Salon) -> None:
    salon.book()
    elsewhere = a_person() | {"partner_id": 2, "partner_business_ids": [999]}
    assert entries(salon, a_feed(salon, elsewhere)) == []
    assert len(entries(salon, a_feed(salon))) == 1


def test_a_business_without_accounts_is_in_no_feed(salon: Salon) -> None:
    salon.book()
    token = a_feed(salon)
    salon.change(Business, 1, client_accounts=False)
    assert entries(salon, token) == []


def test_after_a_merge_the_address_goes_on_and_the_other_account_can_end_it(salon: Salon) -> None:
    salon.book()
    token = a_feed(salon)
    with salon.write() as session:
        follow_merge(session, 7, 8)
    assert len(entries(salon, token)) == 1
    salon.do("end_calendar_feed", viewer=a_person(8, None))
    assert salon.count(CalendarFeed) == 0


@pytest.mark.parametrize("viewer", [{}, {"kind": "staff", "user_id": 70, "rights": []}])
@pytest.mark.parametrize(
    "command", ["renew_calendar_feed", "end_calendar_feed", "add_favourite", "remove_favourite"]
)
def test_only_clients_keep_anything(
    salon: Salon, refused: Refused, viewer: dict[str, Any], command: str
) -> None:
    more = {"location_id": 1} if "favourite" in command else {}
    with refused("forbidden"):
        salon.do(command, viewer=viewer, **more)


def places(salon: Salon, method: str = "list_own_places", **viewer: Any) -> list[str]:
    found = salon.see(method, a_person() | viewer)
    assert found["total"] == len(found["items"])
    return [place["title"] for place in found["items"]]


def test_places_are_all_where_somebody_ever_had_an_appointment(salon: Salon) -> None:
    [booked] = salon.book(a_wish(starts_at="2030-06-04T10:00:00"))
    salon.book(a_wish(starts_at="2030-06-05T10:00:00"))
    salon.cancel(booked)
    assert places(salon) == ["Salon"]
    assert places(salon, user_id=9, phone="+33600000000") == []
    assert places(salon, partner_business_ids=[999]) == []
    salon.change_location(closed_at=NOW)
    assert places(salon) == ["Salon"]
    salon.change(Business, 1, client_accounts=False)
    assert places(salon) == []


def test_what_staff_have_written_down_makes_a_place_too(salon: Salon) -> None:
    request = {
        "location_id": 1,
        "staff_id": 1,
        "services": [{"id": 1}],
        "client": {"name": "Ann Clark", "phone": "+33612345678"},
        "starts_at": "2030-06-07T10:00:00",
    }
    salon.do("create_appointment", viewer=salon.staff(), **request)
    assert places(salon) == ["Salon"]


def test_favourites_are_added_and_removed_once_however_often_it_is_said(salon: Salon) -> None:
    with salon.write() as session:
        other = create_location(session, business=create_business(session), title="Studio")
    for location_id in (1, 1, other.id):
        salon.do("add_favourite", viewer=ANN, location_id=location_id)
    assert sorted(places(salon, "list_favourites")) == ["Salon", "Studio"]
    assert places(salon, "list_favourites", user_id=9) == []
    assert places(salon, "list_favourites", partner_business_ids=[1]) == ["Salon"]
    for _ in range(2):
        salon.do("remove_favourite", viewer=ANN, location_id=1)
    assert places(salon, "list_favourites") == ["Studio"]
    salon.change(Business, other.business_id, client_accounts=False)
    assert places(salon, "list_favourites") == []


def test_what_is_no_place_for_accounts_is_no_favourite(salon: Salon, refused: Refused) -> None:
    with refused("location_not_found"):
        salon.do("add_favourite", viewer=ANN, location_id=999)
    salon.change(Business, 1, client_accounts=False)
    with refused("client_accounts_off"):
        salon.do("add_favourite", viewer=ANN, location_id=1)


class TestAtOnce:
    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    def test_fifty_renewals_leave_one_address(self, salon: Salon) -> None:
        answers = at_once([lambda: a_feed(salon)] * 50)
        assert set(tally(answers)) == {"done"}
        tokens = [one for one in answers if isinstance(one, str)]
        assert salon.count(CalendarFeed) == 1
        outcome = tally(
            at_once([lambda one=one: salon.ask("get_calendar", token=one) for one in tokens])  # type: ignore[misc]
        )
        assert outcome == {"done": 1, "calendar_not_found": 49}

    def test_a_favourite_added_by_fifty_clicks_is_one(self, salon: Salon) -> None:
        answers = at_once([lambda: salon.do("add_favourite", viewer=ANN, location_id=1)] * 50)
        assert tally(answers) == {"done": 50}
        assert places(salon, "list_favourites") == ["Salon"]
