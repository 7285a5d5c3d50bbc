"""Searches of newer booking widgets, and labels of the second version: JSON:API in small."""

from typing import Any

import pytest

from tests import snapshots as a

SEARCH = "/api/v1/b2c/booking/availability/search-"
ITEM = {"type": "service", "id": "11"}
RECORD = {"staff_id": 3, "attendance_service_items": [ITEM]}


def asked(where: Any = 1, **wanted: Any) -> dict[str, Any]:
    return {"context": {"location_id": where}, "filter": wanted}


def attributes(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    assert response.json.keys() == {"data"}
    return {item["id"]: item["attributes"] for item in response.json["data"]}


def test_services_that_cannot_be_added_are_told_too(front):
    [first, *_] = a.a_catalogue()["services"]
    chosen, other, last = ({**first, "id": number} for number in (11, 12, 13))

    def answer(service_ids: list[int], **_: Any) -> dict[str, Any]:
        return a.a_catalogue(services=[other] if service_ids else [chosen, other, last])

    front.answers("list_bookable_services", answer)
    body = asked(datetime="2026-11-20T10:00:00+01:00", records=[RECORD])
    found = attributes(front.post(f"{SEARCH}services", json=body, accept="application/json"))
    assert front.last_call["arguments"] == {
        "location_id": 1,
        "staff_id": 3,
        "service_ids": [11],
        "starts_at": "2026-11-20T10:00:00+01:00",
    }
    assert {one: told["is_bookable"] for one, told in found.items()} == {
        "11": True,
        "12": True,
        "13": False,
    }
    assert found["13"]["bookable_status"] == "unbookable"
    assert found["12"].keys() == {
        "is_bookable",
        "bookable_status",
        "duration",
        "price_min",
        "price_max",
    }


def test_people_are_found_with_whether_they_can_be_had(front):
    people = [a.a_staff_member(id=3, is_bookable=True), a.a_staff_member(id=4, is_bookable=False)]
    front.answers("list_bookable_staff", lambda **_: {"timezone": "Europe/Paris", "staff": people})
    found = attributes(front.post(f"{SEARCH}staff", json=asked(records=[RECORD])))
    assert (front.last_call["arguments"]["staff_id"], found["3"]["is_bookable"]) == (None, True)
    assert found["4"]["is_bookable"] is False


def test_days_and_times_are_found(front):
    days = {"free_days": ["2026-11-20"], "working_days": ["2026-11-20", "2026-11-21"]}
    front.answers("list_free_days", lambda **_: days)
    body = asked(date_from="2026-11-20", date_to="9999-01-01", records=[RECORD, {"staff_id": None}])
    found = attributes(front.post(f"{SEARCH}dates", json=body))
    assert {day: told["is_bookable"] for day, told in found.items()} == {
        "2026-11-20": True,
        "2026-11-21": False,
    }
    slots = {"timezone": "Europe/Paris", "slots": [a.a_slot()]}
    front.answers("list_free_slots", lambda **_: slots)
    found = attributes(front.post(f"{SEARCH}timeslots", json=asked(date="2026-11-20")))
    moment = "2026-11-20T10:00:00+01:00"
    assert found == {moment: {"datetime": moment, "time": "10:00", "is_bookable": True}}
    arguments = front.last_call["arguments"]
    assert (arguments["staff_id"], arguments["service_ids"], arguments["day"]) == (
        None,
        [],
        "2026-11-20",
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "context"),
        ({"context": {}}, "context.location_id"),
        (asked("x"), "context.location_id"),
        (asked(), "filter.date"),
        (asked(date="soon"), "filter.date"),
        (asked(date="2026-11-20", records=[{"staff_id": -1}]), "filter.records.0.staff_id"),
        (
            asked(date="2026-11-20", records=[{"attendance_service_items": [{"type": "service"}]}]),
            "filter.records.0.attendance_service_items.0.id",
        ),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(front, body, field):
    response = front.post(f"{SEARCH}timeslots", json=body)
    assert response.status_code == 422
    assert list(response.json["errors"]["fields"]) == [field]
    assert front.booking.received == []


def test_all_labels_of_a_business_are_told_as_tags(front):
    label = {"id": 4, "title": "VIP", "color": "#f44336", "icon": "", "font_color": ""}
    labels = [{**label, "entity": "appointment"}]
    front.answers("list_labels", lambda **_: {"labels": labels})
    response = front.get("/api/v2/companies/1/tags", user="staff")
    assert front.last_call["arguments"] == {"location_id": 1, "entity": None}
    told = {**label, "entity": "record"}
    told.pop("id")
    assert response.json == {"data": [{"type": "tag", "id": "4", "attributes": told}]}
