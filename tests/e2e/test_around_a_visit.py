"""What a client has of a visit beside the visit: calendars, reviews, places, the way back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from tests.e2e.test_main_job import kinds, owner, sign_in, write_at_desk
from tests.e2e.waiting import wait_for
from tests.installations import Installation, a_phone, a_record

__all__ = ["owner"]


def entries(content: bytes) -> list[Event]:
    calendar = Calendar.from_ical(content)
    return [part for part in calendar.walk() if part.name == "VEVENT"]


def test_the_wall_time_is_the_same_in_answer_calendar_and_message_and_a_move_replaces_the_entry(
    installation: Installation,
) -> None:
    where, phone = installation.location_id, a_phone()
    service, staff = installation.bookable()
    first, second = installation.slots(service, staff)[3:5]
    client = sign_in(installation, phone)
    booked = client(
        "POST", f"book_record/{where}", json=a_record(service, staff, first, phone=phone)
    ).json()["data"][0]["record_id"]
    address = client("POST", "user/calendar").json()["data"]["url"].split("/api/v1/")[1]

    def in_feed() -> tuple[Event, datetime]:
        answer = installation.ask("GET", address)
        assert answer.headers["Content-Type"].startswith("text/calendar")
        [entry] = entries(answer.content)
        return entry, entry["DTSTART"].dt

    before, start = in_feed()
    assert start.isoformat() == datetime.fromisoformat(first).isoformat()
    assert start.tzinfo is not None
    moved = client("PUT", f"book_record/{where}/{booked}", json={"datetime": second})
    assert moved.status_code == 200, moved.text
    after, start = in_feed()
    assert start.isoformat() == datetime.fromisoformat(second).isoformat()
    assert (after["UID"], after["SEQUENCE"] - before["SEQUENCE"]) == (before["UID"], 1)
    [alone] = entries(client("GET", f"user/records/{booked}/calendar.ics").content)
    assert alone.to_ical() == after.to_ical()

    wait_for(lambda: kinds(installation, phone) == {"appointment_created", "appointment_moved"})
    told = {one["kind"]: one["body"] for one in installation.messages(phone)}
    assert first[11:16] in told["appointment_created"]
    assert second[11:16] in told["appointment_moved"]


def test_after_a_visit_it_is_reviewed_once_and_can_be_booked_again(
    installation: Installation, owner: Any
) -> None:
    where, phone = installation.location_id, a_phone()
    began = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%dT11:05:00")
    made = write_at_desk(installation, owner, phone, began)
    client = sign_in(installation, phone)
    [mine] = client("GET", "user/records").json()["data"]
    form = f"master_record_review/{mine['review_token']}"
    assert installation.data(form)["can_review"] is True

    words = f"Lovely, {phone[-4:]}"
    said = {"rating": 5, "text": words, "name": "Ann"}
    assert installation.ask("POST", form, json=said).status_code in (200, 201)
    another = installation.ask("POST", form, json={**said, "rating": 1})
    assert another.json()["errors"]["reason"] == "already_reviewed", another.text
    asked = {"staff_id": made["staff_id"]}
    comments = installation.data(f"comments/{where}", params=asked)
    assert [one["text"] for one in comments].count(words) == 1

    places = client("GET", "user/places").json()["data"]
    assert [place["id"] for place in places] == [where]
    assert client("PUT", f"user/favourites/{where}").status_code == 200
    assert [one["id"] for one in client("GET", "user/favourites").json()["data"]] == [where]
    assert client("DELETE", f"user/favourites/{where}").status_code == 204
    assert client("GET", "user/favourites").json()["data"] == []

    repeat = client("GET", f"user/records/{made['id']}/repeat").json()["data"]
    assert repeat["is_possible"] is True
    assert repeat["appointment"]["services"] == [one["id"] for one in made["services"]]
