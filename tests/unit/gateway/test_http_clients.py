"""Clients over HTTP, for staff."""

from typing import Any

import pytest

from services.common.errors import Conflict, Forbidden, Invalid
from tests import snapshots as a

# Section 5.3 of the contract, and what we add to it.
CLIENT = """
id name surname patronymic display_name phone email categories sex sex_id importance importance_id
discount card birth_date comment sms_check sms_bot sms_not spent paid balance visits
first_visit_date last_visit_date create_date last_change_date custom_fields is_blocked has_account
"""
WRITTEN = {
    "name": "Camille",
    "surname": "Laurent",
    "phone": 33612345678,
    "email": "",
    "sex_id": "2",
    "importance_id": 3,
    "discount": "5",
    "card": 1234,
    "birth_date": "1962-03-21",
    "sms_check": 1,
    "sms_not": 1,
    "categories": [3],
    "custom_fields": [],
    "spent": 100,
}
FILTERS = [
    ({"type": "id", "state": {"value": [1, "2"]}}, {"kind": "ids", "ids": [1, 2]}),
    ({"type": "quick_search", "state": {"value": "ann"}}, {"kind": "quick", "text": "ann"}),
    (
        {"type": "birthday", "state": {"from": "1900-12-25", "to": "1900-01-05"}},
        {"kind": "birthday", "first_day": "1900-12-25", "last_day": "1900-01-05"},
    ),
    ({"type": "gender", "state": {"value": [1, 2]}}, {"words": ["male", "female"]}),
    ({"type": "importance", "state": {"value": 3, "invert": True}}, {"is_inverted": True}),
    ({"type": "category", "state": {"value": [4]}}, {"kind": "label", "ids": [4]}),
    ({"type": "sms_notification", "state": {"value": 0}}, {"kind": "mailings", "flag": False}),
    (
        {"type": "sold_amount", "state": {"from": 10.5, "to": "20"}},
        {"kind": "sold", "least_minor": 1050, "most_minor": 2000},
    ),
    (
        {
            "type": "record",
            "state": {
                "staff": {"value": [3]},
                "service": {"value": [11]},
                "status": {"value": [1, 3]},
                "created": {"from": "2026-01-01", "to": "2026-02-01"},
                "sold_amount": {"from": 1},
            },
        },
        {
            "kind": "appointment",
            "staff_ids": [3],
            "service_ids": [11],
            "statuses": ["no_show", "came"],
            "first_day": "2026-01-01",
            "least_minor": 100,
        },
    ),
    (
        {"type": "client", "state": {"gender": {"value": [2]}, "id": {"value": [1]}}},
        {"kind": "group", "operation": "and"},
    ),
    ({"operation": "OR", "filters": []}, {"kind": "group", "operation": "or", "filters": []}),
]


@pytest.fixture
def desk(front: Any) -> Any:
    front.answers("get_location", lambda **_: a.a_location())
    for command in ("create_client", "update_client"):
        front.answers(command, lambda **_: a.a_client_card())
    front.answers("delete_client", lambda **_: {})
    front.answers("get_client", lambda **_: a.a_client_card())
    for query in ("list_clients", "search_clients"):
        front.answers(query, lambda **_: {"items": [a.a_client_card()], "total": 41})
    return front


def test_a_client_is_told_in_the_contracts_words(desk):
    response = desk.get("/api/v1/client/1/5", user="staff")
    told = response.json["data"]
    assert told.keys() == set(CLIENT.split())
    assert response.headers["ETag"] == '"2"'
    assert (told["sex_id"], told["importance_id"], told["paid"]) == (2, 1, 136.5)
    assert (told["sms_check"], told["sms_not"], told["custom_fields"]) == (1, 1, [])
    assert told["categories"] == [{"id": 3, "title": "VIP", "color": "#f44336"}]
    assert told["first_visit_date"] == "2026-11-01T10:00:00+01:00"
    french = desk.get("/api/v1/client/1/5", user="staff", headers={"Accept-Language": "fr"})
    assert french.json["data"]["sex"] == "Femme"


def test_a_client_is_written_in_ours(desk):
    assert desk.post("/api/v1/clients/1/", json=WRITTEN, user="staff").status_code == 201
    assert desk.last_request == {
        "location_id": 1,
        "name": "Camille",
        "surname": "Laurent",
        "phone": "33612345678",
        "email": "",
        "gender": "female",
        "importance": "gold",
        "discount_percent": 5,
        "card": "1234",
        "birth_date": "1962-03-21",
        "wants_birthday_messages": True,
        "wants_mailings": False,
        "label_ids": [3],
        "custom_fields": {},
    }


def test_what_a_change_leaves_out_is_not_sent(desk):
    body = {"comment": "x", "name": None, "birth_date": ""}
    answer = desk.put("/api/v1/client/1/5", json=body, user="staff", headers={"If-Match": '"2"'})
    assert answer.status_code == 200
    told = {"location_id": 1, "client_id": 5, "version": 2, "comment": "x", "birth_date": None}
    assert desk.last_request == told


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": None},
        {"sex_id": 3},
        {"importance_id": -1},
        {"discount": 101},
        {"birth_date": "21.03.1962"},
        {"birth_date": "1802-03-21"},
        {"surname": "a\u202eb"},
    ],
)
def test_a_client_that_makes_no_sense_is_refused(desk, wrong):
    response = desk.post("/api/v1/clients/1", json=WRITTEN | wrong, user="staff")
    assert response.status_code == 422
    assert list(response.json["errors"]["fields"]) == list(wrong)


def test_many_are_added_each_by_itself(desk):
    errors = [{"row": 1, "code": "client_exists", "fields": {"phone": "known"}, "params": {}}]
    made = {"clients": [a.a_client_card()], "errors": errors}
    desk.answers("create_clients", lambda **_: made)
    rows = [WRITTEN, {"name": "Nobody"}, WRITTEN, "text"]
    response = desk.post("/api/v1/clients/1/bulk", json=rows, user="staff")
    assert response.status_code == 201
    assert len(desk.last_request["clients"]) == 2
    assert len(response.json["data"]) == 1
    told = response.json["meta"]["errors"]
    assert [(one["row"], one["reason"]) for one in told] == [
        (1, "field_missing"),
        (2, "client_exists"),
        (3, "field_invalid"),
    ]
    assert told[1]["message"].startswith("This client")


def test_clients_are_listed_in_both_bodies(desk):
    query = "fullname=ann&paid_min=10&id[]=1&id[]=2&changed_after=2026-01-01&count=1000"
    enveloped = desk.get(f"/api/v1/clients/1?{query}", user="staff").json
    assert enveloped["meta"] == {"page": 1, "total_count": 41}
    asked = desk.last_call["arguments"]
    assert (asked["fullname"], asked["sold_from_minor"], asked["ids"]) == ("ann", 1000, [1, 2])
    assert (asked["page_size"], asked["changed_after"]) == (200, "2026-01-01")
    bare = desk.get("/api/v1/clients/1", user="staff", accept="*/*").json
    assert bare == {"count": 41, "data": enveloped["data"]}


def search(desk: Any, *filters: Any, **more: Any) -> Any:
    body = {"filters": list(filters), **more}
    return desk.post("/api/v1/company/1/clients/search", json=body, user="staff")


def test_only_the_fields_that_are_asked_for_are_told(desk):
    found = search(desk, fields=["sold_amount", "id", "last_visit_date"], order_by="sold_amount")
    assert found.json["data"] == [{"id": 5, "last_visit_date": "", "sold_amount": 136.5}]
    assert found.json["meta"] == {"total_count": 41}
    assert desk.last_call["arguments"]["order_by"] == "sold_minor"
    assert search(desk).json["data"] == [{"id": 5}]


@pytest.mark.parametrize(("told", "wanted"), FILTERS)
def test_filters_are_read_into_ours(desk, told, wanted):
    assert search(desk, told).status_code == 200
    [read] = desk.last_call["arguments"]["filters"]
    assert {name: read[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("text", "field_invalid"),
        ({}, "field_invalid"),
        ({"type": "id"}, "field_invalid"),
        ({"type": ["id"], "state": {}}, "field_invalid"),
        ({"type": "id", "state": {"value": ["x"]}}, "field_invalid"),
        ({"type": "id", "state": {}}, "field_missing"),
        ({"type": "gender", "state": {"value": [7]}}, "field_invalid"),
        ({"type": "record", "state": {"staff": 1}}, "field_invalid"),
        ({"type": "sold_amount", "state": {"from": "NaN"}}, "field_invalid"),
        ({"type": "sold_amount", "state": {"from": {}}}, "field_invalid"),
        ({"type": "birthday", "state": {"from": "soon"}}, "day_malformed"),
        ({"type": "client", "state": {"planet": {}}}, "field_invalid"),
        ({"type": "has_mobile_app", "state": {"value": 1}}, "client_filter_unavailable"),
        ({"type": "client", "state": {"has_mobile_app": {}}}, "client_filter_unavailable"),
        (
            {"filters": [{"filters": [{"filters": [{"filters": []}]}]}]},
            "field_invalid",
        ),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(desk, told, reason):
    refused = search(desk, {"type": "quick_search", "state": {"value": "x"}}, told)
    assert (refused.status_code, refused.json["errors"]["reason"]) == (422, reason)
    assert next(iter(refused.json["errors"]["fields"])).startswith("filters.1")


def test_whoever_is_blocked_is_told_in_the_contracts_shape(front):
    def refuse(**_: Any) -> Any:
        raise Forbidden("client_banned")

    front.answers("book_appointments", refuse)
    visit = {"id": 1, "services": [1], "staff_id": 0, "datetime": "2026-11-20T10:00:00"}
    body = {"phone": "+33612345678", "fullname": "Ann", "appointments": [visit]}
    refused = front.post("/api/v1/book_record/1", json=body)
    assert refused.status_code == 403
    assert refused.json["meta"]["errors"][0]["code"] == 434


def test_staff_who_write_down_somebody_blocked_are_warned(desk):
    warned = a.an_appointment(warnings=["client_banned"])
    desk.answers("create_appointment", lambda **_: warned)
    body = {
        "staff_id": 3,
        "services": [{"id": 11}],
        "client": None,
        "datetime": "2026-11-20T10:00:00",
    }
    told = desk.post("/api/v1/records/1", json=body, user="staff").json
    assert told["success"], told
    [warning] = told["meta"]["warnings"]
    assert warning["reason"] == "client_banned" and "blacklist" in warning["message"]


def test_the_card_of_a_client_stands_on_the_record(desk):
    card = {"surname": "Laurent", "gender": "female", "came_count": 2, "birth_date": "1962-03-21"}
    told = a.an_appointment(client_card=card, labels=[a.a_label()])
    desk.answers("get_appointment_for_staff", lambda **_: told)
    record = desk.get("/api/v1/record/1/17", user="staff").json["data"]
    assert record["client"]["display_name"] == "Camille Laurent"
    assert (record["client"]["sex"], record["client"]["success_visits_count"]) == (2, 2)
    assert (record["client"]["is_new"], record["client"]["card"]) == (False, "")
    assert record["record_labels"][0]["title"] == "VIP"


def test_a_client_who_is_known_is_a_conflict(desk):
    def refuse(**_: Any) -> Any:
        raise Conflict("client_exists", fields={"phone": "known"})

    desk.answers("create_client", refuse)
    refused = desk.post("/api/v1/clients/1", json=WRITTEN, user="staff")
    assert (refused.status_code, refused.json["errors"]["reason"]) == (409, "client_exists")


def test_a_clients_name_is_called_by_the_name_of_its_field(desk):
    def refuse(**_: Any) -> Any:
        raise Invalid("name_missing", fields={"name": "required"})

    desk.answers("update_client", refuse)
    refused = desk.put("/api/v1/client/1/5", json={"name": ""}, user="staff")
    assert refused.json["errors"]["fields"].keys() == {"name"}


@pytest.mark.parametrize("entity", ["planet", "4", "staff"])
def test_labels_are_for_what_the_contract_knows(desk, entity):
    assert desk.get(f"/api/v1/labels/1/{entity}", user="staff").status_code == 404
    assert desk.get(f"/api/v1/custom_fields/{entity}/1", user="staff").status_code == 404


def test_custom_fields_are_told_in_the_contracts_shape(desk):
    desk.answers("create_custom_field", lambda **_: a.a_custom_field())
    body = {"code": "pet", "title": "Your pet", "type": {"code": "select"}, "values": ["cat"]}
    made = desk.post("/api/v1/custom_fields/client/1", json=body, user="staff")
    assert made.status_code == 201
    assert desk.last_request["kind"] == "select" and desk.last_request["choices"] == ["cat"]
    assert made.json["data"]["salon_id"] == 1
    assert made.json["data"]["custom_field"]["type"]["code"] == "select"


@pytest.mark.parametrize("paying", [{"new_transactions": [{}]}, {"fast_payment": 1}])
def test_payments_are_refused_and_not_half_done(desk, paying):
    refused = desk.put("/api/v1/visits/16/17", json={"attendance": 1, **paying}, user="staff")
    assert (refused.status_code, refused.json["errors"]["reason"]) == (422, "payments_unavailable")
    desk.answers("mark_visit", lambda **_: a.an_appointment())
    nothing = {"attendance": 1, "new_transactions": [], "fast_payment": 0}
    assert desk.put("/api/v1/visits/16/17", json=nothing, user="staff").status_code == 200
    assert desk.last_request["attendance"] == "came"


def test_the_cursor_of_visits_leads_on(desk):
    page = {"from_day": "2026-11-01", "to_day": "2026-11-20", "count": 25}
    pages = {"previous": None, "current": page, "next": page}
    found = {"items": [a.an_appointment()], "pages": pages}
    desk.answers("list_client_visits", lambda **_: found)
    body = {"client_id": 5, "from": "2026-11-01", "to": "2026-11-20", "attendance": 1}
    told = desk.post("/api/v1/company/1/clients/visits/search", json=body, user="staff").json
    assert told["meta"]["dateCursor"]["next"] == {
        "from": "2026-11-01",
        "to": "2026-11-20",
        "count": 25,
    }
    assert told["meta"]["dateCursor"]["previous"] is None
    assert told["data"]["records"][0]["id"] == 17
    assert desk.last_call["arguments"]["attendance"] == "came"


def test_history_is_told_on_the_locations_clock(desk):
    change = {
        "version": 2,
        "kind": "moved",
        "changed_by": "staff",
        "user_id": None,
        "changed_at": "2026-11-20T09:00:00Z",
        "before": {"starts_at": "2026-11-20T09:00:00Z", "attendance": "waiting"},
        "after": {
            "starts_at": "2026-11-21T09:00:00Z",
            "attendance": "came",
            "confirmed": True,
            "is_cancelled": False,
            "seats": 2,
            "staff_id": 3,
            "services": [{"id": 11, "title": "Haircut", "price_minor": 4550}],
        },
    }
    answer = {"changes": [change], "timezone": "Europe/Paris", "currency": "EUR"}
    desk.answers("get_appointment_history", lambda **_: answer)
    [told] = desk.get("/api/v1/record/1/17/history", user="staff").json["data"]
    assert told["date"] == "2026-11-20T10:00:00+01:00"
    assert told["after"]["datetime"] == "2026-11-21T10:00:00+01:00"
    assert (told["after"]["attendance"], told["after"]["deleted"]) == (1, False)
    assert told["after"]["clients_count"] == 2
    assert told["after"]["services"] == [{"id": 11, "title": "Haircut", "cost": 45.5}]
