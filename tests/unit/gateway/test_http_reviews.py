"""Reviews and repeats over HTTP."""

from typing import Any

import pytest

from services.common.errors import Conflict, Forbidden, NotFound
from tests import snapshots as a
from tests.unit.gateway.conftest import Front

TOKEN = "17-" + "cd" * 16
FORM = f"/api/v1/master_record_review/{TOKEN}"


def test_the_form_shows_the_visit_to_whoever_has_the_link(front: Front) -> None:
    front.answers("get_review_form", lambda token: a.a_review_form(refusal="visit_not_over"))
    told = front.get(FORM)
    assert told.headers["Cache-Control"] == "no-store"
    form = told.json["data"]
    assert (form["is_review_submitted"], form["tips"]) == (False, [])
    assert (form["can_review"], form["reason"]) == (False, "visit_not_over")
    assert form["record"] == {"id": 17, "payed_cost": 45.0, "date": form["record"]["date"]}
    assert (form["currency"]["iso"], form["language"]["locale"]) == ("EUR", "fr-FR")
    assert form["master"]["rating"] == 4.8


def test_a_review_is_written_and_charges_nothing(front: Front) -> None:
    front.answers("review_by_link", lambda request: {"id": 4})
    told = front.post(FORM, json={"rating": "5", "text": None, "tips_amount": 0})
    assert (told.status_code, told.json["data"]["charge"]) == (200, {"url": None})
    said = {"rating": 5, "text": "", "name": "", "with_tips": False}
    assert front.last_request == {"token": TOKEN, **said}
    front.post(FORM, json={"rating": 5, "tips_amount": 2.5})
    assert front.last_request["with_tips"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "rating"),
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": 4.5}, "rating"),
        ({"rating": 5, "text": "x" * 5001}, "text"),
        ({"rating": 5, "text": "\u202e"}, "text"),
        ({"rating": 5, "name": "a\nb"}, "name"),
        ({"rating": 5, "tips_amount": -1}, "tips_amount"),
    ],
)
def test_a_bad_review_is_refused_with_the_field(front: Front, body: Any, field: str) -> None:
    told = front.post(FORM, json=body)
    assert told.status_code == 422
    assert field in told.json["errors"]["fields"]
    assert front.booking.received == []


def test_it_can_be_put_off(front: Front) -> None:
    front.answers("put_review_off", lambda request: {"ask_again_at": "2026-11-21T09:00:00Z"})
    told = front.post(f"{FORM}/later", json={"hours": 48})
    assert told.json["data"] == {"ask_again_at": "2026-11-21T09:00:00Z"}
    assert front.last_request == {"token": TOKEN, "hours": 48}
    assert front.post(f"{FORM}/later", json={"hours": 0}).status_code == 422


def test_comments_are_told_in_the_contracts_words(front: Front) -> None:
    unnamed = a.a_review(id=5, staff_id=None, name="")
    front.answers("list_reviews", lambda **_: {"items": [a.a_review(), unnamed], "total": 7})
    query = "?staff_id=3&rating=5&start_date=2026-11-01&end_date=2026-11-30&comment_id=4&count=2"
    told = front.get(f"/api/v1/comments/1{query}").json
    assert told["meta"] == {"count": 2, "page": 1, "total_count": 7}
    one, other = told["data"]
    assert (one["type"], one["master_id"], one["user_name"]) == (1, 3, "Camille")
    assert (other["type"], other["master_id"], other["user_name"]) == (0, 0, None)
    assert one["date"] == "2026-11-20 12:00:00"
    assert front.last_call["arguments"] == {
        "location_id": 1,
        "staff_id": 3,
        "review_id": 4,
        "from_day": "2026-11-01",
        "to_day": "2026-11-30",
        "rating": 5,
        "page": 1,
        "page_size": 2,
    }
    assert isinstance(front.get("/api/v1/comments/1", accept="*/*").json, list)


@pytest.mark.parametrize("query", ["rating=6", "start_date=soon", "page=x", "staff_id=-1"])
def test_bad_filters_are_refused(front: Front, query: str) -> None:
    assert front.get(f"/api/v1/comments/1?{query}").status_code == 422
    assert front.booking.received == []


@pytest.mark.parametrize(("staff_id", "told_id"), [(0, None), (3, 3)])
def test_a_client_reviews_staff_or_location(front: Front, staff_id: int, told_id: Any) -> None:
    front.answers("review_visit", lambda request: a.a_review())
    body = {"mark": 4, "text": "Good", "name": "Camille"}
    told = front.post(f"/api/v1/comments/1/{staff_id}", json=body, user="client")
    assert told.status_code == 201
    said = {"rating": 4, "text": "Good", "name": "Camille"}
    assert front.last_request == {"location_id": 1, "staff_id": told_id, **said}
    assert front.post(f"/api/v1/comments/1/{staff_id}", json=body).status_code == 401


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Conflict("already_reviewed"), 409),
        (Forbidden("no_visit_to_review"), 403),
        (Forbidden("visit_not_over"), 403),
        (NotFound("review_link_unknown"), 404),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr", "es", "de", "ru"])
def test_refusals_have_their_own_words(
    front: Front, refusal: Any, status: int, language: str
) -> None:
    def refuse(**_: Any) -> None:
        raise refusal

    front.answers("review_by_link", refuse)
    told = front.post(FORM, json={"rating": 5}, headers={"Accept-Language": language})
    assert told.status_code == status
    assert told.json["errors"]["reason"] == refusal.code
    assert told.json["meta"]["message"] not in ("", refusal.code)


def test_staff_hide_and_answer(front: Front) -> None:
    hidden = a.a_review(hidden_at="2026-11-20T12:00:00Z", hidden_reason="Insults")
    for method in ("hide_review", "show_review_again", "answer_review"):
        front.answers(method, lambda request: hidden)
    path = "/api/v1/company/1/reviews/4"
    told = front.put(f"{path}/hidden", json={"reason": "Insults"}, user="staff").json["data"]
    assert (told["hidden"], told["hidden_reason"]) == (True, "Insults")
    assert front.last_request == {"location_id": 1, "review_id": 4, "reason": "Insults"}
    assert front.delete(f"{path}/hidden", user="staff").status_code == 200
    front.put(f"{path}/answer", json={"text": "Thanks"}, user="staff")
    assert front.last_request["text"] == "Thanks"
    assert front.put(f"{path}/hidden", json={}, user="staff").status_code == 422


def test_a_repeat_says_what_to_prefill_and_what_is_gone(front: Front) -> None:
    front.answers("get_repeat", lambda **_: a.a_repeat())
    told = front.get("/api/v1/user/records/17/repeat", user="client").json["data"]
    assert told["is_possible"] is True
    assert told["appointment"] == {
        "services": [11],
        "staff_id": 0,
        "custom_fields": {"note": "no dye"},
    }
    assert (told["staff"]["is_offered"], told["staff"]["reason"]) == (False, "staff_fired")
    assert [one["reason"] for one in told["services"]] == [None, "service_archived"]
