"""Group events over HTTP as staff keep them: made, changed and repeated, with those who come."""

from typing import Any

import pytest

from services.common.errors import Conflict
from tests.snapshots import a_series_plan

NEW = {"date": "2026-11-20 18:00", "service_id": 11, "staff_id": "3", "capacity": 9}


def test_staff_make_an_event(studio):
    body = {**NEW, "length": 5400, "resource_instance_ids": [51], "force": 1, "labels": [{"id": 3}]}
    response = studio.post("/api/v1/activity/1", json=body, user="staff")
    assert (response.status_code, response.headers["ETag"]) == (201, '"4"')
    assert response.json["data"]["id"] == 23
    assert studio.last_request == {
        "location_id": 1,
        "starts_at": "2026-11-20T18:00:00",
        "service_id": 11,
        "staff_id": 3,
        "capacity": 9,
        "length_seconds": 5400,
        "resource_instance_ids": [51],
        "save_if_busy": True,
        "label_ids": [3],
    }


def test_what_is_left_out_of_a_change_stays(studio):
    studio.put(
        "/api/v1/activity/1/23",
        json={"capacity": 12, "length": 0, "comment": ""},
        headers={"If-Match": '"3"'},
        user="staff",
    )
    assert studio.last_request == {
        "location_id": 1,
        "class_id": 23,
        "version": 3,
        "capacity": 12,
        "comment": "",
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date": None}, "date"),
        ({"date": "tomorrow"}, "date"),
        ({"service_id": 0}, "service_id"),
        ({"staff_id": None}, "staff_id"),
        ({"capacity": 0}, "capacity"),
        ({"length": 299}, "length"),
        ({"stream_link": "javascript:alert(1)"}, "stream_link"),
        ({"capacity": 501}, "capacity"),
        ({"length": -1}, "length"),
        ({"resource_instance_ids": ["one"]}, "resource_instance_ids.0"),
        ({"color": "red"}, "color"),
        ({"comment": "x" * 2001}, "comment"),
    ],
)
def test_what_makes_no_event_is_refused(studio, changes, field):
    response = studio.post("/api/v1/activity/1", json=NEW | changes, user="staff")
    assert response.status_code == 422
    assert list(response.json["errors"]["fields"]) == [field]


@pytest.mark.parametrize(("ours", "theirs"), [("starts_at", "date"), ("label_ids", "labels")])
def test_what_is_refused_of_an_event_has_the_events_names(studio, ours, theirs):
    def refuse(**_: Any) -> None:
        raise Conflict("slot_taken", fields={ours: "not free"})

    studio.answers("create_class", refuse)
    response = studio.post("/api/v1/activity/1", json=NEW, user="staff")
    assert list(response.json["errors"]["fields"]) == [theirs]


def test_an_event_is_called_off(studio):
    response = studio.delete("/api/v1/activity/1/23", user="staff")
    assert (response.status_code, response.json["meta"]) == (202, {"message": "Accepted"})
    assert studio.last_request == {"location_id": 1, "class_id": 23}


REPEATED = {
    "location_id": 1,
    "class_id": 23,
    "starts": None,
    "plan_id": None,
    "plan": None,
    "last_day": None,
    "count": None,
    "content": None,
    "save_if_busy": False,
}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"dates": ["2026-11-27 18:00"], "content_type": 2},
            {"starts": ["2026-11-27T18:00:00"], "content": "appointments"},
        ),
        (
            {"strategy_id": 6, "date_to": "2026-12-31", "force": True},
            {"plan_id": 6, "last_day": "2026-12-31", "save_if_busy": True},
        ),
        (
            {"repeat_mode_id": 5, "days": [0, 1, 4], "interval": 2, "count": 8},
            {
                "plan": {
                    "repeat": "weekly",
                    "weekdays": [0, 3, 6],
                    "pause": 2,
                    "content": "class",
                },
                "count": 8,
            },
        ),
    ],
)
def test_an_event_is_repeated_in_three_ways(studio, body, told):
    response = studio.post("/api/v1/activity/1/23/duplicate", json=body, user="staff")
    assert (response.status_code, response.json["meta"]) == (201, {"count": 1})
    assert response.json["data"][0]["series_id"] == 23
    assert studio.last_request == REPEATED | told


@pytest.mark.parametrize(
    "body", [{"dates": []}, {"dates": ["x"]}, {"repeat_mode_id": 8}, {"days": [7]}, {"count": 367}]
)
def test_what_repeats_nothing_is_refused(studio, body):
    response = studio.post("/api/v1/activity/1/23/duplicate", json=body, user="staff")
    assert response.status_code == 422


STRATEGY = {
    "id": 6,
    "company_id": 1,
    "title": "Mondays and Thursdays",
    "repeat_mode_id": 5,
    "repeat_mode": {"id": 5, "title": "Every week"},
    "days": [1, 4],
    "interval": 1,
    "content_type": 2,
}


def test_strategies_are_kept_under_their_names(studio):
    address = "/api/v1/activity/1/duplication_strategy"
    for command in ("create_series_plan", "update_series_plan"):
        studio.answers(command, lambda **_: a_series_plan())
    studio.answers("list_series_plans", lambda **_: {"plans": [a_series_plan()]})
    studio.answers("delete_series_plan", lambda **_: {})
    told = {name: STRATEGY[name] for name in ("title", "repeat_mode_id", "days", "interval")}
    made = studio.post(address, json={**told, "content_type": 2}, user="staff")
    assert (made.status_code, made.json["data"]) == (201, STRATEGY)
    assert studio.last_request == {
        "location_id": 1,
        "title": "Mondays and Thursdays",
        "repeat": "weekly",
        "weekdays": [0, 3],
        "pause": 1,
        "content": "appointments",
    }
    listed = studio.get(address, user="staff")
    assert (listed.json["data"], listed.json["meta"]) == ([STRATEGY], {"count": 1})
    changed = studio.post(f"{address}/6", json=told, user="staff")
    assert (changed.status_code, studio.last_request["plan_id"]) == (200, 6)
    assert studio.delete(f"{address}/6", user="staff").status_code == 202
    assert studio.last_request == {"location_id": 1, "plan_id": 6}
    assert studio.post(address, json={"title": "x"}, user="staff").status_code == 422


def test_staff_write_somebody_into_an_event(studio):
    body = {
        "activity_id": 23,
        "client": {"name": "Camille", "phone": "+33612345678"},
        "clients_count": 2,
        "comment": "By phone",
        "services": [{"id": 11, "cost": 5}],
        "save_if_busy": True,
    }
    response = studio.post("/api/v1/records/1", json=body, user="staff")
    assert response.status_code == 201
    assert studio.last_request == {
        "location_id": 1,
        "class_id": 23,
        "client": {"name": "Camille", "phone": "+33612345678", "email": None},
        "seats": 2,
        "comment": "By phone",
    }
    told = response.json["data"]
    assert (told["activity_id"], told["clients_count"]) == (23, 2)


def test_a_record_without_an_event_says_when_and_what(studio):
    response = studio.post("/api/v1/records/1", json={"client": None}, user="staff")
    assert response.status_code == 422
    assert set(response.json["errors"]["fields"]) == {"staff_id", "services", "datetime"}
    assert response.json["errors"]["reason"] == "field_missing"
