"""Group events over HTTP: found, booked, written and repeated, in the contract's words."""

from typing import Any

import pytest

from services.common.errors import Conflict, Forbidden
from tests.snapshots import a_class, a_series_plan, a_service, an_appointment

BOOK = "/api/v1/activity/1/23/book"
WHO = {"fullname": "Camille Laurent", "phone": "+33612345678"}
TOLD = {
    "id": 23,
    "company_id": 1,
    "salon_id": 1,
    "service_id": 11,
    "staff_id": 3,
    "date": "2026-11-20T18:00:00+01:00",
    "timestamp": 1795194000,
    "length": 3600,
    "capacity": 9,
    "records_count": 2,
    "notified": False,
    "comment": "Bring water",
    "prepaid": "forbidden",
    "resource_instances": [{"id": 51, "title": "Room 1", "resource_id": 5}],
    "series_id": 0,
}
NEW = {"date": "2026-11-20 18:00", "service_id": 11, "staff_id": "3", "capacity": 9}


@pytest.fixture
def studio(front: Any) -> Any:
    front.answers("list_classes", lambda **_: {"items": [a_class()], "total": 7})
    front.answers("get_class", lambda **_: a_class())
    front.answers("list_class_days", lambda **_: {"days": ["2026-11-20"]})
    front.answers("book_class", lambda **_: {"appointment_id": 17, "hash": "ab" * 16})
    front.answers("write_into_class", lambda **_: an_appointment(class_id=23, seats=2))
    for command in ("create_class", "update_class"):
        front.answers(command, lambda **_: a_class(version=4))
    front.answers("repeat_class", lambda **_: {"classes": [a_class(id=24, series_id=23)]})
    front.answers("delete_class", lambda **_: {})
    return front


def wanted(front: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = front.last_call["arguments"]
    return arguments


def test_a_search_tells_events_in_the_contracts_words(studio):
    response = studio.get("/api/v1/activity/1/search?from=2026-11-20&till=2026-11-30")
    [told] = response.json["data"]
    assert {name: told[name] for name in TOLD} == TOLD
    assert response.json["meta"] == {"count": 7}
    assert told["service"]["category"] == {"id": 2, "title": "Hair"}
    assert told["service"]["price_min"] == 45.5
    assert told["staff"]["company_id"] == 1
    assert told["labels"][0]["id"] == 3
    bare = studio.get("/api/v1/activity/1/search/?till=2026-11-30", accept="*/*")
    assert bare.json == [told]


@pytest.mark.parametrize(
    "query",
    [
        "service_ids[]=11&service_ids[]=12&staff_ids=3",
        "service_ids=11,12&staff_ids[]=3",
        "service_ids[0]=11&service_ids[1]=12&staff_id=3",
        "serviceIds=11,12&masterId=3",
    ],
)
def test_a_search_understands_every_spelling(studio, query):
    address = f"/api/v1/activity/1/search?from=2026-11-20&till=2026-11-30&{query}&page=2&count=999"
    assert studio.get(address).status_code == 200
    assert wanted(studio) == {
        "location_id": 1,
        "service_ids": [11, 12],
        "staff_ids": [3],
        "resource_ids": [],
        "from_day": "2026-11-20",
        "to_day": "2026-11-30",
        "page": 2,
        "page_size": 300,
    }


def test_a_page_has_twenty_five_events(studio):
    studio.get("/api/v1/activity/1/search?till=2026-11-30")
    assert (wanted(studio)["from_day"], wanted(studio)["page_size"]) == (None, 25)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "field_missing"),
        ("till=soon", "day_malformed"),
        ("till=2026-11-30&service_ids=one", "field_invalid"),
        ("till=2026-11-30&page=x", "field_invalid"),
    ],
)
def test_a_search_that_means_nothing_is_refused(studio, query, reason):
    for path in ("search", "search_dates"):
        response = studio.get(f"/api/v1/activity/1/{path}?{query}")
        if "page" in query and path == "search_dates":
            continue
        assert (response.status_code, response.json["errors"]["reason"]) == (422, reason)


def test_days_and_their_range_are_told(studio):
    response = studio.get("/api/v1/activity/1/search_dates/?from=2026-11-01&till=2026-11-30")
    assert (response.json["data"], response.json["meta"]) == (["2026-11-20"], {"count": 1})
    found = {"first_day": "2026-11-20", "last_day": None}
    studio.answers("get_class_range", lambda **_: found)
    response = studio.get("/api/v1/activity/1/search_dates_range?staff_ids=3")
    assert response.json["data"] == {"min_date": "2026-11-20", "max_date": None}
    assert wanted(studio)["staff_ids"] == [3]


def test_filters_have_titles_in_the_callers_language(studio):
    values = [{"id": 3, "title": "Inès", "is_disabled": True}]
    found = {"staff": values, "resource": [], "service": [], "category": []}
    studio.answers("get_class_filters", lambda **_: found)
    response = studio.get("/api/v1/activity/1/filters/", headers={"Accept-Language": "fr"})
    assert response.json["data"] == [
        {"code": "staff", "title": "Équipe", "data": values},
        {"code": "resource", "title": "Salles et équipements", "data": []},
        {"code": "service", "title": "Prestations", "data": []},
        {"code": "service_category", "title": "Catégories de prestations", "data": []},
    ]


def test_services_of_events_are_told(studio):
    service = a_service() | {"category": {"id": 2, "title": "Hair"}}
    studio.answers("list_class_services", lambda **_: {"services": [service], "currency": "EUR"})
    response = studio.get("/api/v1/activity/1/services?staff_id=3&term=yo")
    assert wanted(studio) == {"location_id": 1, "staff_id": 3, "term": "yo"}
    assert response.json["data"][0]["salon_service_id"] == 11
    assert response.json["meta"] == {"count": 1}


def test_one_event_is_told_with_its_version(studio):
    response = studio.get("/api/v1/activity/1/23")
    assert (response.json["data"]["id"], response.headers["ETag"]) == (23, '"1"')
    assert wanted(studio) == {"location_id": 1, "class_id": 23}


def test_seats_are_booked(studio):
    body = {**WHO, "email": "", "clients_count": "2", "notify_by_sms": 3, "type": "mobile"}
    response = studio.post(BOOK, json=body)
    assert (response.status_code, response.json) == (
        200,
        {"success": True, "data": {"id": 17, "hash": "ab" * 16}, "meta": []},
    )
    assert studio.last_request == {
        "location_id": 1,
        "class_id": 23,
        "seats": 2,
        "client": {"name": "Camille Laurent", "phone": "+33612345678", "email": None},
        "proof": None,
        "comment": "",
        "source": "mobile",
        "sms_reminder_hours": 3,
        "email_reminder_hours": 0,
        "api_id": None,
        "form_id": None,
        "is_mobile": False,
        "referrer": None,
    }
    bare = studio.post(f"{BOOK}/", json=WHO, accept="*/*")
    assert bare.json == {"id": 17, "hash": "ab" * 16}
    assert studio.last_request["seats"] == 1


def test_a_code_is_proven_before_seats_are_booked(studio):
    proof = {"phone": "+33612345678", "proof_id": "c1"}
    studio.auth.methods["prove_phone"] = lambda request: proof
    studio.post(BOOK, json={**WHO, "code": 123456})
    assert studio.last_request["proof"] == proof


@pytest.mark.parametrize(
    ("refusal", "status", "number"),
    [
        (Conflict("class_full", fields={"seats": "1 free"}, params={"free": 1}), 422, 433),
        (Conflict("slot_in_the_past"), 422, 433),
        (Forbidden("client_banned"), 403, 434),
        (Forbidden("booking_paused"), 403, 403),
    ],
)
def test_seats_that_cannot_be_had_are_refused_by_number(studio, refusal, status, number):
    def refuse(**_: Any) -> Any:
        raise refusal

    studio.answers("book_class", refuse)
    response = studio.post(BOOK, json=WHO)
    assert (response.status_code, response.json["errors"]["code"]) == (status, number)
    assert response.json["errors"]["reason"] == refusal.code
    if refusal.code == "class_full":
        assert response.json["errors"]["fields"] == {"clients_count": ["1 free"]}
        assert response.json["meta"]["message"].endswith("left: 1.")


@pytest.mark.parametrize("seats", [0, -1, "two", [2], 1.5])
def test_a_number_of_seats_that_is_none_is_refused(studio, seats):
    response = studio.post(BOOK, json={**WHO, "clients_count": seats})
    assert response.status_code == 422
    assert list(response.json["errors"]["fields"]) == ["clients_count"]


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


def test_a_client_sees_of_which_event_a_record_is(studio):
    found = {"items": [an_appointment(class_id=23, seats=2), an_appointment()], "total": 2}
    studio.answers("list_own_appointments", lambda **_: found)
    told = studio.get("/api/v1/user/records", user="client").json["data"]
    assert [(one["activity_id"], one["clients_count"]) for one in told] == [(23, 2), (0, 1)]
