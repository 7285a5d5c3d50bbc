"""Group events over HTTP as clients meet them: found and booked, in the contract's words."""

from typing import Any

import pytest

from services.common.errors import Conflict, Forbidden
from tests.snapshots import a_service, an_appointment

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


def test_a_client_sees_of_which_event_a_record_is(studio):
    found = {"items": [an_appointment(class_id=23, seats=2), an_appointment()], "total": 2}
    studio.answers("list_own_appointments", lambda **_: found)
    told = studio.get("/api/v1/user/records", user="client").json["data"]
    assert [(one["activity_id"], one["clients_count"]) for one in told] == [(23, 2), (0, 1)]
