"""A group event as its clients have it: found, booked, moved with them in it, given back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.test_main_job import kinds, owner, sign_in
from tests.e2e.waiting import wait_for
from tests.installations import Installation, a_phone

__all__ = ["owner"]


def test_seats_are_booked_move_with_their_event_and_are_given_back(
    installation: Installation, owner: Any
) -> None:
    where, phone = installation.location_id, a_phone()
    client = sign_in(installation, phone)
    till = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    events = installation.data(f"activity/{where}/search", params={"till": till})
    event, start = events[1]["id"], events[1]["date"]
    address = f"activity/{where}/{event}"

    def taken() -> int:
        return int(installation.data(address)["records_count"])

    before = taken()
    who = {"fullname": "Ann Clark", "phone": phone, "email": "", "clients_count": 2}
    booked = client("POST", f"{address}/book", json=who)
    assert booked.status_code == 200, booked.text
    again = client("POST", f"{address}/book", json=who)
    assert again.json()["data"] == booked.json()["data"]
    [mine] = client("GET", "user/records").json()["data"]
    assert (mine["activity_id"], mine["clients_count"], mine["datetime"]) == (event, 2, start)
    assert taken() == before + 2

    too_many = client("POST", f"{address}/book", json={**who, "clients_count": 3})
    assert (too_many.status_code, too_many.json()["errors"]["reason"]) == (422, "too_many_seats")
    later = (datetime.fromisoformat(start) + timedelta(minutes=30)).isoformat()
    alone = client("PUT", f"book_record/{where}/{mine['id']}", json={"datetime": later})
    assert (alone.status_code, alone.json()["errors"]["reason"]) == (403, "part_of_a_class")

    moved = owner("PUT", address, json={"date": later})
    assert moved.status_code == 200, moved.text
    [mine] = client("GET", "user/records").json()["data"]
    assert mine["datetime"] == later
    wait_for(lambda: kinds(installation, phone) == {"appointment_created", "appointment_moved"})

    record = booked.json()["data"]
    given_back = client("DELETE", f"user/records/{record['id']}/{record['hash']}")
    assert given_back.status_code == 200, given_back.text
    assert taken() == before
    assert owner("PUT", address, json={"date": start}).json()["data"]["date"] == start
