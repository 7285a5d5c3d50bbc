"""Rooms and devices over HTTP, for staff."""

from typing import Any

import pytest

from tests.snapshots import a_resource

TOLD = {
    "id": 5,
    "title": "Massage room",
    "description": "",
    "salon_id": 1,
    "instances": [{"id": 51, "title": "Room 1", "resource_id": 5}],
    "service_ids": [11],
}


@pytest.fixture
def desk(front: Any) -> Any:
    front.answers("list_resources", lambda **_: {"resources": [a_resource()]})
    front.answers("save_resource", lambda **_: a_resource())
    front.answers("delete_resource", lambda **_: {})
    return front


def test_resources_are_told_with_their_instances(desk):
    response = desk.get("/api/v1/resources/1", user="staff")
    assert response.json == {"success": True, "data": [TOLD], "meta": []}
    assert desk.get("/api/v1/resources/1/", user="staff", accept="*/*").json == [TOLD]


def test_a_resource_is_created(desk):
    body = {"title": "Massage room", "instances": [{"title": "Room 1"}], "service_ids": "11"}
    response = desk.post("/api/v1/resources/1", json=body, user="staff")
    assert (response.status_code, response.json["data"]) == (201, TOLD)
    assert desk.last_call["arguments"]["request"] == {
        "location_id": 1,
        "title": "Massage room",
        "description": None,
        "instances": [{"id": None, "title": "Room 1"}],
        "service_ids": [11],
    }


def test_what_is_left_out_stays(desk):
    desk.put("/api/v1/resources/1/5", json={"title": "Room"}, user="staff")
    assert desk.last_call["arguments"]["request"] == {
        "location_id": 1,
        "resource_id": 5,
        "title": "Room",
        "description": None,
        "instances": None,
        "service_ids": None,
    }


def test_a_resource_is_deleted(desk):
    assert desk.delete("/api/v1/resources/1/5", user="staff").status_code == 204
    assert desk.last_call["arguments"]["request"] == {"location_id": 1, "resource_id": 5}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "field_missing"),
        ({"title": "x" * 256}, "field_invalid"),
        ({"title": " "}, "field_invalid"),
        ({"title": "Room", "instances": [{}]}, "field_missing"),
        ({"title": "Room", "instances": [{"title": ""}]}, "field_invalid"),
        ({"title": "Room", "service_ids": ["one"]}, "field_invalid"),
    ],
)
def test_what_is_no_resource_is_refused(desk, body, reason):
    response = desk.post("/api/v1/resources/1", json=body, user="staff")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)
