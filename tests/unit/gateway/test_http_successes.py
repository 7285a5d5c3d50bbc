"""Successes over HTTP: addresses, arguments, bodies, keys, ids of requests."""

from typing import Any

import pytest

from tests import callers
from tests import snapshots as a

VISIT = {"id": 1, "services": [5], "staff_id": 3, "datetime": "2026-11-20T10:00:00+0100"}
BOOKING = {"phone": "+33612345678", "fullname": "Camille", "appointments": [VISIT]}
BOOKED = {"appointments": [{"handle": 1, "appointment_id": 17, "hash": "ab" * 16}]}


@pytest.mark.parametrize("path", ["/api/v1/company/1", "/api/v1/company/1/"])
def test_a_trailing_slash_changes_nothing(front, path):
    front.answers("get_location", lambda **_: a.a_location())
    response = front.get(path)
    assert (response.status_code, response.json["data"]["id"]) == (200, 1)


@pytest.mark.parametrize("path", ["/api/v1/book_record/1", "/api/v1/book_record/1/"])
def test_a_post_is_never_redirected(front, path):
    front.answers("book_appointments", lambda **_: BOOKED)
    assert front.post(path, json=BOOKING).status_code == 201


def test_a_body_in_the_envelope_or_bare(front):
    front.answers("get_location", lambda **_: a.a_location())
    enveloped = front.get("/api/v1/company/1").json
    bare = front.get("/api/v1/company/1", accept="application/json").json
    assert enveloped == {"success": True, "data": bare, "meta": []}
    assert bare["id"] == 1


@pytest.mark.parametrize("path", ["/api/v1/companies", "/api/v1/locations/"])
def test_locations_are_paged_with_their_grand_total(front, path):
    front.answers("list_locations", lambda **_: {"items": [a.a_location()], "total": 41})
    response = front.get(f"{path}?count=1&page=3&group_id=7&id[]=1&id[]=2&forBooking=1")
    assert response.json["meta"] == {"count": 1, "page": 3, "total_count": 41}
    asked = front.last_call["arguments"]
    assert (asked["page"], asked["page_size"], asked["business_id"]) == (3, 1, 7)
    assert (asked["location_ids"], asked["with_next_slot"]) == ([1, 2], True)
    assert isinstance(front.get(path, accept="*/*").json, list)


def test_free_times_of_a_day(front):
    slots = {"timezone": "Europe/Paris", "day": "2026-11-20", "slots": [a.a_slot()]}
    front.answers("list_free_slots", lambda **_: slots)
    response = front.get("/api/v1/book_times/1/0/2026-11-20?service_ids[]=5&service_ids[]=6")
    assert response.json["data"][0]["datetime"] == "2026-11-20T10:00:00+01:00"
    assert response.json["meta"] == []
    assert front.last_call["arguments"] == {
        "location_id": 1,
        "staff_id": None,
        "service_ids": [5, 6],
        "day": "2026-11-20",
    }


def test_free_days_of_a_month(front):
    front.answers("list_free_days", lambda **_: {"free_days": [], "working_days": []})
    front.get("/api/v1/book_dates/1?date=2026-11-01&master_id=3")
    asked = front.last_call["arguments"]
    assert (asked["from_day"], asked["to_day"]) == ("2026-11-01", "2026-11-30")
    assert asked["staff_id"] == 3


def test_days_of_a_month_are_of_one_year(front):
    """The contract's months have no year; the dates beside them have."""
    days = ["2026-11-20", "2026-12-01", "2027-10-31", "2027-11-02"]
    front.answers("list_free_days", lambda **_: {"free_days": days, "working_days": []})
    told = front.get("/api/v1/book_dates/1?date_from=2026-11-20&date_to=9999-01-01").json["data"]
    assert told["booking_days"] == {"11": [20], "12": [1], "10": [31]}
    assert (told["booking_dates"], told["working_days"]) == (days, [])


def test_the_nearest_day(front):
    front.answers("list_nearest_slots", lambda **_: {"timezone": "UTC", "day": None, "slots": []})
    response = front.get("/api/v1/book_staff_seances/1/3/?datetime=2026-11-20")
    assert response.json["data"] == {"seance_date": None, "seances": [], "sessions": []}
    assert front.last_call["arguments"]["on"] == "2026-11-20"


def test_staff_without_their_slots(front):
    found = {"timezone": "Europe/Paris", "staff": [a.a_bare_staff_member()]}
    front.answers("list_bookable_staff", lambda **_: found)
    response = front.get("/api/v1/book_staff/1?without_seances=1")
    assert response.json["data"][0]["id"] == 3
    assert front.last_call["arguments"]["with_slots"] is False


def test_services_at_a_time(front):
    front.answers("list_bookable_services", lambda **_: a.a_catalogue())
    response = front.get("/api/v1/book_services/1?staff_id=3&datetime=2026-11-20T10:00:00+03:00")
    assert [service["id"] for service in response.json["data"]["services"]] == [11, 12]
    assert front.last_call["arguments"]["starts_at"] == "2026-11-20T10:00:00+03:00"


def test_a_booking_form(front):
    front.answers("get_booking_form", lambda **_: a.a_booking_form())
    assert front.get("/api/v1/bookform/4").json["data"]["group_id"] == 7


@pytest.mark.parametrize("accept", ["application/vnd.api.v2+json", "*/*"])
@pytest.mark.parametrize(
    ("lang", "word"), [("en-US", "Back"), ("en_us", "Back"), ("fr-FR", "Retour"), ("xx", "Back")]
)
def test_the_dictionary_is_bare_in_the_asked_language_or_english(front, lang, word, accept):
    response = front.get(f"/api/v1/i18n/{lang}", accept=accept)
    assert response.status_code == 200
    assert response.json["back"] == word


@pytest.mark.parametrize("body", [{"appointments": [VISIT]}, [VISIT]])
def test_a_check_succeeds_with_nothing_to_show(front, body):
    front.answers("check_appointments", lambda **_: {})
    response = front.post("/api/v1/book_check/1", json=body)
    assert response.status_code == 201
    assert response.json == {"success": True, "data": None, "meta": {"message": "Created"}}
    assert front.last_call["arguments"]["appointments"] == [
        {
            "handle": 1,
            "service_ids": [5],
            "staff_id": 3,
            "starts_at": "2026-11-20T10:00:00+01:00",
            "custom_fields": {},
        }
    ]
    bare = front.post("/api/v1/book_check/1", json=body, accept="*/*")
    assert (bare.status_code, bare.data) == (201, b"")


def test_a_booking_names_its_records_in_the_order_of_the_request(front):
    front.answers("book_appointments", lambda **_: BOOKED)
    response = front.post("/api/v1/book_record/1", json=BOOKING)
    assert response.status_code == 201
    assert response.json["data"] == [{"id": 1, "record_id": 17, "record_hash": "ab" * 16}]
    request = front.last_call["arguments"]["request"]
    assert request["client"] == {"name": "Camille", "phone": "+33612345678", "email": None}


def test_a_record_is_read_and_cancelled_by_its_hash(front):
    front.answers("get_appointment", lambda **_: a.an_appointment())
    front.answers("cancel_appointment", lambda **_: a.an_appointment(is_cancelled=True))
    assert front.get("/api/v1/book_record/1/17/abcd").json["data"]["id"] == 17
    cancelled = front.open("DELETE", "/api/v1/user/records/17/abcd/")
    assert cancelled.status_code == 200
    assert cancelled.json == {"success": True, "data": None, "meta": []}
    assert front.last_request == {"appointment_id": 17, "hash": "abcd", "version": None}


def test_a_developer_reads_what_was_sent(front):
    sent = [{"id": 1, "recipient": "+33612345678"}]
    front.notify.methods["list_sent_messages"] = lambda to: {"messages": sent}
    assert front.get("/dev/messages?to=%2B33612345678", headers={}).json == sent
    assert front.notify.received[-1]["arguments"] == {"to": "+33612345678"}


def test_the_floor_of_a_measurement_is_no_call_or_an_empty_one(front):
    front.answers("ping", dict)
    assert (front.get("/dev/noop").json, front.booking.received) == ({}, [])
    assert (front.get("/dev/echo").json, front.last_call["method"]) == ({}, "ping")


def command_id(front: Any) -> str:
    found: str = front.last_call["headers"]["nameko.command_id"]
    return found


def book_with(front: Any, key: str) -> str:
    front.post("/api/v1/book_record/1", json=BOOKING, headers={"Idempotency-Key": key})
    return command_id(front)


def test_the_same_idempotency_key_is_the_same_command(front):
    front.answers("book_appointments", lambda **_: BOOKED)
    assert book_with(front, "k1") == book_with(front, "k1")
    assert book_with(front, "k1") != book_with(front, "k2")
    assert book_with(front, "k1").startswith("key:")


def test_the_same_key_of_another_partner_is_another_command(front):
    front.answers("book_appointments", lambda **_: BOOKED)
    ours = book_with(front, "k1")
    another = callers.an_identity(id=4)
    front.auth.methods["identify"] = lambda partner_digest, user_digest: another
    response = front.post(
        "/api/v1/book_record/1",
        json=BOOKING,
        headers={"Idempotency-Key": "k1", "Authorization": "Bearer another"},
    )
    assert response.status_code == 201
    assert command_id(front) != ours


def test_without_a_key_every_request_is_a_command_of_its_own(front):
    front.answers("book_appointments", lambda **_: BOOKED)
    front.post("/api/v1/book_record/1", json=BOOKING)
    first = command_id(front)
    front.post("/api/v1/book_record/1", json=BOOKING)
    assert command_id(front) not in ("", first)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_of_a_wrong_length_is_refused(front, key):
    response = front.post("/api/v1/book_record/1", json=BOOKING, headers={"Idempotency-Key": key})
    assert response.status_code == 422
    assert response.json["errors"]["reason"] == "idempotency_key_malformed"
    assert front.booking.received == []


def test_a_sane_request_id_is_kept_and_another_replaced(front):
    assert front.get("/livez", headers={"X-Request-Id": "r-1"}).headers["X-Request-Id"] == "r-1"
    for strange in ("", "a b", "x" * 101, "<script>"):
        made = front.get("/livez", headers={"X-Request-Id": strange}).headers["X-Request-Id"]
        assert made != strange
        assert len(made) == 36


def test_the_request_id_travels_to_the_service(front):
    front.answers("get_location", lambda **_: a.a_location())
    response = front.get("/api/v1/company/1")
    assert front.last_call["headers"]["nameko.request_id"] == response.headers["X-Request-Id"]


def test_life_and_readiness(front):
    assert front.get("/livez").status_code == 200
    assert front.get("/readyz").json == {"status": "ok"}


def test_a_head_request_is_answered_like_a_get_without_its_body(front):
    front.answers("get_location", lambda **_: a.a_location())
    response = front.open("HEAD", "/api/v1/company/1")
    assert (response.status_code, response.data) == (200, b"")
