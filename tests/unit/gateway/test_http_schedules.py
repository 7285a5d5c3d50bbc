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


@pytest.mark.parametrize("days", ["soon/2026-11-20", "2026-11-20/2026-11-19", "20261320/20261321"])
def test_a_period_that_is_none_is_refused(desk, days):
    response = desk.get(f"/api/v1/schedule/1/3/{days}", user="staff")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, "day_malformed")


def test_working_hours_are_set_by_the_bare_array(desk):
    body = [
        {"date": "2026-11-20", "is_working": True, "slots": [{"from": "10:00", "to": "19:00"}]},
        {"date": "20261121", "is_working": 0, "slots": []},
        {"date": "2026-11-22", "slots": [{"from": "22:00", "to": "02:00"}]},
        {"date": "2026-11-23", "slots": [{"from": "9:00", "to": "24:00"}]},
        {"date": "2026-11-24"},
    ]
    response = desk.put("/api/v1/schedule/1/3/2026-11-20/2026-11-24", json=body, user="staff")
    assert response.status_code == 201
    assert response.json["data"][2] == {
        "date": "2026-11-22",
        "is_working": True,
        "slots": [{"from": "22:00", "to": "02:00"}],
    }
    assert response.json["data"][3]["slots"] == [{"from": "09:00", "to": "24:00"}]
    asked = desk.last_request
    assert (asked["location_id"], asked["staff_id"]) == (1, 3)
    assert [(day["day"], day["is_working"]) for day in asked["days"]] == [
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("2026-11-22", True),
        ("2026-11-23", True),
        ("2026-11-24", False),
    ]
    assert asked["days"][2]["slots"] == [{"opens_minute": 1320, "closes_minute": 1560}]
    assert asked["days"][3]["slots"] == [{"opens_minute": 540, "closes_minute": 1440}]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        [{"date": "2026-11-20"}] * 367,
        [{"is_working": True}],
        [{"date": "soon"}],
        [{"date": "2026-11-20", "slots": [{"from": "10:00"}]}],
        [{"date": "2026-11-20", "slots": [{"from": "10:00", "to": "10:00"}]}],
        [{"date": "2026-11-20", "slots": [{"from": "24:00", "to": "25:00"}]}],
        [{"date": "2026-11-20", "slots": [{"from": "24:00", "to": "02:00"}]}],
        [{"date": "2026-11-20", "slots": [{"from": "10:60", "to": "12:00"}]}],
        [{"date": "2026-11-20", "slots": [{"from": 10, "to": 12}]}],
        [{"date": "2026-11-20", "slots": "all day"}],
    ],
)
def test_working_hours_that_make_no_sense_are_refused(desk, body):
    response = desk.put("/api/v1/schedule/1/3/2026-11-20/2026-11-20", json=body, user="staff")
    assert response.status_code == 422, response.text
    assert desk.booking.received == []
