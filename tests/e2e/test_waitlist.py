"""Waiting for a time over HTTP: it becomes free, is declined, is passed on, is booked."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.test_main_job import Ask, kinds, sign_in, signed_in
from tests.e2e.waiting import wait_for
from tests.installations import Installation, a_phone, a_record


def offer_to(client: Ask) -> Any:
    """The time that a client is offered."""
    found = client("GET", "user/waitlist").json()["data"]
    return next((entry["offer"] for entry in found if entry["offer"]), None)


def test_a_time_that_becomes_free_goes_down_the_line(installation: Installation) -> None:
    where, (service, staff) = installation.location_id, installation.bookable()
    answer = installation.ask("POST", "auth", json=installation.demo["owner"])
    owner = signed_in(installation, answer.json()["data"]["user_token"])
    day = (datetime.now(UTC).date() + timedelta(days=27)).isoformat()
    services = installation.data(f"book_services/{where}")["services"]
    length = next(one["seance_length"] for one in services if one["id"] == service)
    until = f"{10 + length // 3600}:{length % 3600 // 60:02}"
    hours = [{"date": day, "is_working": True, "slots": [{"from": "10:00", "to": until}]}]
    assert owner("PUT", f"schedule/{where}/{staff}/{day}/{day}", json=hours).status_code == 201
    times = f"book_times/{where}/{staff}/{day}"
    [slot] = installation.data(times, params={"service_ids[]": service})
    record = a_record(service, staff, slot["datetime"])
    booked = installation.ask("POST", f"book_record/{where}", json=record)
    [made] = booked.json()["data"]

    phones = [a_phone(), a_phone()]
    first, second = (sign_in(installation, phone) for phone in phones)
    wish = {"service_ids": [service], "staff_id": staff, "date_from": day, "fullname": "Ann"}
    entries = []
    for client in (first, second):
        joined = client("POST", f"user/waitlist/{where}", json=wish)
        assert joined.status_code == 201, joined.text
        entries.append(joined.json()["data"])
    assert [entry["date_to"] for entry in entries] == [day, day]
    assert offer_to(first) is None

    installation.ask("DELETE", f"user/records/{made['record_id']}/{made['record_hash']}")
    offer = wait_for(lambda: offer_to(first))
    assert (offer["datetime"], offer["staff"]["id"]) == (slot["datetime"], staff)
    wait_for(lambda: "waitlist_offer_made" in kinds(installation, phones[0]))
    assert kinds(installation, phones[1]) == set()
    assert installation.data(times, params={"service_ids[]": service}) == []
    listed = owner("GET", f"waitlist/{where}").json()["data"]
    assert [one["client"]["phone"] for one in listed] == phones

    mine = [f"user/waitlist/{entry['id']}" for entry in entries]
    assert second("POST", f"{mine[0]}/accept", json={}).status_code == 404
    assert second("POST", f"{mine[1]}/accept", json={}).status_code == 409
    assert first("POST", f"{mine[0]}/decline").json()["data"]["offer"] is None
    wait_for(lambda: offer_to(second))
    accepted = second("POST", f"{mine[1]}/accept", json={"comment": "At last"})
    assert accepted.status_code == 201, accepted.text
    [shown] = second("GET", f"user/records/{accepted.json()['data']['record_id']}").json()["data"]
    assert (shown["datetime"], shown["comment"]) == (slot["datetime"], "At last")
    assert second("GET", "user/waitlist").json()["data"] == []

    removed = owner("DELETE", f"waitlist/{where}/{entries[0]['id']}")
    assert removed.status_code == 204
    assert first("GET", "user/waitlist").json()["data"] == []
