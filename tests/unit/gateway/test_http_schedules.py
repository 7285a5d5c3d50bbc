"""Working hours over HTTP, for staff."""

from typing import Any

import pytest

DAYS = [
    {
        "day": "2026-11-20",
        "is_working": True,
        "slots": [{"opens_minute": 600, "closes_minute": 1140}],
    },
    {"day": "2026-11-21", "is_working": False, "slots": []},
]


@pytest.fixture
def desk(front: Any) -> Any:
    front.answers("get_schedule", lambda **_: {"days": DAYS})
    front.answers("set_schedule", lambda **_: {})
    return front


@pytest.mark.parametrize("days", ["2026-11-20/2026-11-21", "20261120/20261121/"])
def test_working_hours_are_told_day_by_day(desk, days):
    response = desk.get(f"/api/v1/schedule/1/3/{days}", user="staff")
    told = [
        {"date": "2026-11-20", "is_working": True, "slots": [{"from": "10:00", "to": "19:00"}]},
        {"date": "2026-11-21", "is_working": False, "slots": []},
    ]
    assert response.json == {"success": True, "data": told, "meta": []}
    assert desk.get(f"/api/v1/schedule/1/3/{days}", user="staff", accept="*/*").json == told
    assert desk.last_call["arguments"] == {
        "location_id": 1,
        "staff_id": 3,
        "from_day": "2026-11-20",
        "to_day": "2026-11-21",
    }


def test_no_more_than_a_year_of_working_hours_is_asked_for(desk):
    desk.get("/api/v1/schedule/1/3/2026-01-01/9999-12-31", user="staff")
    assert desk.last_call["arguments"]["to_day"] == "2027-01-01"


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        ("soon/2026-11-20", "day_malformed", "start_date"),
        ("2026-11-20/20261321", "day_malformed", "end_date"),
        ("2026-11-20/2026-11-19", "period_inverted", "end_date"),
    ],
)
def test_a_period_that_is_none_is_refused(desk, days, reason, field):
    response = desk.get(f"/api/v1/schedule/1/3/{days}", user="staff")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)
    assert list(response.json["errors"]["fields"]) == [field]


def test_working_hours_are_set_by_the_bare_array(desk):
    body = [
        {"date": "2026-11-20", "is_working": True, "slots": [{"from": "10:00", "to": "19:00"}]},
        {"date": "20261121", "is_working": 0, "slots": []},
        {"date": "2026-11-22", "slots": [{"from": "22:00", "to": "02:00"}]},
        {"date": "2026-11-23", "slots": [{"from": "9:00", "to": "24:00"}]},
        {"date": "2026-11-24", "is_working": True, "slots": None},
        {"date": "2026-11-25", "is_working": False, "slots": [{"from": "9:00", "to": "18:00"}]},
    ]
    response = desk.put("/api/v1/schedule/1/3/2026-11-20/2026-11-24", json=body, user="staff")
    assert response.status_code == 201
    assert response.json["data"][2] == {
        "date": "2026-11-22",
        "is_working": True,
        "slots": [{"from": "22:00", "to": "02:00"}],
    }
    assert response.json["data"][3]["slots"] == [{"from": "09:00", "to": "24:00"}]
    off = {"is_working": False, "slots": []}
    assert response.json["data"][4:] == [{"date": f"2026-11-{day}", **off} for day in (24, 25)]
    asked = desk.last_request
    assert (asked["location_id"], asked["staff_id"]) == (1, 3)
    assert [(day["day"], day["is_working"]) for day in asked["days"]] == [
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("2026-11-22", True),
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("2026-11-25", False),
    ]
    assert asked["days"][2]["slots"] == [{"opens_minute": 1320, "closes_minute": 1560}]
    assert asked["days"][3]["slots"] == [{"opens_minute": 540, "closes_minute": 1440}]


def hours(opens: Any, closes: Any) -> list[dict[str, Any]]:
    return [{"date": "2026-11-20", "slots": [{"from": opens, "to": closes}]}]


@pytest.mark.parametrize(
    ("body", "reason", "field"),
    [
        ([], "field_invalid", "body"),
        ({}, "field_invalid", "body"),
        (hours("9:00", "18:00") * 367, "field_invalid", "body"),
        ([{"is_working": True}], "field_missing", "0.date"),
        ([{"date": "2026-11-20"}], "field_missing", "0.slots"),
        ([{"date": "soon", "slots": []}], "day_malformed", "0.date"),
        ([{"date": "2026-11-20", "slots": [{"from": "10:00"}]}], "field_missing", "0.slots.0.to"),
        (hours("10:00", "10:00"), "schedule_malformed", "0.slots.0.to"),
        (hours("10:00", "09:00"), "schedule_malformed", "0.slots.0.to"),
        (hours("18:00", "10:30"), "schedule_malformed", "0.slots.0.to"),
        (hours("24:00", "02:00"), "schedule_malformed", "0.slots.0.to"),
        (hours("10:00", "25:00"), "clock_malformed", "0.slots.0.to"),
        (hours("10:60", "12:00"), "clock_malformed", "0.slots.0.from"),
        (hours("10:00", 12), "clock_malformed", "0.slots.0.to"),
        ([{"date": "2026-11-20", "slots": "all day"}], "field_invalid", "0.slots"),
    ],
)
def test_working_hours_that_make_no_sense_are_refused(desk, body, reason, field):
    response = desk.put("/api/v1/schedule/1/3/2026-11-20/2026-11-20", json=body, user="staff")
    assert response.status_code == 422, response.text
    assert response.json["errors"]["reason"] == reason
    assert list(response.json["errors"]["fields"]) == [field]
    assert desk.booking.received == []


PEOPLE = "/api/v1/company/1/staff/schedule"


@pytest.fixture
def everybody(front: Any) -> Any:
    busy = {
        "appointment_id": 17,
        "starts_at": "2026-11-20T09:00:00Z",
        "ends_at": "2026-11-20T10:30:00Z",
    }
    held = {**busy, "appointment_id": None, "starts_at": "2026-11-20T10:30:00Z"}
    days = [{**day, "staff_id": 3, "busy": []} for day in DAYS]
    days[0]["busy"] = [busy, held]
    front.answers("list_schedules", lambda **_: {"timezone": "Europe/Paris", "days": days})
    front.answers("set_schedules", lambda **_: {})
    return front


def test_everybodys_hours_are_told_with_what_was_asked_for(everybody):
    asked = {"start_date": "2026-11-20", "end_date": "20261121", "staff_ids[]": [3, 4]}
    worked = {
        "staff_id": 3,
        "team_member_id": 3,
        "date": "2026-11-20",
        "slots": [{"from": "10:00", "to": "19:00"}],
    }
    response = everybody.get(PEOPLE, query_string=asked, user="staff")
    assert response.json == {"success": True, "data": [worked], "meta": {"count": 1}}
    assert everybody.last_call["arguments"] == {
        "location_id": 1,
        "from_day": "2026-11-20",
        "to_day": "2026-11-21",
        "staff_ids": [3, 4],
        "with_busy": False,
    }
    more = asked | {"include": "busy_intervals,off_day_type"}
    first, second = everybody.get(PEOPLE, query_string=more, user="staff", accept="*/*").json
    assert everybody.last_call["arguments"]["with_busy"] is True
    record = {"entity_type": "record", "entity_id": 17, "from": "10:00", "to": "11:30"}
    other = {"entity_type": "other", "entity_id": 0, "from": "11:30", "to": "11:30"}
    assert first == {**worked, "busy_intervals": [record, other], "off_day_type": None}
    assert (second["off_day_type"], second["slots"]) == (1, [])


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"start_date": ""}, "field_missing", "start_date"),
        ({"end_date": "soon"}, "day_malformed", "end_date"),
        ({"end_date": "2026-11-19"}, "period_inverted", "end_date"),
        ({"staff_ids": "3,x"}, "field_invalid", "staff_ids.1"),
        ({"include": "wages"}, "field_invalid", "include.0"),
    ],
)
def test_what_cannot_be_told_of_everybody_is_refused(everybody, changes, reason, field):
    asked = {"start_date": "2026-11-20", "end_date": "2026-11-21", **changes}
    response = everybody.get(PEOPLE, query_string=asked, user="staff")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)
    assert list(response.json["errors"]["fields"]) == [field]


def test_hours_of_several_people_are_set_in_one_request(everybody):
    body = {
        "schedules_to_set": [
            {
                "team_member_id": 3,
                "dates": ["2026-11-20", "20261121"],
                "slots": [{"from": "22:00", "to": "02:00"}],
            }
        ],
        "schedules_to_delete": [{"staff_id": "4", "dates": ["2026-11-20"]}],
    }
    response = everybody.put(PEOPLE, json=body, user="staff")
    assert response.status_code == 200, response.text
    assert everybody.last_request == {
        "location_id": 1,
        "to_set": [
            {
                "staff_id": 3,
                "dates": ["2026-11-20", "2026-11-21"],
                "slots": [{"opens_minute": 1320, "closes_minute": 1560}],
            }
        ],
        "to_clear": [{"staff_id": 4, "dates": ["2026-11-20"]}],
    }
    assert [one["date"] for one in response.json["data"]] == ["2026-11-20", "2026-11-21"]
    assert response.json["data"][0]["slots"] == [{"from": "22:00", "to": "02:00"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "schedules_to_set"),
        ({"schedules_to_set": [], "schedules_to_delete": None}, "schedules_to_set"),
        (
            {"schedules_to_set": [{"team_member_id": 3, "dates": ["2026-11-20"], "slots": []}]},
            "schedules_to_set.0.slots",
        ),
        (
            {"schedules_to_delete": [{"team_member_id": 3, "dates": []}]},
            "schedules_to_delete.0.dates",
        ),
        (
            {"schedules_to_delete": [{"dates": ["2026-11-20"]}]},
            "schedules_to_delete.0.team_member_id",
        ),
    ],
)
def test_a_request_that_sets_nothing_is_refused(everybody, body, field):
    response = everybody.put(PEOPLE, json=body, user="staff")
    assert response.status_code == 422
    assert list(response.json["errors"]["fields"]) == [field]
