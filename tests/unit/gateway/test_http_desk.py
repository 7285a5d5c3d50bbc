"""Appointments over HTTP, for staff."""

from typing import Any

import pytest

from services.common.errors import Forbidden, Invalid
from tests import snapshots as a

WHEN = "2026-11-20T10:00:00+01:00"
WRITTEN = {
    "staff_id": 3,
    "services": [{"id": 11, "first_cost": 45.5, "discount": 10, "cost": "40.95"}],
    "client": {"name": "Camille", "phone": 33612345678, "email": ""},
    "datetime": WHEN,
}


@pytest.fixture
def desk(front: Any) -> Any:
    """Booking's part of it; the location is one of Paris."""
    front.answers("get_location", lambda **_: a.a_location())
    for command in ("create_appointment", "update_appointment", "delete_appointment"):
        front.answers(command, lambda **_: a.an_appointment(version=2, is_online=False))
    front.answers("get_appointment_for_staff", lambda **_: a.an_appointment(version=2))
    front.answers("list_appointments", lambda **_: {"items": [a.an_appointment()], "total": 41})
    return front


def test_records_of_a_location_are_listed_in_both_bodies(desk):
    enveloped = desk.get("/api/v1/records/1/", user="staff").json
    assert enveloped["meta"] == {"page": 1, "total_count": 41}
    bare = desk.get("/api/v1/records/1", user="staff", accept="*/*").json
    assert bare == {"count": 41, "data": enveloped["data"]}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {"page": 1, "page_size": 50, "staff_id": None, "with_cancelled": False}),
        ("page=2&count=300", {"page": 2, "page_size": 300}),
        ("count=100000&page=0", {"page": 1, "page_size": 300}),
        ("team_member_id=3&client_id=5", {"staff_id": 3, "client_id": 5}),
        (
            "start_date=2026-11-01&end_date=2026-11-30T00:00:00",
            {"from_day": "2026-11-01", "to_day": "2026-11-30"},
        ),
        (
            "c_start_date=2026-11-01&c_end_date=2026-11-02T10:00:00",
            {"created_from": "2026-11-01", "created_to": "2026-11-02T10:00:00"},
        ),
        (
            "changed_after=2026-11-01T10:00:00%2B01:00&changed_before=2026-11-02",
            {"changed_after": "2026-11-01T10:00:00+01:00", "changed_before": "2026-11-02"},
        ),
        ("with_deleted=1&include_consumables=1", {"with_cancelled": True}),
    ],
)
def test_records_of_a_location_can_be_narrowed_down(desk, query, wanted):
    assert desk.get(f"/api/v1/records/1?{query}", user="staff").status_code == 200
    asked = desk.last_call["arguments"]
    assert {name: asked[name] for name in wanted} == wanted
    assert asked["location_id"] == 1


@pytest.mark.parametrize("query", ["start_date=soon", "changed_after=soon", "staff_id=x"])
def test_a_filter_that_makes_no_sense_is_refused(desk, query):
    assert desk.get(f"/api/v1/records/1?{query}", user="staff").status_code == 422


def test_an_appointment_is_written_down_in_minor_units(desk):
    response = desk.post("/api/v1/records/1", json=WRITTEN, user="staff")
    assert (response.status_code, response.headers["ETag"]) == (201, '"2"')
    assert response.json["data"]["id"] == 17
    assert desk.last_request == {
        "location_id": 1,
        "staff_id": 3,
        "services": [
            {"id": 11, "first_cost_minor": 4550, "discount_percent": 10, "cost_minor": 4095}
        ],
        "client": {"name": "Camille", "phone": "33612345678", "email": None},
        "starts_at": WHEN,
    }


def test_without_prices_the_currency_is_not_asked_for(desk):
    body = {**WRITTEN, "services": [{"id": 11}], "client": None, "seance_length": 0}
    assert desk.post("/api/v1/records/1", json=body, user="staff").status_code == 201
    assert [call["method"] for call in desk.booking.received] == ["create_appointment"]
    assert desk.last_request["client"] is None
    assert "duration_seconds" not in desk.last_request


@pytest.mark.parametrize("nobody", [None, {}, [], ""])
def test_an_appointment_may_be_for_nobody_in_particular(desk, nobody):
    body = {**WRITTEN, "services": [{"id": 11}], "client": nobody}
    response = desk.post("/api/v1/records/1", json=body, user="staff")
    assert response.status_code == 201
    assert desk.last_request["client"] is None


@pytest.mark.parametrize("missing", ["staff_id", "services", "client", "datetime"])
def test_a_new_appointment_needs_somebody_something_and_a_time(desk, missing):
    body = {name: value for name, value in WRITTEN.items() if name != missing}
    response = desk.post("/api/v1/records/1", json=body, user="staff")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, "field_missing")
    assert list(response.json["errors"]["fields"]) == [missing]


def test_one_appointment_is_an_object_with_its_version(desk):
    response = desk.get("/api/v1/record/1/17", user="staff")
    assert (response.json["data"]["id"], response.headers["ETag"]) == (17, '"2"')
    assert desk.last_call["arguments"] == {"location_id": 1, "appointment_id": 17}


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ({}, {}),
        ({"attendance": 1}, {"attendance": "came"}),
        ({"visit_attendance": -1}, {"attendance": "no_show"}),
        ({"attendance": 0, "visit_attendance": 1}, {"attendance": "waiting"}),
        ({"attendance": "2", "confirmed": 1}, {"attendance": "confirmed", "confirmed": True}),
        ({"confirmed": 0, "comment": ""}, {"confirmed": False, "comment": ""}),
        ({"session_length": 1800}, {"duration_seconds": 1800}),
        (
            {"seance_length": 1800, "save_if_busy": 1},
            {"duration_seconds": 1800, "save_if_busy": True},
        ),
        ({"client": None, "comment": None, "staff_id": None, "services": None}, {}),
        ({"client": [], "api_id": ""}, {"api_id": None}),
        ({"team_member_id": 4, "sms_remain_hours": 2}, {"staff_id": 4, "sms_reminder_hours": 2}),
        ({"datetime": WHEN, "custom_fields": []}, {"starts_at": WHEN, "custom_fields": {}}),
    ],
)
def test_what_a_change_does_not_name_stays_as_it_is(desk, body, changes):
    response = desk.put("/api/v1/record/1/17", json=body, user="staff")
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    known = {"location_id": 1, "appointment_id": 17, "version": None}
    assert desk.last_request == known | changes


def test_a_record_may_be_sent_back_whole(desk):
    record = desk.get("/api/v1/record/1/17", user="staff").json["data"]
    record["attendance"] = 1
    headers = {"If-Match": '"2"'}
    desk.put("/api/v1/record/1/17", json=record, user="staff", headers=headers)
    assert desk.last_request == {
        "location_id": 1,
        "appointment_id": 17,
        "version": 2,
        "staff_id": 3,
        "services": [
            {"id": 11, "first_cost_minor": 4550, "discount_percent": 0, "cost_minor": 4550}
        ],
        "client": {"name": "Camille", "phone": "+33612345678", "email": None},
        "starts_at": WHEN,
        "duration_seconds": 3600,
        "buffer_seconds": 0,
        "comment": "",
        "color": "",
        "sms_reminder_hours": 2,
        "email_reminder_hours": 0,
        "attendance": "came",
        "confirmed": False,
        "custom_fields": {},
        "label_ids": [],
        "seats": 1,
        "api_id": None,
    }


@pytest.mark.parametrize(
    "body",
    [
        {"attendance": 3},
        {"attendance": "came"},
        {"services": [{"id": 11, "cost": -1}]},
        {"services": [{"id": 11, "cost": "NaN"}]},
        {"services": [{"id": 11, "discount": 12.5}]},
        {"services": [{"id": 11, "discount": 101}]},
        {"services": [{"id": 0}]},
        {"services": [{"id": 11}] * 51},
        {"client": "Camille"},
        {"datetime": "soon"},
        {"seance_length": -1},
        {"seance_length": 299},
        {"seance_length": 86401},
        {"sms_remain_hours": 721},
        {"confirmed": "perhaps"},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(desk, body):
    response = desk.put("/api/v1/record/1/17", json=body, user="staff")
    assert response.status_code == 422, response.text
    assert desk.booking.received == []


def test_everything_that_a_new_record_lacks_is_named(desk):
    fields = desk.post("/api/v1/records/1", json={}, user="staff").json["errors"]["fields"]
    assert fields.keys() == {"client", "staff_id", "services", "datetime"}
    body = {"staff_id": "x", "client": None, "services": []}
    fields = desk.post("/api/v1/records/1", json=body, user="staff").json["errors"]["fields"]
    assert fields.keys() == {"staff_id", "datetime"}


def test_what_is_wrong_with_the_client_is_said_of_the_client(desk):
    def refuse(**_: Any) -> None:
        raise Invalid("name_missing", fields={"name": "required"})

    desk.answers("create_appointment", refuse)
    refused = desk.post("/api/v1/records/1", json=WRITTEN, user="staff")
    assert refused.json["errors"]["fields"].keys() == {"client.name"}


def test_a_deleted_record_is_answered_with_nothing(desk):
    headers = {"If-Match": '"2"'}
    response = desk.delete("/api/v1/record/1/17", user="staff", headers=headers)
    assert (response.status_code, response.data) == (204, b"")
    assert desk.last_request == {"location_id": 1, "appointment_id": 17, "version": 2}


CALLS = [
    ("GET", "/api/v1/records/1"),
    ("POST", "/api/v1/records/1"),
    ("GET", "/api/v1/record/1/17"),
    ("PUT", "/api/v1/record/1/17"),
    ("DELETE", "/api/v1/record/1/17"),
    ("GET", "/api/v1/schedule/1/3/2026-11-20/2026-11-20"),
    ("PUT", "/api/v1/schedule/1/3/2026-11-20/2026-11-20"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    ("user", "status", "reason"), [(None, 401, "unauthenticated"), ("client", 403, "forbidden")]
)
def test_only_staff_are_let_behind_the_desk(desk, method, path, user, status, reason):
    response = desk.open(method, path, user=user)
    assert (response.status_code, response.json["errors"]["reason"]) == (status, reason)
    assert desk.booking.received == []


def test_which_staff_may_act_where_is_bookings_to_say(desk):
    def refuse(**_: Any) -> None:
        raise Forbidden("forbidden")

    desk.answers("list_appointments", refuse)
    assert desk.get("/api/v1/records/2", user="staff").status_code == 403


def test_what_came_through_a_key_is_listed_page_by_page(desk):
    desk.answers(
        "list_partner_appointments", lambda **_: {"items": [a.an_appointment()], "total": 5}
    )
    path = "/api/v1/records/partner?page=2&editable_length=4"
    response = desk.get(path, user="staff")
    assert desk.last_call["arguments"] == {"page": 2, "page_size": 4}
    assert response.json["meta"] == {"page": 2, "total_count": 5}
    assert [one["id"] for one in response.json["data"]] == [17]
    assert desk.get(path, user="staff", accept="*/*").json["count"] == 5


@pytest.mark.parametrize("color", ["teal", "#12", "url(x)", "1234567890"])
def test_a_colour_that_is_none_is_refused(desk, color):
    response = desk.put("/api/v1/record/1/17", json={"custom_color": color}, user="staff")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, "field_invalid")
    assert desk.booking.received == []
