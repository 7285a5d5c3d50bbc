"""Loyalty cards and messages over HTTP: asked of two services, once each."""

from typing import Any

import pytest

from services.common.errors import NotFound
from tests import snapshots as a

LIST = {"items": [a.a_message()], "total": 41, "unread": 7}


@pytest.fixture
def home(front: Any) -> Any:
    """A client whom booking knows as two clients."""
    front.answers("list_own_client_ids", lambda **_: {"client_ids": [5, 6]})
    front.answers("get_location", lambda **_: a.a_location())
    front.loyalty.methods["list_cards"] = lambda **_: {"cards": [a.a_loyalty_card()]}
    front.notify.methods |= {
        "list_inbox": lambda **_: LIST,
        "mark_read": lambda **_: {},
        "mark_all_read": lambda **_: {"marked": 2},
        "delete_message": lambda **_: {},
    }
    return front


def last_of_notify(front: Any) -> tuple[str, dict[str, Any]]:
    call = front.notify.received[-1]
    return call["method"], call["arguments"]


@pytest.mark.parametrize(
    ("path", "business_id"),
    [
        ("/api/v1/user/loyalty_cards/7", 7),
        ("/api/v1/user/loyalty_cards/7/1/", 7),
        ("/api/v1/user/loyalty_cards/0/1", 7),
        ("/api/v1/user/loyalty_cards/0", None),
    ],
)
def test_cards_of_a_chain_of_a_lone_location_or_all(home, path, business_id):
    response = home.get(path, user="client")
    assert response.json["meta"] == {"count": 1}
    assert [card["balance"] for card in response.json["data"]] == [2.27]
    assert home.get(path, user="client", accept="*/*").json == response.json["data"]
    asked = home.loyalty.received[-1]["arguments"]
    assert asked == {"client_ids": [5, 6], "business_id": business_id}
    assert home.last_call["arguments"] == {"business_id": business_id}


def test_messages_are_listed_with_how_many_are_unread(home):
    enveloped = home.get("/api/v1/user/notifications/", user="client").json
    assert enveloped["meta"] == {"page": 1, "total_count": 41, "unread_count": 7}
    assert [message["id"] for message in enveloped["data"]] == [51]
    bare = home.get("/api/v1/user/notifications", user="client", accept="*/*").json
    assert bare == {"count": 41, "unread_count": 7, "data": enveloped["data"]}
    assert last_of_notify(home) == (
        "list_inbox",
        {"client_ids": [5, 6], "page": 1, "page_size": 50, "category": None},
    )


def test_messages_of_a_category_page_by_page(home):
    query = "category=deleted_record&page=2&count=1000"
    home.get(f"/api/v1/user/notifications?{query}", user="client")
    _, asked = last_of_notify(home)
    assert asked["category"] == "cancelled_appointment"
    assert (asked["page"], asked["page_size"]) == (2, 200)


@pytest.mark.parametrize(
    ("method", "path", "status", "called"),
    [
        ("POST", "51/read", 200, ("mark_read", {"client_ids": [5, 6], "message_id": 51})),
        ("POST", "read_all", 200, ("mark_all_read", {"client_ids": [5, 6]})),
        ("DELETE", "51", 204, ("delete_message", {"client_ids": [5, 6], "message_id": 51})),
    ],
)
def test_messages_are_read_and_deleted(home, method, path, status, called):
    response = home.open(method, f"/api/v1/user/notifications/{path}", user="client")
    assert response.status_code == status
    name, arguments = last_of_notify(home)
    assert (name, arguments["request"]) == called


def test_somebody_elses_message_is_not_found(home):
    def refuse(**_: Any) -> None:
        raise NotFound("message_not_found")

    home.notify.methods["mark_read"] = refuse
    response = home.post("/api/v1/user/notifications/52/read", user="client")
    assert (response.status_code, response.json["errors"]["reason"]) == (404, "message_not_found")


@pytest.mark.parametrize(
    "path", ["/api/v1/user/loyalty_cards/7", "/api/v1/user/notifications", "/api/v1/user/records"]
)
@pytest.mark.parametrize(
    ("user", "status", "reason"), [(None, 401, "unauthenticated"), ("staff", 403, "forbidden")]
)
def test_only_clients_have_cards_messages_and_visits(home, path, user, status, reason):
    response = home.get(path, user=user)
    assert (response.status_code, response.json["errors"]["reason"]) == (status, reason)
    assert home.booking.received == home.loyalty.received == home.notify.received == []
