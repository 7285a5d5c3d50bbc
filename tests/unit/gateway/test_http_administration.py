"""Catalogue, people and places over HTTP: the contract's words become ours, and back."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from gateway.caching import Answers
from services.common.errors import Conflict, NotFound
from tests import snapshots as a
from tests.unit.gateway.conftest import Front

SERVICE, STAFF = a.a_service_at_desk(), a.a_staff_member_at_desk()
NO_LINK = {"price_min_minor": None, "price_max_minor": None, "duration_seconds": None}


@pytest.fixture
def desk(front: Front) -> Front:
    """Booking answers whatever it is asked with the same few things."""
    for method in ("get_service", "create_service", "update_service", "change_service_image"):
        front.answers(method, lambda **_: SERVICE)
    front.answers("list_services", lambda **_: {"services": [SERVICE]})
    front.answers("delete_service", lambda **_: {})
    front.answers("list_service_categories", lambda **_: {"categories": [a.a_category()]})
    for method in ("get_service_category", "create_service_category", "update_service_category"):
        front.answers(method, lambda **_: a.a_category())
    front.answers("list_categories_of_business", lambda **_: {"categories": [a.a_category()]})
    front.answers("list_staff", lambda **_: {"staff": [STAFF]})
    for method in ("get_staff_member", "create_staff_member", "update_staff_member"):
        front.answers(method, lambda **_: STAFF)
    front.answers("dismiss_staff_member", lambda **_: STAFF)
    front.answers("change_staff_image", lambda **_: STAFF)
    front.answers("list_positions", lambda **_: {"positions": [a.a_position()]})
    for method in ("get_position", "create_position", "update_position"):
        front.answers(method, lambda **_: a.a_position())
    for method in ("get_location", "create_location", "update_location"):
        front.answers(method, lambda **_: a.a_location())
    front.answers("close_location", lambda **_: {})
    front.answers("list_locations", lambda **_: {"items": [a.a_location()], "total": 1})
    front.answers(
        "set_links", lambda request: {"links": [{**NO_LINK, **one} for one in request["links"]]}
    )
    return front


@pytest.mark.parametrize("path", ["/api/v1/services/1", "/api/v1/company/1/services"])
def test_the_catalogue_is_listed_at_both_addresses_in_both_bodies(desk: Front, path: str) -> None:
    told = desk.get(f"{path}?staff_id=3&category_id=2", user="staff").json
    assert told["meta"] == {"count": 1}
    assert (told["data"][0]["id"], told["data"][0]["price_min"]) == (11, 45.5)
    wanted = {"location_id": 1, "staff_id": 3, "category_id": 2}
    assert desk.last_call["arguments"] == wanted
    bare = desk.get(path, user="staff", accept="*/*").json
    assert bare == told["data"]
    one = desk.get(f"{path}/11/", user="staff")
    assert (one.json["data"]["id"], one.json["meta"], one.headers["ETag"]) == (11, [], '"4"')


def test_a_service_is_written_in_the_contracts_words(desk: Front) -> None:
    body = {
        "title": "Haircut",
        "category_id": "2",
        "price_min": 45.505,
        "price_max": "60",
        "discount": 5,
        "duration": 3600,
        "active": 0,
        "is_online": True,
        "prepaid": "allowed",
        "sex": 2,
        "repeat_visit_days_step": 0,
        "api_id": 17,
        "abonement_restriction_value": 1,
        "staff": [{"id": 3, "seance_length": 2700, "price": {"min": 50, "max": 55}}, {"id": 4}],
    }
    made = desk.post("/api/v1/services/1", json=body, user="staff")
    assert (made.status_code, made.headers["ETag"]) == (201, '"4"')
    assert desk.last_request == {
        "location_id": 1,
        "title": "Haircut",
        "category_id": 2,
        "price_min_minor": 4551,
        "price_max_minor": 6000,
        "discount_percent": 5,
        "duration_seconds": 3600,
        "is_online": False,
        "prepayment": "allowed",
        "gender": "female",
        "repeat_after_days": None,
        "api_id": "17",
        "is_membership_only": True,
        "staff": [
            {"staff_id": 3, **a.a_length_and_price(2700, 5000, 5500)},
            {"staff_id": 4, **NO_LINK},
        ],
    }


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("path", ["/api/v1/services/1/11", "/api/v1/company/1/services/11"])
def test_a_service_is_changed_by_what_was_given(desk: Front, method: str, path: str) -> None:
    body, versioned = {"title": None, "weight": 3}, {"If-Match": '"4"'}
    told = desk.open(method, path, json=body, user="staff", headers=versioned)
    assert told.status_code == 200
    wanted = {"location_id": 1, "service_id": 11, "version": 4, "weight": 3}
    assert desk.last_request == wanted


def test_what_was_read_can_be_sent_back(desk: Front) -> None:
    read = desk.get("/api/v1/services/1/11", user="staff").json["data"]
    assert desk.put("/api/v1/services/1/11", json=read, user="staff").status_code == 200
    written = desk.last_request
    assert written["staff"][0] == {"staff_id": 3, **a.a_length_and_price(2700, 5000, 5500)}
    for name in ("title", "price_min_minor", "price_max_minor", "duration_seconds", "is_online"):
        assert written[name] == SERVICE[name]
    read = desk.get("/api/v1/staff/1/3", user="staff").json["data"]
    desk.services["auth"].methods["get_staff_user"] = lambda **_: {}
    back = {**read, "position_id": read["position"]["id"]}
    assert desk.put("/api/v1/staff/1/3", json=back, user="staff").status_code == 200
    written = desk.last_request
    for name in ("name", "weight", "is_online", "random_choice_allowed", "user_id", "api_id"):
        assert written[name] == STAFF[name]


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"price_min": -1},
        {"price_min": "much"},
        {"duration": -3600},
        {"duration": 299},
        {"discount": 101},
        {"prepaid": "maybe"},
        {"sex": 3},
        {"category_id": 0},
        {"staff": [{"id": 0}]},
        {"staff": [{"id": 3, "price": {"min": 5, "max": 4}}]},
        {"staff": [{"id": 3, "price": {"min": 5}}]},
        {"staff": "everybody"},
        {"title": "x\u202ey"},
    ],
)
def test_a_service_that_makes_no_sense_is_refused(desk: Front, body: dict[str, Any]) -> None:
    told = desk.put("/api/v1/services/1/11", json=body, user="staff")
    assert told.status_code == 422, told.text
    assert told.json["errors"]["fields"]
    assert desk.booking.received == []


def test_what_is_missing_is_named(desk: Front) -> None:
    told = desk.post("/api/v1/services/1", json={"price_min": 5}, user="staff").json["errors"]
    assert (told["reason"], set(told["fields"])) == ("field_missing", {"title", "category_id"})
    told = desk.post("/api/v1/staff/1", json={}, user="staff").json["errors"]
    assert (told["reason"], set(told["fields"])) == ("field_missing", {"name"})


def test_refusals_of_booking_get_their_status_and_fields(desk: Front) -> None:
    def refuse(**_: Any) -> None:
        raise NotFound("no_such_service", fields={"service_id": "11"})

    desk.answers("get_service", refuse)
    told = desk.get("/api/v1/services/1/11", user="staff")
    assert (told.status_code, told.json["errors"]["reason"]) == (404, "no_such_service")

    def busy(**_: Any) -> None:
        raise Conflict("appointments_to_come", params={"count": 3})

    desk.answers("dismiss_staff_member", busy)
    told = desk.delete("/api/v1/staff/1/3", user="staff")
    assert (told.status_code, told.json["errors"]["reason"]) == (409, "appointments_to_come")
    assert "3" in told.json["errors"]["message"]


def test_who_gives_what_is_said_one_by_one_and_at_once(desk: Front) -> None:
    path = "/api/v1/company/1/services/11/staff"
    made = desk.post(path, json={"master_id": 3, "seance_length": 2700, "price": 55}, user="staff")
    assert (made.status_code, made.json["data"]["price"]) == (201, 55)
    link = {"service_id": 11, "staff_id": 3}
    assert desk.last_request["links"] == [{**link, **a.a_length_and_price(2700, 5500, 5500)}]
    assert desk.last_request["must_exist"] is False
    assert desk.put(f"{path}/3", json={"length": 3600}, user="staff").status_code == 200
    assert desk.last_request["links"] == [{**link, **a.a_length_and_price(3600, None, None)}]
    assert desk.last_request["must_exist"] is True

    many = [{"service_id": 11, "master_id": 3}, {"service_id": 12, "team_member_id": 4}]
    for body in (many, {"services_links": many}):
        told = desk.post("/api/v1/company/1/services/links", json=body, user="staff")
        assert (told.status_code, told.json["meta"]) == (201, {"count": 2})
        assert [one["staff_id"] for one in desk.last_request["links"]] == [3, 4]
    for body in ([], [{"service_id": 11}], {"services_links": [{"master_id": 3}]}):
        refused = desk.post("/api/v1/company/1/services/links", json=body, user="staff")
        assert refused.status_code == 422


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/service_categories/1", "list_service_categories"),
        ("/api/v1/service_categories/1/0", "list_service_categories"),
        ("/api/v1/service_categories/1/2", "get_service_category"),
        ("/api/v1/company/1/service_categories", "list_service_categories"),
        ("/api/v1/company/1/service_categories/0", "list_service_categories"),
        ("/api/v1/chain/7/service_categories", "list_categories_of_business"),
    ],
)
def test_categories_are_listed_at_all_their_addresses(desk: Front, path: str, method: str) -> None:
    told = desk.get(path, user="staff").json
    assert (told["meta"], told["data"][0]["staff"]) == ({"count": 1}, [3, 4])
    assert desk.last_call["method"] == method


def test_a_category_is_written_in_the_contracts_words(desk: Front) -> None:
    body = {"title": "Hair", "weight": "3", "sex": 1, "api_id": ""}
    assert desk.post("/api/v1/service_categories/1", json=body, user="staff").status_code == 201
    told = {"title": "Hair", "weight": 3, "gender": "male", "api_id": None}
    assert desk.last_request == {"location_id": 1, **told}
    path = "/api/v1/service_category/1/2"
    assert desk.put(path, json={"weight": 4}, user="staff").headers["ETag"] == '"1"'
    assert desk.last_request["weight"] == 4
    assert desk.get(path, user="staff").json["data"]["title"] == "Hair"


@pytest.mark.parametrize("path", ["/api/v1/staff/1", "/api/v1/company/1/staff"])
def test_staff_are_listed_at_both_addresses(desk: Front, path: str) -> None:
    told = desk.get(f"{path}?with_deleted=1", user="staff").json
    assert (told["meta"], told["data"][0]["name"]) == ({"count": 1}, "Inès")
    assert desk.last_call["arguments"] == {"location_id": 1, "with_fired": True}
    assert desk.get(f"{path}/3", user="staff").json["data"]["is_bookable"] is True


@pytest.mark.parametrize("path", ["/api/v1/staff/1", "/api/v1/company/1/staff/quick"])
def test_somebody_is_taken_on_in_the_contracts_words(desk: Front, path: str) -> None:
    body = {"name": "Tom", "hidden": 1, "position_id": 0, "is_rating_shown": "0"}
    assert desk.post(path, json=body, user="staff").status_code == 201
    told = {"name": "Tom", "is_online": False, "position_id": None, "rating_shown": False}
    assert desk.last_request == {"location_id": 1, **told}


def test_somebody_goes_with_a_date_and_a_word_about_their_appointments(desk: Front) -> None:
    query = "dismissal_date=2026-11-30&dismissal_reason=Moved&future_appointments=cancel"
    gone = desk.delete(f"/api/v1/staff/1/3?{query}", user="staff")
    assert (gone.status_code, gone.data) == (204, b"")
    assert desk.last_request == {
        "location_id": 1,
        "staff_id": 3,
        "version": None,
        "last_day": "2026-11-30",
        "reason": "Moved",
        "future_appointments": "cancel",
    }
    refused = desk.delete("/api/v1/staff/1/3?future_appointments=burn", user="staff")
    assert refused.status_code == 422
    assert desk.delete("/api/v1/staff/1/3?dismissal_date=soon", user="staff").status_code == 422


def test_who_is_linked_must_be_a_user_who_works_there(desk: Front) -> None:
    def unknown(**_: Any) -> None:
        raise NotFound("staff_user_not_found")

    desk.auth.methods["get_staff_user"] = unknown
    told = desk.put("/api/v1/staff/1/3", json={"user_id": 99}, user="staff")
    assert (told.status_code, told.json["errors"]["reason"]) == (404, "staff_user_not_found")
    assert desk.booking.received == []
    desk.auth.methods["get_staff_user"] = lambda **_: {}
    assert desk.put("/api/v1/staff/1/3", json={"user_id": 31}, user="staff").status_code == 200
    assert desk.last_request["user_id"] == 31
    desk.put("/api/v1/staff/1/3", json={"user_id": 0}, user="staff")
    assert desk.last_request["user_id"] is None
    nothing = {"rehired": False, "dismissed": False, "last_day": None, "reason": ""}
    for body, wanted in (
        ({"name": "Ann"}, {}),
        ({"is_fired": False}, {"rehired": True}),
        ({"fired": 0, "is_fired": False}, {"rehired": True}),
        ({"fired": "1"}, {"dismissed": True}),
        ({"is_fired": True, "dismissal_reason": "Moved"}, {"dismissed": True, "reason": "Moved"}),
        ({"dismissal_date": "2026-12-31"}, {"last_day": "2026-12-31"}),
    ):
        desk.put("/api/v1/staff/1/3", json=body, user="staff")
        assert {name: desk.last_request[name] for name in nothing} == nothing | wanted
    asked = len(desk.booking.received)
    told = desk.put("/api/v1/staff/1/3", json={"fired": 1, "is_fired": False}, user="staff")
    assert told.json["errors"]["fields"].keys() == {"fired"}
    assert len(desk.booking.received) == asked


def test_positions_have_both_addresses(desk: Front) -> None:
    for path in ("/api/v1/positions/1", "/api/v1/company/1/staff/positions"):
        assert desk.get(path, user="staff").json["data"][0]["title"] == "Senior stylist"
    for path in ("/api/v1/positions/1", "/api/v1/company/1/positions/quick"):
        made = desk.post(path, json={"title": "Chief"}, user="staff")
        assert (made.status_code, desk.last_request["title"]) == (201, "Chief")


def test_a_location_is_opened_changed_and_closed(desk: Front) -> None:
    body = {"title": "Lyon", "city": "Lyon", "country_id": 250, "phone": "04 78 42 00 00"}
    made = desk.post("/api/v1/companies", json={**body, "group_id": 7}, user="staff")
    assert (made.status_code, made.json["data"]["id"]) == (201, 1)
    assert desk.last_request == {
        "business_id": 7,
        "title": "Lyon",
        "city": "Lyon",
        "country_code": "FR",
        "phones": ["04 78 42 00 00"],
    }
    body = {"coordinate_lng": 2.5, "reminds_sms_disabled": True, "booking_notify_text": ""}
    told = desk.put("/api/v1/company/1", json=body, user="staff", headers={"If-Match": "2"})
    assert told.headers["ETag"] == '"2"'
    assert desk.last_request == {
        "location_id": 1,
        "version": 2,
        "longitude": 2.5,
        "sms_reminders_enabled": False,
        "booking_notice": None,
    }
    gone = desk.delete("/api/v1/company/1?future_appointments=keep", user="staff")
    assert gone.status_code == 204
    closing = {"location_id": 1, "version": None, "future_appointments": "keep"}
    assert desk.last_request == closing


@pytest.mark.parametrize(
    "body",
    [
        {"country_id": 999},
        {"coordinate_lat": 91},
        {"title": ""},
        {"reminds_sms_default": -1},
        {"site": "javascript:alert(1)"},
        {"social": {"instagram": "data:text/html,x"}},
        {"logo": "logo.png"},
        {"photos": ["https://salon.example/1.jpg", "file:///etc/passwd"]},
    ],
)
def test_a_location_that_makes_no_sense_is_refused(desk: Front, body: dict[str, Any]) -> None:
    told = desk.put("/api/v1/company/1", json=body, user="staff")
    assert told.status_code == 422, told.text
    assert desk.booking.received == []


def test_addresses_are_those_that_people_write(desk: Front) -> None:
    social = {"telegram": "@salon", "viber": "viber://chat?number=1", "whatsapp": "+33 6 12 34"}
    for site in ("https://salon.example/a?b=c", "HTTP://salon.example", "salon.example", ""):
        told = desk.put("/api/v1/company/1", json={"site": site, "social": social}, user="staff")
        assert told.status_code == 200, told.text
        assert (desk.last_request["site"], desk.last_request["social"]) == (site, social)


def test_who_works_somewhere_is_told_what_they_may_do_there(desk: Front) -> None:
    told = desk.get("/api/v1/companies?my=1", user="staff").json["data"][0]
    assert desk.last_call["arguments"]["mine"] is True
    assert told["access"]["settings_edit"] is True
    assert desk.get("/api/v1/companies").json["data"][0]["access"] == {}
    asked = len(desk.booking.received)
    nothing = desk.get("/api/v1/companies?moderated=0").json
    assert (nothing["data"], nothing["meta"]["total_count"]) == ([], 0)
    assert len(desk.booking.received) == asked


def test_a_picture_is_redrawn_and_told_by_its_address(desk: Front) -> None:
    drawn = BytesIO()
    Image.new("RGB", (900, 300), "teal").save(drawn, "PNG")
    for path, name in (("services/1/11", SERVICE["image"]), ("staff/1/3", STAFF["avatar"])):
        drawn.seek(0)
        file = {"file": (BytesIO(drawn.getvalue()), "any.png")}
        told = desk.post(f"/api/v1/images/{path}", data=file, user="staff")
        assert told.status_code == 201, told.text
        assert told.json["data"]["image"].endswith(f"/images/{name}.jpg")
        with Image.open(BytesIO(base64.b64decode(desk.last_request["content"]))) as sent:
            assert (sent.format, sent.size) == ("JPEG", (512, 171))
        assert desk.delete(f"/api/v1/images/{path}", user="staff").status_code == 204
        assert desk.last_request["content"] is None
    broken = {"file": (BytesIO(b"no picture"), "any.png")}
    told = desk.post("/api/v1/images/services/1/11", data=broken, user="staff")
    assert (told.status_code, told.json["errors"]["reason"]) == (422, "photo_unreadable")


def test_a_picture_is_served_to_everybody_for_long(desk: Front) -> None:
    desk.answers("get_image", lambda **_: {"content": base64.b64encode(b"jpeg").decode()})
    served = desk._client.get(f"/images/{'ab' * 16}.jpg")
    assert (served.status_code, served.data, served.mimetype) == (200, b"jpeg", "image/jpeg")
    assert "immutable" in served.headers["Cache-Control"]
    assert desk._client.get("/images/short.jpg").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/v1/services/1/11", {"weight": 1}),
        ("POST", "/api/v1/company/1/services/links", [{"service_id": 11, "master_id": 3}]),
        ("PUT", "/api/v1/service_category/1/2", {"weight": 1}),
        ("PUT", "/api/v1/staff/1/3", {"weight": 1}),
        ("PUT", "/api/v1/company/1", {"group_priority": 1}),
        ("DELETE", "/api/v1/images/services/1/11", None),
    ],
)
def test_what_is_changed_is_seen_by_the_next_reader(
    desk: Front, method: str, path: str, body: Any
) -> None:
    desk.answers("list_bookable_services", lambda **_: a.a_catalogue())
    before = desk.app.extensions["answers"]
    desk.app.extensions["answers"] = Answers(60.0)
    try:
        for _ in range(2):
            desk.get("/api/v1/book_services/1")
        assert desk.open(method, path, json=body, user="staff").status_code < 300
        desk.get("/api/v1/book_services/1")
    finally:
        desk.app.extensions["answers"] = before
    asked = [call["method"] for call in desk.booking.received].count("list_bookable_services")
    assert asked == 2
