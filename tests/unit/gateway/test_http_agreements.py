"""Texts to accept over HTTP: shown, accepted before a code is sent, and asked for again."""

import pytest

from services.common.errors import Invalid
from tests import snapshots as a
from tests.unit.gateway.test_http_codes import SENT, asked, raising

YES = {"type": "privacy_policy", "version": 3}


@pytest.fixture(autouse=True)
def location(front):
    front.answers("get_location", lambda **_: a.a_location())


def documents(front, *found):
    front.auth.methods["list_documents"] = lambda **_: {"documents": list(found)}


def test_the_privacy_policy_of_a_location_is_shown(front):
    documents(front, a.a_document(), a.a_document(kind="user_agreement", version=4))

    told = front.get("/api/v1/privacy_policy/1/").json["data"]

    assert told["agreement"]["content"] == "<p>Nous gardons peu.</p>"
    assert told["agreement"]["version"] == 3


def test_where_there_is_none_its_content_is_empty(front):
    assert front.get("/api/v1/privacy_policy/1").json["data"]["agreement"]["content"] == ""


def test_a_booking_form_says_what_is_to_be_accepted(front):
    front.answers("get_booking_form", lambda **_: a.a_booking_form())
    assert front.get("/api/v1/bookform/1").json["data"]["is_show_privacy_policy"] is False
    documents(front, a.a_document())

    form = front.get("/api/v1/bookform/1").json["data"]

    assert form["is_show_privacy_policy"] is True
    assert form["agreements"] == [{**YES, "is_required": True}]


def test_what_is_accepted_travels_with_the_request_for_a_code(front):
    front.auth.methods["request_code"] = lambda **_: SENT

    body = {"phone": "+33612345678", "agreements": [YES]}
    assert front.post("/api/v1/book_code/1", json=body).status_code == 201

    [request] = asked(front, "request_code")
    assert request["agreements"] == [{"kind": "privacy_policy", "version": 3}]
    assert (request["location_id"], request["address"]) == (1, "127.0.0.1")


def test_a_consent_that_is_missing_is_named(front):
    missing = Invalid("consent_required", fields={"agreements.privacy_policy": "3"})
    front.auth.methods["request_code"] = raising(missing)

    refused = front.post("/api/v1/book_code/1", json={"phone": "+33612345678"})

    assert refused.status_code == 422
    assert refused.json["errors"]["reason"] == "consent_required"
    assert refused.json["errors"]["fields"] == {"agreements.privacy_policy": ["3"]}


@pytest.mark.parametrize(
    "agreements",
    ["yes", [YES, 1], [{"type": "privacy_policy"}], [{"type": "x", "version": 1}], [YES] * 21],
)
def test_a_consent_that_cannot_be_read_is_refused(front, agreements):
    body = {"phone": "+33612345678", "agreements": agreements}
    assert front.post("/api/v1/book_code/1", json=body).status_code == 422
    assert asked(front, "request_code") == []


def test_a_signed_in_client_sees_and_accepts_what_is_new(front):
    documents(front, a.a_document())
    front.auth.methods["agree"] = lambda **_: {}

    [shown] = front.get("/api/v1/user/agreements/1", user="client").json["data"]
    assert (shown["is_accepted"], shown["accepted_at"]) == (False, None)
    answer = front.post("/api/v1/user/agreements/1", user="client", json={"agreements": [YES]})

    assert answer.status_code == 201
    [request] = asked(front, "agree")
    assert request["agreements"] == [{"kind": "privacy_policy", "version": 3}]
