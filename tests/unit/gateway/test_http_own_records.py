"""A client's own appointments over HTTP: listed, read, moved, cancelled, confirmed."""

from typing import Any

import pytest

from services.common.errors import Conflict, Forbidden, NotFound
from tests import snapshots as a

WHEN = "2026-11-21T10:00:00+01:00"
HASH = "ab" * 16
OWN = ("/api/v1/user/records/17", {"user": "client"}, None)
BY_HASH = (f"/api/v1/user/records/17/{HASH}", {}, HASH)
WAYS = pytest.mark.parametrize(("path", "known", "hash"), [OWN, BY_HASH])


def raising(error: Exception) -> Any:
    def answer(**_: Any) -> None:
        raise error

    return answer


@pytest.mark.parametrize("path", ["/api/v1/user/records", "/api/v1/user/records/"])
def test_own_records_are_listed_with_their_grand_total(front, path):
    front.answers("list_own_appointments", lambda **_: {"items": [a.an_appointment()], "total": 41})
    response = front.get(path, user="client")
    assert response.status_code == 200
    assert response.json["meta"] == {"count": 1, "page": 1, "total_count": 41}
    assert [record["id"] for record in response.json["data"]] == [17]
    assert front.get(path, user="client", accept="*/*").json == response.json["data"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {"business_id": None, "location_id": None, "kind": "all", "page": 1, "page_size": 50}),
        ("group_id=7&kind=upcoming", {"business_id": 7, "kind": "upcoming"}),
        ("chain_id=7", {"business_id": 7}),
        ("company_id=1&kind=past", {"location_id": 1, "kind": "past"}),
        ("salon_id=1&kind=cancelled", {"location_id": 1, "kind": "cancelled"}),
        ("group_id=0&company_id=0", {"business_id": None, "location_id": None}),
        ("page=3&count=1000", {"page": 3, "page_size": 300}),
    ],
)
def test_own_records_can_be_narrowed_down(front, query, wanted):
    front.answers("list_own_appointments", lambda **_: {"items": [], "total": 0})
    assert front.get(f"/api/v1/user/records?{query}", user="client").json["data"] == []
    asked = front.last_call["arguments"]
    assert {name: asked[name] for name in wanted} == wanted


@pytest.mark.parametrize("query", ["kind=deleted", "group_id=x", "page=x"])
def test_a_filter_that_makes_no_sense_is_refused(front, query):
    response = front.get(f"/api/v1/user/records?{query}", user="client")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, "field_invalid")


@WAYS
def test_one_record_stands_in_an_array_with_its_version(front, path, known, hash):
    front.answers("get_appointment", lambda **_: a.an_appointment(version=3))
    response = front.get(path, **known)
    assert [record["id"] for record in response.json["data"]] == [17]
    assert (response.headers["ETag"], response.json["meta"]) == ('"3"', [])
    assert front.last_call["arguments"] == {"appointment_id": 17, "hash": hash}


@pytest.mark.parametrize(
    ("path", "known", "hash"),
    [
        ("/api/v1/book_record/1/17", {"user": "client"}, None),
        (f"/api/v1/book_record/1/17/{HASH}/", {}, HASH),
    ],
)
def test_a_record_of_a_location_is_an_object(front, path, known, hash):
    front.answers("get_appointment", lambda **_: a.an_appointment(version=3))
    response = front.get(path, **known)
    assert (response.json["data"]["id"], response.headers["ETag"]) == (17, '"3"')
    assert front.last_call["arguments"] == {
        "location_id": 1,
        "appointment_id": 17,
        "hash": hash,
    }


@pytest.mark.parametrize(
    ("path", "known", "hash"),
    [
        ("/api/v1/book_record/1/17/", {"user": "client"}, None),
        (f"/api/v1/book_record/1/17/{HASH}", {}, HASH),
    ],
)
def test_a_record_is_moved(front, path, known, hash):
    front.answers("move_appointment", lambda **_: a.an_appointment(version=4))
    response = front.put(path, json={"datetime": WHEN, "comment": "Late"}, **known)
    assert (response.status_code, response.headers["ETag"]) == (200, '"4"')
    staff = response.json["data"]["staff"]
    assert staff["spec"] == staff["specialization"] == "Stylist"
    assert front.last_request == {
        "location_id": 1,
        "appointment_id": 17,
        "hash": hash,
        "version": None,
        "starts_at": WHEN,
        "staff_id": None,
        "comment": "Late",
    }


def test_a_whole_record_may_be_sent_back_with_another_time(front):
    front.answers("get_appointment", lambda **_: a.an_appointment())
    front.answers("move_appointment", lambda **_: a.an_appointment())
    record = front.get("/api/v1/book_record/1/17", user="client").json["data"]
    front.put("/api/v1/book_record/1/17", json={**record, "datetime": WHEN}, user="client")
    asked = front.last_request
    assert (asked["starts_at"], asked["staff_id"], asked["comment"]) == (WHEN, None, "")


@pytest.mark.parametrize(
    ("body", "starts_at", "staff_id"),
    [
        ({"date": "2026-11-21 10:00:00"}, "2026-11-21T10:00:00", None),
        ({"datetime": WHEN, "date": "2026-11-22 10:00:00", "staff_id": "4"}, WHEN, 4),
        ({"datetime": WHEN, "staff_id": 0}, WHEN, None),
        ({"comment": "Late"}, None, None),
    ],
)
def test_a_move_says_only_what_changes(front, body, starts_at, staff_id):
    front.answers("move_appointment", lambda **_: a.an_appointment())
    assert front.put("/api/v1/book_record/1/17", json=body, user="client").status_code == 200
    assert (front.last_request["starts_at"], front.last_request["staff_id"]) == (
        starts_at,
        staff_id,
    )


@pytest.mark.parametrize(
    ("body", "reason"), [({}, "field_missing"), ({"datetime": "soon"}, "time_malformed")]
)
def test_a_move_to_nowhere_is_refused(front, body, reason):
    response = front.put("/api/v1/book_record/1/17", json=body, user="client")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)
    assert front.booking.received == []


@WAYS
def test_a_record_is_cancelled(front, path, known, hash):
    front.answers("cancel_appointment", lambda **_: a.an_appointment(is_cancelled=True))
    assert front.delete(path, **known).status_code == 200
    assert front.last_request == {"appointment_id": 17, "hash": hash, "version": None}


@WAYS
def test_a_client_says_that_they_will_come(front, path, known, hash):
    front.answers("confirm_appointment", lambda **_: a.an_appointment(attendance="confirmed"))
    response = front.post(f"{path}/confirm", **known)
    assert (response.status_code, response.json["data"]["attendance"]) == (200, 2)
    assert front.last_request == {"appointment_id": 17, "hash": hash}


@pytest.mark.parametrize(
    ("tag", "version"), [('"3"', 3), ("3", 3), ('W/"3"', 3), ("*", None), ("", None), (" 3 ", 3)]
)
def test_a_change_may_name_the_version_it_was_decided_on(front, tag, version):
    front.answers("cancel_appointment", lambda **_: a.an_appointment())
    front.answers("move_appointment", lambda **_: a.an_appointment())
    headers = {"If-Match": tag}
    front.delete("/api/v1/user/records/17", user="client", headers=headers)
    assert front.last_request["version"] == version
    body = {"datetime": WHEN}
    front.put("/api/v1/book_record/1/17", json=body, user="client", headers=headers)
    assert front.last_request["version"] == version


@pytest.mark.parametrize("tag", ['"abc"', '"3', "3, 4", '"3", "4"', "-1", "9" * 30])
def test_a_tag_that_is_none_of_ours_is_an_old_version(front, tag):
    response = front.delete("/api/v1/user/records/17", user="client", headers={"If-Match": tag})
    assert (response.status_code, response.json["errors"]["reason"]) == (409, "version_outdated")
    assert front.booking.received == []


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Conflict("version_outdated", params={"version": 4}), 409),
        (Conflict("already_cancelled"), 403),
        (Forbidden("move_not_allowed"), 403),
        (Forbidden("move_too_late", params={"hours": "2"}), 403),
        (Forbidden("already_started"), 403),
        (Conflict("slot_taken"), 422),
        (NotFound("appointment_not_found"), 404),
    ],
)
def test_a_refused_move_names_its_rule(front, refusal, status):
    front.answers("move_appointment", raising(refusal))
    response = front.put("/api/v1/book_record/1/17", json={"datetime": WHEN}, user="client")
    entry = response.json["errors"]
    assert (response.status_code, entry["reason"]) == (status, refusal.code)
    assert "{" not in entry["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/user/records"),
        ("GET", "/api/v1/user/records/17"),
        ("GET", "/api/v1/book_record/1/17"),
        ("PUT", "/api/v1/book_record/1/17"),
        ("DELETE", "/api/v1/user/records/17"),
        ("POST", "/api/v1/user/records/17/confirm"),
    ],
)
@pytest.mark.parametrize(
    ("user", "status", "reason"), [(None, 401, "unauthenticated"), ("staff", 403, "forbidden")]
)
def test_without_a_hash_only_clients_have_records(front, method, path, user, status, reason):
    response = front.open(method, path, user=user)
    assert (response.status_code, response.json["errors"]["reason"]) == (status, reason)
    assert front.booking.received == []
