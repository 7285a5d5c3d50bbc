"""Grids, timetables and reasons over HTTP."""

from typing import Any

import pytest

from tests.snapshots import a_timetable, some_grids

TIMESLOTS = "/api/v1/company/1/settings/timeslots"
WEEKDAY = {
    "weekday": 1,
    "timeslots": [],
    "setting": {
        "grid_base_type": "predefined",
        "grid_first_timeslot": 36_000,
        "grid_last_timeslot": None,
        "grid_display_step": 1_800,
        "grid_nearest_timeslot_delay": 3_600,
        "is_grid_flexible": False,
    },
}
DATE = {
    "date": "2026-12-24",
    "timeslots": [33_300, 90_000],
    "setting": {
        **WEEKDAY["setting"],  # type: ignore[dict-item]
        "grid_base_type": "timeslots",
        "grid_first_timeslot": None,
    },
}
TOLD = {"is_enabled": True, "weekdays_settings": [WEEKDAY], "dates_settings": [DATE]}


@pytest.fixture
def desk(front: Any) -> Any:
    front.answers("get_day_grids", lambda **_: some_grids())
    front.answers("set_day_grids", lambda **_: some_grids())
    front.answers("list_working_days", lambda **_: {"days": ["2026-11-20"]})
    front.answers("get_timetable", lambda **_: a_timetable())
    front.answers("explain_days", lambda **_: {"staff": [{"staff_id": 3, "reason": "day_off"}]})
    return front


def test_grids_are_told_in_seconds_from_midnight(desk):
    response = desk.get(TIMESLOTS, user="staff")
    assert response.json == {"success": True, "data": TOLD, "meta": []}
    assert desk.get(TIMESLOTS, user="staff", accept="*/*").json == TOLD


def test_what_is_told_can_be_sent_back(desk):
    response = desk.patch(TIMESLOTS, json=TOLD, user="staff")
    assert response.json["data"] == TOLD
    assert desk.last_call["arguments"] == {"request": {"location_id": 1, **some_grids()}}


def test_what_is_left_out_stays(desk):
    desk.patch(TIMESLOTS, json={"is_enabled": 0}, user="staff")
    assert desk.last_call["arguments"]["request"] == {
        "location_id": 1,
        "is_enabled": False,
        "weekdays": None,
        "dates": None,
    }
    desk.patch(TIMESLOTS, json={"dates_settings": []}, user="staff")
    assert desk.last_call["arguments"]["request"]["dates"] == []


@pytest.mark.parametrize(
    ("date", "base"),
    [
        ({"timeslots": []}, "list"),
        ({"timeslots": [36_000]}, "list"),
        ({"timeslots": [], "setting": {"grid_display_step": 900}}, "list"),
        ({"timeslots": [], "setting": {"grid_base_type": "schedule"}}, "shift"),
        ({"setting": {"grid_display_step": 900}}, "shift"),
    ],
)
def test_a_date_of_which_only_starts_are_told_has_those_and_no_others(desk, date, base):
    desk.patch(TIMESLOTS, json={"dates_settings": [{"date": "2026-12-24", **date}]}, user="staff")
    [told] = desk.last_request["dates"]
    assert told["base"] == base


def test_an_empty_list_closes_no_weekday_unless_it_is_said_to_be_one(desk):
    for setting, base in ({}, "shift"), ({"grid_base_type": "timeslots"}, "list"):
        weekday = {"weekday": 1, "timeslots": [], "setting": setting}
        desk.patch(TIMESLOTS, json={"weekdays_settings": [weekday]}, user="staff")
        assert desk.last_request["weekdays"][0]["base"] == base


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"weekdays_settings": [{"weekday": 8}]}, "field_invalid"),
        ({"weekdays_settings": [{"timeslots": []}]}, "field_missing"),
        ({"dates_settings": [{"date": "2026-02-30"}]}, "day_malformed"),
        ({"dates_settings": [{**DATE, "timeslots": [61]}]}, "field_invalid"),
        ({"weekdays_settings": [{**WEEKDAY, "timeslots": [36_000]}]}, "field_invalid"),
        (
            {"weekdays_settings": [{"weekday": 1, "setting": {"grid_last_timeslot": 59}}]},
            "field_invalid",
        ),
        (
            {"weekdays_settings": [{"weekday": 1, "setting": {"grid_display_step": 0}}]},
            "field_invalid",
        ),
        (
            {"weekdays_settings": [{"weekday": 1, "setting": {"grid_base_type": "moon"}}]},
            "field_invalid",
        ),
    ],
)
def test_a_grid_that_is_none_is_refused(desk, body, reason):
    response = desk.patch(TIMESLOTS, json=body, user="staff")
    assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)


def test_working_days_are_those_of_the_month(desk):
    response = desk.get("/api/v1/timetable/dates/1/2026-02-11?staff_id=3", user="staff")
    assert response.json["data"] == ["2026-11-20"]
    assert desk.last_call["arguments"] == {
        "location_id": 1,
        "staff_id": 3,
        "from_day": "2026-02-01",
        "to_day": "2026-02-28",
    }


def test_a_day_is_told_step_by_step_on_the_locations_clock(desk):
    response = desk.get("/api/v1/timetable/seances/1/3/2026-11-20", user="staff", accept="*/*")
    assert response.json == [
        {"time": "10:00", "is_free": True},
        {"time": "10:30", "is_free": False},
    ]


def test_reasons_are_told_for_each_person(desk):
    response = desk.get("/api/v1/book_times/1/0/2026-11-20/reasons?service_ids[]=4")
    assert response.json["data"] == [{"staff_id": 3, "reason": "day_off"}]
    assert desk.last_call["arguments"] == {
        "location_id": 1,
        "staff_id": None,
        "service_ids": [4],
        "day": "2026-11-20",
    }
